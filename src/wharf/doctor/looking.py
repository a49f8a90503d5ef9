"""Looks for everything that is known in a log, while it is read once: failures, and the marks of a job's course.

Of what stands there again and again, the first place and the last count; the rest is passed over, so that a log of
nothing but errors costs no more than another.
"""

import re
from bisect import bisect_right
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import accumulate
from typing import BinaryIO, Final

from wharf.doctor.ambient import named_around
from wharf.doctor.course import Course, Mark, marks
from wharf.doctor.log_pieces import LogPiece, pieces_of
from wharf.doctor.origin import OriginMark, origin_marks
from wharf.doctor.pattern import Fitted, Found, Pattern
from wharf.doctor.recognised import Match, Sighting
from wharf.doctor.shown_text import is_an_echo, is_shown
from wharf.doctor.signature import Signature, SignatureId
from wharf.doctor.squeezed import Places, squeezed_log, without_colours
from wharf.doctor.strangers import is_a_strangers
from wharf.doctor.wordings import Wordings, words_of
from wharf.doctor.wrapped_lines import first_line_of, messages_in

_Owner = Signature | Mark | OriginMark
_ENOUGH_PIECES: Final = 4
_OF_A_REFUSAL: Final = 0.2
"""Where it stands and is not meant, again and again, looking ends too; but later."""
_ENOUGH_MARKS: Final = 400
_PIECES_OF_THE_END: Final = 2
_MOST_TRIES: Final = 12
_LINES_OF_A_MESSAGE: Final = 8
_MOST_MESSAGES: Final = 4
_LINES_OF_CONTEXT: Final = 3
_LONGEST_BESIDE: Final = 1000
_LINES_BEFORE: Final = 8
_LONGEST_LINE: Final = 400
_LONGEST_PART: Final = 4096
_line_end = re.compile(r"[ \t\r]*\n[ \t│]*")


@dataclass(frozen=True, slots=True)
class Looked:
    """What a log says: of each signature where it first does, the job's course, where it is from, and its end."""

    sightings: tuple[Sighting, ...]
    course: Course
    origins: tuple[tuple[OriginMark, int, str], ...]
    end: LogPiece


def look(log: BinaryIO, signatures: Iterable[Signature]) -> Looked:
    looking = _Looking(signatures)
    for piece in pieces_of(log):
        looking.at(piece)
    return looking.done()


class _TheSame:
    """Signatures that are the very same ones: to compare what they say would take longer than to look for it."""

    def __init__(self, signatures: Iterable[Signature]) -> None:
        self.signatures = tuple(signatures)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _TheSame) and self._identities() == other._identities()

    def __hash__(self) -> int:
        return hash(self._identities())

    def _identities(self) -> tuple[int, ...]:
        return tuple(map(id, self.signatures))


@lru_cache(maxsize=4)
def _wordings_of(known: _TheSame) -> Wordings[_Owner]:
    wanted: list[tuple[Pattern, _Owner]] = [(pattern, one) for one in known.signatures for pattern in one.patterns]
    return Wordings[_Owner]([*wanted, *marks(), *origin_marks()])


