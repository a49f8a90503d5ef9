"""What a CI system does because of an event: jobs, their steps, and what each step does, with all that is known put in.

GitHub's workflows and GitLab's pipelines come to the same: commands of a shell, and actions that are used by name.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from wharf.formats.hole import Hole
from wharf.formats.shell.ran import Certainty, Followed, Ran
from wharf.formats.span import Span
from wharf.formats.text import Text


def _nothing() -> Mapping[str, Text]:
    return MappingProxyType({})


@dataclass(frozen=True)
class ActionRun:
    """An action that is used: `docker/build-push-action@v6` with its inputs."""

    uses: str
    """As it is written, with its release."""
    inputs: Mapping[str, Text] = field(default_factory=_nothing, hash=False)
    """By names in small letters. Only what is given: defaults of the action are not among them."""
    outputs: Mapping[str, Text] = field(default_factory=_nothing, hash=False)
    environment: Mapping[str, Text] = field(default_factory=_nothing, hash=False)
    names: tuple[Text, ...] = ()
    """References that it puts together for others, where it is known which."""
    failure: Hole | None = None
    """Why it fails, where it surely does."""

    @property
    def name(self) -> str:
        """`docker/build-push-action`, in small letters."""
        return self.uses.partition("@")[0].lower()

    @property
    def release(self) -> str:
        return self.uses.partition("@")[2]


@dataclass(frozen=True)
class StepRun:
    """One step that is (perhaps) taken. `deed` is the action, or the script as it was followed."""

    span: Span
    deed: ActionRun | Followed
    id: str = ""
    name: Text | None = None
    certainty: Certainty = Certainty.ALWAYS
    via: tuple[Span, ...] = ()
    """Where the actions of the repository are used that the step stands in, the outermost first."""

    @property
    def commands(self) -> tuple[Ran, ...]:
        return self.deed.ran if isinstance(self.deed, Followed) else ()


@dataclass(frozen=True)
class JobRun:
    """One job, once for each combination of its matrix. `job` is the name that the file gives it."""

    file: str
    job: str
    span: Span
    steps: tuple[StepRun, ...] = ()
    certainty: Certainty = Certainty.ALWAYS
    machine: tuple[Text, ...] = ()
    """`runs-on`, or the tags that a runner must have."""
    image: Text | None = None
    """The container that the job runs in."""
    services: tuple[Text, ...] = ()
    outputs: Mapping[str, Text] = field(default_factory=_nothing, hash=False)
    matrix: Mapping[str, Text] = field(default_factory=_nothing, hash=False)
    undecided: tuple[Hole, ...] = ()
    via: tuple[Span, ...] = ()
    """Where a reusable workflow was called that the job stands in."""
