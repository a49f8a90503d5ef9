"""Regular expressions of a pipeline, looked for as GitLab's own engine does: it never goes back.

They come from files that anybody may have written. So all places of the pattern that can be reached are followed at
once, letter by letter, and the time that it takes grows with the text and the pattern, and with nothing else.
"""

from dataclasses import dataclass, field
from typing import Final

from wharf.formats.gitlab.pattern_parts import (
    Accepts,
    Choice,
    Letter,
    NotUnderstood,
    Part,
    Repetition,
    Row,
    is_word,
    parse_parts,
)

_MOST_STATES: Final = 2_000
_LONGEST_SUBJECT: Final = 2_000


@dataclass
class _State:
    """Where reading stands. It goes on by a letter that is accepted, or freely, or only at an edge."""

    accepts: Accepts | None = None
    edge: str = ""
    following: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class Pattern:
    states: tuple[_State, ...]
    start: int
    end: int

    def is_in(self, subject: str) -> bool:
        """Anywhere in it."""
        reached: set[int] = set()
        for at in range(min(len(subject), _LONGEST_SUBJECT) + 1):
            reached = self._spread(reached | {self.start}, subject, at)
            if self.end in reached:
                return True
            letter = subject[at : at + 1]
            reached = {after for state in reached for after in self._after(state, letter)} if letter else set()
        return False

    def _after(self, state: int, letter: str) -> list[int]:
        accepts = self.states[state].accepts
        return self.states[state].following if accepts and accepts(letter) else []

    def _spread(self, reached: set[int], subject: str, at: int) -> set[int]:
        waiting, found = list(reached), set(reached)
        while waiting:
            state = self.states[waiting.pop()]
            if state.accepts or (state.edge and not _is_edge(state.edge, subject, at)):
                continue
            waiting += [after for after in state.following if after not in found]
            found.update(state.following)
        return found


def parse_pattern(source: str, *, ignores_case: bool = False) -> Pattern | None:
    """None, if it is not understood."""
    try:
        building = _Building()
        start, end = building.made(parse_parts(source, ignores_case=ignores_case))
    except NotUnderstood:
        return None
    return Pattern(tuple(building.states), start, end)


def _is_edge(kind: str, subject: str, at: int) -> bool:
    if kind == "^":
        return at == 0
    if kind == "$":
        return at == len(subject)
    before, after = subject[at - 1 : at] if at else "", subject[at : at + 1]
    changes = bool(before and is_word(before)) != bool(after and is_word(after))
    return changes is (kind == "b")


class _Building:
    def __init__(self) -> None:
        self.states: list[_State] = []

    def made(self, part: Part) -> tuple[int, int]:
        """The states where the part begins and ends."""
        if isinstance(part, Row):
            return self._row(part)
        if isinstance(part, Choice):
            return self._choice(part)
        if isinstance(part, Repetition):
            return self._repetition(part)
        end = self._new()
        state = _State(accepts=part.accepts) if isinstance(part, Letter) else _State(edge=part.kind)
        return self._new(state, end), end

    def _row(self, row: Row) -> tuple[int, int]:
        start = end = self._new()
        for part in row.parts:
            end = self._then(end, part)
        return start, end

    def _choice(self, choice: Choice) -> tuple[int, int]:
        start, end = self._new(), self._new()
        for part in choice.parts:
            self._goes(self._then(start, part), end)
        return start, end

    def _repetition(self, repetition: Repetition) -> tuple[int, int]:
        start = last = self._new()
        for _ in range(repetition.least):
            last = self._then(last, repetition.part)
        end = self._new()
        self._goes(last, end)
        if repetition.most is None:
            self._goes(self._then(end, repetition.part), end)
            return start, end
        for _ in range(repetition.most - repetition.least):
            last = self._then(last, repetition.part)
            self._goes(last, end)
        return start, end

    def _then(self, before: int, part: Part) -> int:
        start, end = self.made(part)
        self._goes(before, start)
        return end

    def _goes(self, before: int, after: int) -> None:
        self.states[before].following.append(after)

    def _new(self, state: _State | None = None, *following: int) -> int:
        if len(self.states) >= _MOST_STATES:
            raise NotUnderstood
        made = state or _State()
        made.following += following
        self.states.append(made)
        return len(self.states) - 1
