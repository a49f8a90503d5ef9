"""A workflow of GitHub Actions as it is written: what starts it, its jobs, their steps. Nothing in it is filled in yet.

Every part keeps the mapping that it was read from, with keys that are not known here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from types import MappingProxyType

from wharf.formats.span import Span
from wharf.formats.text import Text
from wharf.formats.yaml.tree import Map, Node, Scalar


def _nothing() -> Mapping[str, Text]:
    return MappingProxyType({})


class Wrong(Enum):
    """What form is missed. `subject` of a flaw is what is named in angle brackets here."""

    NO_TRIGGER = "no trigger"
    NO_JOBS = "no jobs"
    UNKNOWN_EVENT = "unknown event"
    """There is no event <name>."""
    UNKNOWN_KEY = "unknown key"
    """<key> means nothing at this place."""
    REPEATED_KEY = "repeated key"
    """<key> stands there twice."""
    NOT_A_MAP = "not a map"
    """<key> needs keys with values."""
    NOT_A_TEXT = "not a text"
    """<key> needs one word or text."""
    JOB_WITHOUT_WORK = "job without work"
    """The job <id> has neither steps nor uses."""
    JOB_WITHOUT_MACHINE = "job without machine"
    """The job <id> has steps, but no runs-on."""
    STEP_WITHOUT_WORK = "step without work"
    """A step has neither uses nor run."""
    STEP_WITH_BOTH = "step with both"
    """A step has uses and run."""
    BAD_ID = "bad id"
    """<id> is no name for a job or a step."""
    SAME_ID = "same id"
    """<id> names two steps of one job."""
    BOTH_FILTERS = "both filters"
    """<key> and its sister with -ignore stand together."""


@dataclass(frozen=True)
class Flaw:
    """Something that has not the form which GitHub asks for. GitHub refuses the whole workflow then."""

    span: Span
    wrong: Wrong
    subject: str = ""


@dataclass(frozen=True)
class Asks:
    """An input of a workflow or an action."""

    name: str
    span: Span
    type: str = "string"
    default: Node | None = None
    is_required: bool = False


@dataclass(frozen=True)
class Filter:
    """Patterns of branches, tags or paths. `ignores`: it is `branches-ignore` and the like."""

    patterns: tuple[Text, ...]
    span: Span
    ignores: bool = False


@dataclass(frozen=True)
class Trigger:
    """One event under `on`. A filter that is not written is None."""

    name: Text
    """In small letters: `push`."""
    span: Span
    tree: Map | None = None
    branches: Filter | None = None
    tags: Filter | None = None
    paths: Filter | None = None
    types: tuple[Text, ...] | None = None
    inputs: Mapping[str, Asks] = field(default_factory=lambda: MappingProxyType({}), hash=False)
    """By names in small letters, of `workflow_dispatch` and `workflow_call`."""
    outputs: Mapping[str, Text] = field(default_factory=_nothing, hash=False)
    """Of `workflow_call`."""
    workflows: tuple[Text, ...] = ()
    """Of `workflow_run`."""


@dataclass(frozen=True)
class Permissions:
    """What the token of a job may do. As soon as one right is written, all others are `none`."""

    span: Span
    everything: str = "none"
    """`read` for `read-all`, `write` for `write-all`."""
    rights: Mapping[str, Text] = field(default_factory=_nothing, hash=False)

    def of(self, right: str) -> str:
        """`packages` gives `write`, `read` or `none`."""
        return self.rights[right].flat if right in self.rights else self.everything


@dataclass(frozen=True)
class Defaults:
    """`defaults.run`."""

    shell: Text | None = None
    folder: Text | None = None


@dataclass(frozen=True)
class Step:
    """`uses` or `run`; where neither is written, it is a flaw of the workflow."""

    span: Span
    tree: Map
    id: str = ""
    name: Text | None = None
    condition: Text | None = None
    uses: Text | None = None
    run: Text | None = None
    inputs: Mapping[str, Text] = field(default_factory=_nothing, hash=False)
    """`with`, by names in small letters."""
    environment: Mapping[str, Text] = field(default_factory=_nothing, hash=False)
    shell: Text | None = None
    folder: Text | None = None


@dataclass(frozen=True)
class Job:
    """Has steps, or `uses` a reusable workflow."""

    id: str
    key: Scalar
    span: Span
    """From its key to its end."""
    tree: Map
    name: Text | None = None
    needs: tuple[Text, ...] = ()
    condition: Text | None = None
    machine: tuple[Text, ...] = ()
    matrix: Node | None = None
    environment: Mapping[str, Text] = field(default_factory=_nothing, hash=False)
    defaults: Defaults = field(default_factory=Defaults)
    permissions: Permissions | None = None
    image: Text | None = None
    services: Mapping[str, Text] = field(default_factory=_nothing, hash=False)
    """Images, by the names of the services."""
    outputs: Mapping[str, Text] = field(default_factory=_nothing, hash=False)
    steps: tuple[Step, ...] = ()
    uses: Text | None = None
    given: Map | None = None
    """`with`, for the workflow that it uses; its values have types."""

    def step(self, id_: str) -> Step | None:
        return next((step for step in self.steps if step.id == id_), None)


@dataclass(frozen=True)
class Workflow:
    file: str
    tree: Map
    name: Text | None = None
    triggers: tuple[Trigger, ...] = ()
    environment: Mapping[str, Text] = field(default_factory=_nothing, hash=False)
    defaults: Defaults = field(default_factory=Defaults)
    permissions: Permissions | None = None
    jobs: tuple[Job, ...] = ()
    flaws: tuple[Flaw, ...] = ()

    def job(self, id_: str) -> Job | None:
        return self._by_id.get(id_)

    def trigger(self, name: str) -> Trigger | None:
        return next((trigger for trigger in self.triggers if trigger.name.flat == name), None)

    def permissions_of(self, job: Job) -> Permissions | None:
        """None, where the settings of the repository decide."""
        return job.permissions or self.permissions

    @cached_property
    def _by_id(self) -> dict[str, Job]:
        return {job.id: job for job in self.jobs}


@dataclass(frozen=True)
class Action:
    """An action that stands in the repository: its `action.yml`."""

    file: str
    tree: Map
    using: str
    """`composite`, `docker`, `node20` and so on, in small letters."""
    inputs: Mapping[str, Asks] = field(default_factory=lambda: MappingProxyType({}), hash=False)
    """By names in small letters."""
    outputs: Mapping[str, Text] = field(default_factory=_nothing, hash=False)
    steps: tuple[Step, ...] = ()
    flaws: tuple[Flaw, ...] = ()
