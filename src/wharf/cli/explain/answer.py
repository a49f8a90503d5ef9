"""All that is answered to a text: its failures explained, what follows from them, and what it comes near if unknown."""

from dataclasses import dataclass

from wharf.doctor.diagnosis import Role
from wharf.doctor.explanation import Explanation
from wharf.doctor.nearest import Near
from wharf.doctor.origin import Origin


@dataclass(frozen=True, slots=True)
class Answered:
    explanation: Explanation
    role: Role


@dataclass(frozen=True, slots=True)
class Answer:
    """`failures`: the decisive one first, then those of their own. `others` follow from them, or are only remarks.

    `aimless`: nobody says which registry it is about.
    """

    failures: tuple[Answered, ...] = ()
    others: tuple[Answered, ...] = ()
    nearest: tuple[Near, ...] = ()
    origin: Origin | None = None
    offline: bool = False
    aimless: bool = False
