"""Actions of others whose doings are known here, and those that are known to leave the environment alone."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from wharf.formats.event import Event
from wharf.formats.github.metadata.action import Metadata, describe
from wharf.formats.hole import Hole
from wharf.formats.pipeline import ActionRun
from wharf.formats.text import Text


def _nothing() -> Mapping[str, Text]:
    return MappingProxyType({})


@dataclass(frozen=True)
class Effect:
    """What an action does to the steps after it. Outputs that are not named are not known."""

    outputs: Mapping[str, Text] = field(default_factory=_nothing, hash=False)
    exported: Mapping[str, Text] = field(default_factory=_nothing, hash=False)
    may_export_more: bool = True
    failure: str | None = None
    names: tuple[Text, ...] = ()
    undecided: tuple[Hole, ...] = ()


_LEAVE_THE_ENVIRONMENT: Final = frozenset(
    {"docker", "actions", "github", "hadolint", "aquasecurity", "anchore", "sigstore", "azure", "appleboy", "codecov"}
    | {"dorny", "softprops", "peter-evans", "gradle", "crazy-max", "depot", "step-security", "imranismail", "helm"}
)
"""Owners whose actions export nothing that a script of a repository would ask for by a name of its own."""
_EXPORT_ANYTHING: Final = frozenset({"actions/github-script"})


def effect_of(action: ActionRun, event: Event) -> Effect:
    if action.name == "docker/metadata-action":
        return _of_metadata(describe(action.inputs, event, action.release, action.environment))
    owner = action.name.partition("/")[0]
    return Effect(may_export_more=owner not in _LEAVE_THE_ENVIRONMENT or action.name in _EXPORT_ANYTHING)


def _of_metadata(metadata: Metadata) -> Effect:
    return Effect(
        outputs=metadata.outputs,
        exported=metadata.environment,
        may_export_more=False,
        failure=metadata.failure,
        names=metadata.tags,
        undecided=metadata.undecided,
    )
