"""A flaw is a place where an image contradicts itself, or does what no honest image does."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from wharf.errors import ImageBroken


class Gravity(Enum):
    """A broken image is refused or read in two ways by somebody; a strange one works, and is worth a look."""

    BROKEN = "broken"
    STRANGE = "strange"


@dataclass(frozen=True, slots=True)
class Flaw:
    """`where`: the manifest, configuration or layer it was found in."""

    where: str
    text: str
    gravity: Gravity = Gravity.BROKEN

    def __str__(self) -> str:
        return f"{self.where}: {self.text}"


def refuse_broken(called: str, flaws: Sequence[Flaw]) -> None:
    broken = [str(flaw) for flaw in flaws if flaw.gravity is Gravity.BROKEN]
    if broken:
        raise ImageBroken(called, broken)