class _Looking:
    def __init__(self, signatures: Iterable[Signature]) -> None:
        self._wordings = _wordings_of(_TheSame(signatures))
        self._seen_in: dict[str, float] = defaultdict(float)
        self._best: dict[SignatureId, Sighting] = {}
        self._course = Course()
        self._origins: dict[OriginMark, tuple[int, str]] = {}
        self._end: deque[LogPiece] = deque(maxlen=_PIECES_OF_THE_END)

    def at(self, piece: LogPiece) -> None:
        self._end.append(piece)
        self._look(piece, again=False)

    def done(self) -> Looked:
        """What was passed over is looked for once more at the end, which counts most."""
        for piece in self._end:
            self._look(piece, again=True)
        origins = tuple((mark, *where) for mark, where in self._origins.items())
        end = self._end[-1] if self._end else LogPiece(b"", 1)
        return Looked(tuple(self._best.values()), self._course, origins, end)

    def _look(self, piece: LogPiece, *, again: bool) -> None:
        """`again`: what was seen often enough; else all the rest."""
        possible = [one for one in self._wordings.possible_in(words_of(piece.text)) if self._is_known(*one) is again]
        if possible:
            lines = _Lines(piece)
            for pattern, owner in possible:
                self._take(pattern, owner, lines)

    def _is_known(self, pattern: Pattern, owner: _Owner) -> bool:
        enough = _ENOUGH_PIECES if isinstance(owner, Signature) else _ENOUGH_MARKS
        return self._seen_in[pattern.template] >= enough

    def _take(self, pattern: Pattern, owner: _Owner, lines: "_Lines") -> None:
        if isinstance(owner, Signature):
            found = lines.sighting(pattern, owner)
            if found is not None:
                self._keep(found)
            self._seen_in[pattern.template] += 1 if found is not None else _OF_A_REFUSAL * lines.have(pattern)
            return
        for line, text in lines.places(pattern):
            self._seen_in[pattern.template] += 1
            if isinstance(owner, Mark):
                self._course.add(owner, line)
            elif owner.is_on(text):
                self._origins.setdefault(owner, (line, _excerpt(text, 0)))

    def _keep(self, found: Sighting) -> None:
        known = self._best.get(found.match.signature.id, found)
        best = min(known, found, key=_worth)
        self._best[found.match.signature.id] = replace(best, last_line=max(known.last_line, found.last_line))


def _worth(sighting: Sighting) -> tuple[int, int, int]:
    """The first line, and on it who took most out of it."""
    match = sighting.match
    return match.line_number, -len(match.captured), -len(match.pattern.template if match.pattern else "")


@dataclass(frozen=True, slots=True)
class _Message:
    """Some lines from the one in which a pattern begins, where in them it does, and which line shows it."""

    text: str
    places: Places
    begin: int
    line: int

    def said_within(self, fitted: Fitted) -> tuple[str, str, str]:
        """What the pattern fits, and what stands before and after that on the same lines, without colours."""
        begin, end = self.places.place(fitted.begin), self.places.place(fitted.end - 1) + 1
        before = self.text[max(self.text.rfind("\n", 0, begin), self.text.rfind("\r", 0, begin)) + 1 : begin]
        after = self.text[end:].partition("\n")[0]
        parts = self.text[begin:end], before[-_LONGEST_BESIDE:], after[:_LONGEST_BESIDE]
        said, before, after = map(without_colours, parts)
        return _line_end.sub("", said), before, after

    def messages_of(self, fitted: Fitted) -> int:
        """How many messages the pattern spans: a gap in it may be long, and is not meant to swallow other troubles."""
        lines = self.text[self.places.place(fitted.begin) : self.places.place(fitted.end - 1) + 1].split("\n")
        return messages_in(lines) if len(lines) > _MOST_MESSAGES else 1

    def in_its_line(self, begin: int) -> int:
        """Where in its own line a character of the squeezed text stands."""
        place = self.places.place(min(begin, len(self.places.tight) - 1))
        return place - (self.text.rfind("\n", 0, place) + 1)


