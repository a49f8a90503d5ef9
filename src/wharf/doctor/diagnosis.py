"""What a text says went wrong: the failure that decides, what merely follows from it, what else failed, and remarks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from io import BytesIO
from typing import BinaryIO, Final

from wharf.doctor.course import Course
from wharf.doctor.facts import Facts
from wharf.doctor.looking import look
from wharf.doctor.matching import Match, ranked, shown_by
from wharf.doctor.nearest import Near, nearest
from wharf.doctor.origin import Here, Origin, origin_of
from wharf.doctor.pattern import Weight
from wharf.doctor.recognised import Sighting
from wharf.doctor.signature import Signature, SignatureId

_NO_FACTS: Final = Facts()
_ANY_MACHINE: Final = Here()
_LINES_TO_TRY_AGAIN: Final = 12
_LINES_BEFORE_THE_END: Final = 60
_LINES_OF_ONE_TROUBLE: Final = 20


class Role(Enum):
    """What a recognised failure is to the whole text."""

    DECISIVE = "decisive"
    SEPARATE = "separate"
    """It failed too, for a reason of its own."""
    CONSEQUENCE = "consequence"
    """It would not have happened without another one."""
    REMARK = "remark"
    """It stops nobody."""


_ORDER: Final = tuple(Role)


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
    return diagnosis_of(BytesIO(text.encode("utf-8", "replace")), signatures, facts, here)


def diagnosis_of(
    log: BinaryIO, signatures: Iterable[Signature], facts: Facts = _NO_FACTS, here: Here = _ANY_MACHINE
) -> Diagnosis:
    """The same of a log that is read piece by piece, in whatever encoding it is."""
    known = tuple(signatures)
    looked = look(log, [one for one in known if not one.is_silent])
    told = told_of(looked.sightings, looked.course, shown_by(facts, known))
    near = () if told else nearest(looked.end.text.decode("utf-8", "replace"), known, looked.end.first_line)
    return Diagnosis(told, near, origin_of(looked.origins, here))


def told_of(sightings: Iterable[Sighting], course: Course, silent: Iterable[Match] = ()) -> tuple[Told, ...]:
    """Best first: the decisive failure, other failures, what follows from them, what stops nobody."""
    seen = ranked(list(sightings))
    roles = {one.match.signature.id: _role(one, seen, course) for one in seen}
    failures = [one for one in seen if roles[one.match.signature.id] is Role.SEPARATE]
    decisive = _decisive(failures or _first_to_follow(seen, roles), course)
    if decisive is not None:
        roles[decisive.match.signature.id] = Role.DECISIVE
    told = [Told(one.match, roles[one.match.signature.id], one.log) for one in seen]
    return (*sorted(told, key=lambda one: _ORDER.index(one.role)), *_of_silent(silent, roles))


def _role(sighting: Sighting, seen: Sequence[Sighting], course: Course) -> Role:
    """Whichever of them decides is still to be said."""
    match = sighting.match
    others = [one.match.signature for one in seen if one is not sighting]
    if course.went_well_after(sighting.last_line, _LINES_TO_TRY_AGAIN) or _is_an_echo_beside(sighting, seen):
        return Role.REMARK
    if match.weight is Weight.REMARK:
        return Role.SEPARATE if any(match.signature.id in one.follows for one in others) else Role.REMARK
    if match.weight is Weight.CONSEQUENCE or match.signature.follows & {one.id for one in others}:
        return Role.CONSEQUENCE
    is_outranked = any(match.signature.id in one.outranks for one in others)
    return Role.CONSEQUENCE if is_outranked or _is_told_better(sighting, seen) else Role.SEPARATE


def _is_an_echo_beside(sighting: Sighting, seen: Sequence[Sighting]) -> bool:
    """A script said it, and a program said something else."""
    return sighting.is_an_echo and not all(one.is_an_echo for one in seen)


def _is_told_better(sighting: Sighting, seen: Sequence[Sighting]) -> bool:
    """One message is one failure, whatever else may be read from it."""
    better = seen[: seen.index(sighting)]
    return any(one.message == sighting.message and one.match.weight is Weight.FAILURE for one in better)


def _first_to_follow(seen: Sequence[Sighting], roles: dict[SignatureId, Role]) -> list[Sighting]:
    """Where there are only consequences, something that is not known has failed before them."""
    return [one for one in seen if roles[one.match.signature.id] is Role.CONSEQUENCE][:1]


def _decisive(failures: Sequence[Sighting], course: Course) -> Sighting | None:
    """The first of those that stand together before a job's end; without one, the first of all."""
    for end in reversed(course.ended()):
        before = [one for one in failures if 0 <= end - one.last_line <= _LINES_BEFORE_THE_END]
        if before:
            return _first_of_one_trouble(before)
    return failures[0] if failures else None


def _first_of_one_trouble(failures: Sequence[Sighting]) -> Sighting:
    """From the last one back, as long as the next is not far."""
    inwards = sorted(failures, key=lambda one: one.message, reverse=True)
    first = inwards[0]
    for one in inwards[1:]:
        if first.message - one.last_line > _LINES_OF_ONE_TROUBLE:
            break
        first = one
    return next(one for one in failures if one.message == first.message)


def _of_silent(silent: Iterable[Match], roles: dict[SignatureId, Role]) -> list[Told]:
    new = [match for match in silent if match.signature.id not in roles]
    decides = not any(role is Role.DECISIVE for role in roles.values())
    return [
        Told(match, Role.REMARK if match.weight is Weight.REMARK else _silent_role(place, decides=decides))
        for place, match in enumerate(new)
    ]


def _silent_role(place: int, *, decides: bool) -> Role:
    return Role.DECISIVE if decides and place == 0 else Role.SEPARATE
