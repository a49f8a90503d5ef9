"""What a text says went wrong: the failure that decides, what merely follows from it, what else failed, and remarks."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import BinaryIO, Final

from wharf.doctor.facts import Facts
from wharf.doctor.matching import Match, matches
from wharf.doctor.nearest import Near
from wharf.doctor.origin import Here, Origin
from wharf.doctor.pattern import Weight
from wharf.doctor.signature import Signature

_NO_FACTS: Final = Facts()
_ANY_MACHINE: Final = Here()


class Role(Enum):
    """What a recognised failure is to the whole text."""

    DECISIVE = "decisive"
    SEPARATE = "separate"
    """It failed too, for a reason of its own."""
    CONSEQUENCE = "consequence"
    """It would not have happened without another one."""
    REMARK = "remark"
    """It stops nobody."""


@dataclass(frozen=True, slots=True)
class Told:
    """`log`: some lines around the match, without colours."""

    match: Match
    role: Role
    log: str = ""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """`told` is best first; `nearest` has something in it only where nothing was recognised."""

    told: tuple[Told, ...] = ()
    nearest: tuple[Near, ...] = ()
    origin: Origin | None = None

    @property
    def decisive(self) -> Told | None:
        return self.told[0] if self.told else None


def diagnosis(
    text: str, signatures: Iterable[Signature], facts: Facts = _NO_FACTS, here: Here = _ANY_MACHINE
) -> Diagnosis:
    found = matches(text, signatures, facts)
    return Diagnosis(told=tuple(Told(match, _role(match, first=not place)) for place, match in enumerate(found)))


def diagnosis_of(
    log: BinaryIO, signatures: Iterable[Signature], facts: Facts = _NO_FACTS, here: Here = _ANY_MACHINE
) -> Diagnosis:
    """The same of a log that is read piece by piece, in whatever encoding it is."""
    return diagnosis(log.read().decode("utf-8", "replace"), signatures, facts, here)


def _role(match: Match, *, first: bool) -> Role:
    if match.weight is Weight.REMARK:
        return Role.REMARK
    if match.weight is Weight.CONSEQUENCE and not first:
        return Role.CONSEQUENCE
    return Role.DECISIVE if first else Role.SEPARATE
