"""All actions that are understood here."""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from wharf.doctor.way.actions.bake import bake
from wharf.doctor.way.actions.build_push import build_push
from wharf.doctor.way.actions.copying import buildah_build, kaniko_action, not_understood, push_to_registry
from wharf.doctor.way.actions.deploying import INPUTS, deploying
from wharf.doctor.way.actions.metadata import metadata
from wharf.doctor.way.actions.remote_shell import remote_shell
from wharf.doctor.way.actions.told import Told
from wharf.doctor.way.deed import Deed, Doing
from wharf.formats.event import Event
from wharf.formats.pipeline import ActionRun
from wharf.formats.text import Text

_CONTAINER: Final = "docker://"
_OWN: Final = ("docker/", "actions/", "./")
"""Whose other actions push nothing, and those of the repository, which are followed."""
_may_push = re.compile(
    r"(?:build.*push|docker.*(?:publish|push|build)|(?:publish|push).*docker|kaniko|buildah|container-image)"
).search
_ACTIONS: Final[Mapping[str, Callable[[ActionRun], Told]]] = MappingProxyType(
    {
        "docker/build-push-action": build_push,
        "docker/bake-action": bake,
        "docker/metadata-action": metadata,
        "crazy-max/ghaction-docker-meta": metadata,
        "redhat-actions/buildah-build": buildah_build,
        "redhat-actions/push-to-registry": push_to_registry,
        "aevea/action-kaniko": kaniko_action,
        **dict.fromkeys(INPUTS, deploying),
    }
)


def action_acts(used: ActionRun, event: Event) -> Told:
    if used.uses.startswith(_CONTAINER):
        return Told((Deed(Doing.ASKS, Text.known(used.uses), "uses"),))
    if used.name == "appleboy/ssh-action":
        return remote_shell(used, event)
    if used.name in _ACTIONS:
        return _ACTIONS[used.name](used)
    return not_understood(used) if not used.name.startswith(_OWN) and _may_push(used.name) else Told()
