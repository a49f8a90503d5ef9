"""The way of a repository's images as a whole: what may happen to it, and what each such event pushes and asks for.

A deployment asks for a reference; somebody must have pushed exactly that one before. Each asked reference has its fate
here, with what meets it, or with what comes nearest to it.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Final

from wharf.doctor.way.reference import Asked, Pushed
from wharf.formats.event import Event
from wharf.formats.hole import Hole
from wharf.formats.pipeline import JobRun
from wharf.formats.text import Text


class Fate(Enum):
    """What becomes of an asked reference."""

    PUSHED = "pushed"
    """CI pushes it."""
    HELD = "held"
    """CI does not push it, but the registry has it."""
    PERHAPS = "perhaps"
    """It cannot be decided."""
    FOREIGN = "foreign"
    """It is an image of somebody else: nothing here pushes to that repository."""
    LOST = "lost"
    """CI pushes it for the commit that is looked at, and the registry does not have it."""
    NEVER_PUSHED = "never pushed"
    """CI does not push it, and as far as anybody looked, the registry does not have it."""


class Gap(Enum):
    """In what a reference that is there differs from the one that is asked for."""

    PREFIX = "prefix"
    """The same, but for something before it: `main-453a654` and `453a654`."""
    SUFFIX = "suffix"
    LENGTH = "length"
    """The same commit with another number of digits."""
    LENGTH_AND_AFFIX = "length and affix"
    """The same commit with another number of digits, and with something around it: `sha-453a654`."""
    VERSION_PREFIX = "v"
    """`v1.2.3` and `1.2.3`."""
    CAPITALS = "capitals"
    REPOSITORY = "repository"
    """The same tag in another repository."""
    REGISTRY = "registry"
    """The same repository in another registry."""
    REVISION = "revision"
    """Another tag, on an image of the same commit."""
    OTHER = "other"


@dataclass(frozen=True)
class Near:
    """A reference that is pushed, or held, and that is like the one that is asked for. The nearest comes first."""

    gap: Gap
    reference: Text
    pushed: Pushed | None = None
    """None, where only the registry knows of it."""


@dataclass(frozen=True)
class Answer:
    """What is said to one asked reference. `event`: the one that it was looked at for."""

    asked: Asked
    fate: Fate
    event: Event
    by: tuple[Pushed, ...] = ()
    """What meets it."""
    near: tuple[Near, ...] = ()
    """Where nothing meets it."""
    hidden_by: tuple[Asked, ...] = ()
    """What is asked for instead when it is not there, so that nobody notices."""


BROKEN: Final = frozenset({Fate.NEVER_PUSHED, Fate.LOST})


@dataclass(frozen=True)
class Turn:
    """One event and all that comes of it."""

    event: Event
    jobs: tuple[JobRun, ...] = ()
    pushed: tuple[Pushed, ...] = ()
    """In the order of the files, jobs and steps."""
    answers: tuple[Answer, ...] = ()

    @property
    def breaks(self) -> tuple[Answer, ...]:
        return tuple(answer for answer in self.answers if answer.fate in BROKEN)


@dataclass(frozen=True)
class Way:
    """`standing`: answers to what files ask for as they are, whatever happens."""

    turns: tuple[Turn, ...] = ()
    standing: tuple[Answer, ...] = ()

    @property
    def answers(self) -> tuple[Answer, ...]:
        return (*(answer for turn in self.turns for answer in turn.answers), *self.standing)

    @property
    def pushed(self) -> tuple[Pushed, ...]:
        return tuple(pushed for turn in self.turns for pushed in turn.pushed)

    @property
    def breaks(self) -> tuple[Answer, ...]:
        """Where the way is broken."""
        return tuple(answer for answer in self.answers if answer.fate in BROKEN)


@dataclass(frozen=True)
class JobTags:
    """What one job of one workflow names for an event, in the order in which its steps do."""

    file: str
    job: str
    references: tuple[Text, ...] = ()
    """Whole ones; without holes."""
    undecided: tuple[Hole, ...] = ()
    """Why there may be more references, or other ones."""
    is_pushed: bool = True
    """Not so, where tags are made and nobody pushes them."""
