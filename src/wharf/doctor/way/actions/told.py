"""What the use of one action tells: what it does with images, and what it only puts together for others."""

from dataclasses import dataclass

from wharf.doctor.way.deed import Act
from wharf.formats.hole import Hole
from wharf.formats.shell.ran import Certainty, Followed
from wharf.formats.text import Text


@dataclass(frozen=True)
class Told:
    acts: tuple[Act, ...] = ()
    named: tuple[Text, ...] = ()
    target: str = ""
    """The target of bake files for which the names are."""
    followed: Followed | None = None
    """A script that it runs, perhaps on another machine."""
    undecided: tuple[Hole, ...] = ()
    failure: Hole | None = None
    certainty: Certainty = Certainty.ALWAYS


def lines_and_commas(text: Text | None) -> tuple[Text, ...]:
    """The parts of a list as most inputs are written: at line ends and at commas."""
    if text is None:
        return ()
    parts = (part.stripped() for line in text.split("\n") for part in line.split(","))
    return tuple(part for part in parts if part)