class _Lines:
    """A piece of a log squeezed, and its lines as they are."""

    def __init__(self, piece: LogPiece) -> None:
        self._piece = piece
        self._tight = squeezed_log(piece.text)

    def sighting(self, pattern: Pattern, signature: Signature) -> Sighting | None:
        for found in self._all(pattern):
            message = self._message(found)
            fitted = pattern.fitted(message.places, message.begin)
            if fitted is not None and self._is_said(pattern, message, fitted):
                return self._sighting(Match(signature, pattern), message, fitted)
        return None

    def have(self, pattern: Pattern) -> bool:
        return pattern.anchor in self._tight

    def places(self, pattern: Pattern) -> Iterator[tuple[int, str]]:
        """The first line and the last one on which it stands, whoever says it."""
        first, last = pattern.found_in(self._tight), pattern.last_in(self._tight)
        numbers = {self._line_of(found.at) for found in (first, last) if found is not None}
        for number in sorted(numbers):
            yield self._number_of(number), self._lines[number]

    def _all(self, pattern: Pattern) -> Iterator[Found]:
        found = pattern.found_in(self._tight)
        for _ in range(_MOST_TRIES):
            if found is None:
                return
            yield found
            found = pattern.found_in(self._tight, found.at + 1)
        last = pattern.last_in(self._tight)
        if last is not None:
            yield last

    def _is_said(self, pattern: Pattern, message: _Message, fitted: Fitted) -> bool:
        if is_shown(self._lines, message.line) or message.messages_of(fitted) > _MOST_MESSAGES:
            return False
        around = self._lines[max(message.line - _LINES_OF_CONTEXT, 0) : message.line + _LINES_OF_CONTEXT + 1]
        return not is_a_strangers(pattern, *message.said_within(fitted), around)

    def _sighting(self, match: Match, message: _Message, fitted: Fitted) -> Sighting:
        shown = _excerpt(self._lines[message.line], message.in_its_line(fitted.begin))
        number = self._number_of(message.line)
        last = match.pattern.last_in(self._tight) if match.pattern else None
        return Sighting(
            match=replace(match, line_number=number, line=shown, captured=named_around(shown, fitted.captured)),
            log=self._around(message.line),
            last_line=max(self._number_of(self._line_of(last.at)), number) if last else number,
            message=self._number_of(first_line_of(self._lines, message.line)),
            is_an_echo=is_an_echo(self._lines, message.line),
        )

    def _message(self, found: Found) -> _Message:
        first, line = self._line_of(found.begin), self._line_of(found.at)
        before = self._line_ends[first - 1] if first else 0
        last = max(self._line_of(found.end) + 1, line + _LINES_OF_A_MESSAGE)
        text = "\n".join(self._lines[first:last])
        begin = len(self._tight[before : found.begin].decode("utf-8", "replace"))
        return _Message(text, Places(text), begin, line)

    def _around(self, line: int) -> str:
        begin = max(line - _LINES_BEFORE, 0)
        return "\n".join(_excerpt(one, 0) for one in self._lines[begin : line + _LINES_OF_A_MESSAGE])

    def _line_of(self, position: int) -> int:
        return min(bisect_right(self._line_ends, position), len(self._lines) - 1)

    def _number_of(self, line: int) -> int:
        return self._piece.first_line + self._numbers[line]

    @cached_property
    def _parts(self) -> list[tuple[int, bytes]]:
        """The lines with their numbers; an enormous one in parts, so that looking around costs the same everywhere."""
        lines = enumerate(self._piece.text.split(b"\n"))
        return [(number, part) for number, line in lines for part in _parts_of(line)]

    @cached_property
    def _numbers(self) -> list[int]:
        return [number for number, _ in self._parts]

    @cached_property
    def _lines(self) -> list[str]:
        return [part.decode("utf-8", "replace") for _, part in self._parts]

    @cached_property
    def _line_ends(self) -> list[int]:
        """In the squeezed text: where each line ends."""
        return list(accumulate(len(squeezed_log(part)) for _, part in self._parts))


def _parts_of(line: bytes) -> Iterator[bytes]:
    """Cut where a space is, if there is one."""
    begin = 0
    while len(line) - begin > _LONGEST_PART:
        end = line.rfind(b" ", begin + _LONGEST_PART // 2, begin + _LONGEST_PART) + 1 or begin + _LONGEST_PART
        yield line[begin:end]
        begin = end
    yield line[begin:]


def _excerpt(line: str, begun: int) -> str:
    """The line without colours and without what a terminal wrote over; of an enormous one, what is around a place."""
    begin = line.rfind("\r", 0, begun) + 1
    end = line.find("\r", max(begun, begin))
    shown = line[begin : end if end > begun else len(line)]
    start = max(begun - begin - _LONGEST_LINE // 4, 0) if len(shown) > _LONGEST_LINE else 0
    return without_colours(shown[start : start + 2 * _LONGEST_LINE]).strip()[:_LONGEST_LINE]
