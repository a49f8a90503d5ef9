"""What is to be seen on a picture of the way, before anybody draws it.

A lane is one event: its jobs, the repositories that they push to, and the tags there. A tag that is asked for and never
pushed stands among the others, as broken.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from wharf.doctor.language import Words
from wharf.doctor.way.reference import Asked, Pushed
from wharf.doctor.way.way import Answer, Fate, Turn, Way
from wharf.formats.event import Event
from wharf.formats.span import Span
from wharf.formats.text import Text

MOST_LANES: Final = 12
_SHORT: Final = 7
_ANY_DIGEST: Final = "@sha256:…"
_NO_TAG: Final = ":latest"
_BROKEN: Final = {Fate.NEVER_PUSHED, Fate.LOST}


class State(Enum):
    """What becomes of a tag."""

    MET = "met"
    """It is pushed, or held, and asked for."""
    UNUSED = "unused"
    """It is pushed, and as far as can be seen nobody asks for it."""
    PERHAPS = "perhaps"
    INSTEAD = "instead"
    """It is taken where what was asked for is not there, so that nobody notices."""
    BROKEN = "broken"
    """It is asked for, and not there."""


@dataclass(frozen=True)
class Stop:
    """One tag. `asked_at`: who asks for it, the first place first."""

    tag: str
    state: State
    is_pushed: bool
    asked_at: tuple[Span, ...] = ()


@dataclass(frozen=True)
class Berth:
    """One repository of a registry."""

    name: str
    stops: tuple[Stop, ...]


@dataclass(frozen=True)
class Lane:
    """`jobs`: file and name of each that pushes; none, where files ask for things whatever happens."""

    event: Words
    commit: str
    jobs: tuple[tuple[str, str], ...]
    berths: tuple[Berth, ...]

    @property
    def is_broken(self) -> bool:
        return any(stop.state is State.BROKEN for berth in self.berths for stop in berth.stops)


@dataclass(frozen=True)
class Picture:
    """`left_out`: lanes that there is no room for."""

    lanes: tuple[Lane, ...] = ()
    left_out: int = 0


_STANDING: Final = Words("whatever happens", "언제나")


def picture_of(way: Way) -> Picture:
    lanes = [_lane_of(turn) for turn in way.turns]
    lanes.append(Lane(_STANDING, "", (), _berths((), way.standing)))
    shown = [lane for lane in lanes if lane.berths]
    return Picture(tuple(shown[:MOST_LANES]), max(len(shown) - MOST_LANES, 0))


def event_in_words(event: Event) -> Words:
    if event.number:
        return Words(f"pull request {event.number}", f"풀 리퀘스트 {event.number}")
    if event.tag:
        kind = Words("release", "릴리스") if event.name == "release" else Words("tag", "태그")
        return Words(f"{kind.english} {event.tag}", f"{kind.korean} {event.tag}")
    known = _WORDS.get(event.name)
    if known:
        return Words(known.english.format(event.branch), known.korean.format(event.branch))
    return Words(f"{event.name} on {event.branch}", f"{event.branch}의 {event.name}")


_WORDS: Final = {
    "push": Words("push to {}", "{}에 푸시"),
    "schedule": Words("schedule on {}", "{}의 예약 실행"),
    "workflow_dispatch": Words("by hand on {}", "{}에서 수동 실행"),
}


def _lane_of(turn: Turn) -> Lane:
    answers = [answer for answer in turn.answers if answer.fate is not Fate.FOREIGN]
    jobs = dict.fromkeys((pushed.file, pushed.job) for pushed in turn.pushed)
    return Lane(event_in_words(turn.event), turn.event.sha[:_SHORT], tuple(jobs), _berths(turn.pushed, answers))


def _berths(pushed: Sequence[Pushed], answers: Iterable[Answer]) -> tuple[Berth, ...]:
    stops: dict[str, dict[str, _Notes]] = {}
    for each in pushed:
        name, tag = in_two(each.reference)
        stops.setdefault(name, {}).setdefault(tag or _untagged(each), _Notes()).is_pushed = True
    for answer in answers:
        if answer.fate is not Fate.FOREIGN:
            for name, tag in _meeting(answer):
                stops.setdefault(name, {}).setdefault(tag or _NO_TAG, _Notes()).add(answer)
        for other in answer.hidden_by:
            name, tag = in_two(other.reference)
            stops.setdefault(name, {}).setdefault(tag or _NO_TAG, _Notes()).add_instead(other)
    return tuple(Berth(name, tuple(notes.stop(tag) for tag, notes in tags.items())) for name, tags in stops.items())


def _untagged(pushed: Pushed) -> str:
    """As it is reached: by its digest, which the build makes, or under the name that stands for none."""
    return _ANY_DIGEST if pushed.is_by_digest else _NO_TAG


def _meeting(answer: Answer) -> list[tuple[str, str]]:
    """What is asked for, told as it is pushed where both are the same."""
    if answer.fate is Fate.PUSHED and answer.by:
        return [in_two(answer.by[0].reference)]
    return [in_two(answer.asked.reference)]


class _Notes:
    """What is known of one tag so far."""

    def __init__(self) -> None:
        self.is_pushed = False
        self._is_instead = False
        self._fates: set[Fate] = set()
        self._asked: dict[Span, None] = {}

    def add(self, answer: Answer) -> None:
        self._fates.add(answer.fate)
        self._asked[answer.asked.span] = None

    def add_instead(self, asked: Asked) -> None:
        self._is_instead = True
        self._asked[asked.span] = None

    def stop(self, tag: str) -> Stop:
        return Stop(tag, self._state(), self.is_pushed, tuple(self._asked))

    def _state(self) -> State:
        if self._fates & _BROKEN:
            return State.BROKEN
        if self._is_instead:
            return State.INSTEAD
        if not self._fates:
            return State.UNUSED
        return State.PERHAPS if Fate.PERHAPS in self._fates else State.MET


def in_two(reference: Text) -> tuple[str, str]:
    """Repository and tag, or digest, as they are shown to people."""
    flat = reference.flat
    at = flat.find("@")
    if at < 0:
        at = flat.find(":", flat.rfind("/") + 1)
    return (reference.shown, "") if at < 0 else (reference[:at].shown, reference[at:].shown)
