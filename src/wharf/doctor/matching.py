"""Recognising failures: a text, and what is known of the machine, to the signatures that are in it, best first.

A match names the line that shows it and what can be read from it: a helper, a host, a path. What failed comes first;
what says less about the same text, what only follows from a failure, and what stops nobody come after it.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate
from types import MappingProxyType
from typing import Final

from wharf.doctor.ambient import named_around
from wharf.doctor.facts import Facts, Verdict
from wharf.doctor.pattern import Captured, Pattern, Weight
from wharf.doctor.signature import Signature, SignatureId
from wharf.doctor.squeezed import Places, squeezed_log, without_colours

_PIECE: Final = 1024 * 1024
_OVERLAP: Final = 4096
_LINES_OF_A_MESSAGE: Final = 8
_LONGEST_LINE: Final = 400
_NO_FACTS: Final = Facts()


@dataclass(frozen=True, slots=True)
class Match:
    """A signature that was recognised. A silent one has no pattern, and no line."""

    signature: Signature
    pattern: Pattern | None = None
    line_number: int = 0
    line: str = ""
    captured: Captured = field(default_factory=lambda: MappingProxyType({}), hash=False)

    @property
    def weight(self) -> Weight:
        return self.pattern.weight if self.pattern else self.signature.weight


def matches(text: str, signatures: Iterable[Signature], facts: Facts = _NO_FACTS) -> tuple[Match, ...]:
    """Best first. A silent signature is among them if what is known of the machine says so."""
    known = tuple(signatures)
    silent = [Match(one) for one in known if one.state is not None and one.state.verdict(facts) is Verdict.HOLDS]
    told = _told(text, [one for one in known if not one.is_silent])
    told_already = {match.signature.id for match in told}
    return _ranked([*told, *(match for match in silent if match.signature.id not in told_already)])


def _told(text: str, signatures: Sequence[Signature]) -> list[Match]:
    """For each signature that the text speaks of, where it first does."""
    wanted = [(pattern, signature) for signature in signatures for pattern in signature.patterns]
    found: list[Match] = []
    for piece in _pieces(text):
        here = [(pattern, piece.match(pattern, signature)) for pattern, signature in wanted]
        found += [match for _, match in here if match is not None]
        missed = {id(pattern) for pattern, match in here if match is None}
        wanted = [(pattern, signature) for pattern, signature in wanted if id(pattern) in missed]
    return [_best(found, signature) for signature in dict.fromkeys(match.signature.id for match in found)]


def _best(found: Sequence[Match], signature: SignatureId) -> Match:
    """Of what the patterns of one signature found: the first line, and on it who took most out of it."""
    return min(
        (match for match in found if match.signature.id == signature),
        key=lambda match: (match.line_number, -len(match.captured), -_length(match)),
    )


def _ranked(found: Sequence[Match]) -> tuple[Match, ...]:
    lines = {match.signature.id: match.line_number for match in found}
    outranked = {below: match.line_number for match in found for below in match.signature.outranks if below in lines}
    kept = [match for match in found if outranked.get(match.signature.id) != match.line_number]
    return tuple(sorted(kept, key=lambda match: _rank(match, outranked)))


def _rank(match: Match, outranked: Iterable[SignatureId]) -> tuple[int, bool, bool, int, int]:
    signature = match.signature
    return match.weight.value, signature.id in outranked, match.pattern is None, match.line_number, -_length(match)


def _length(match: Match) -> int:
    return len(match.pattern.template) if match.pattern is not None else 0


class _Piece:
    """Some lines of a text, and the same squeezed."""

    def __init__(self, text: str, first_line: int) -> None:
        self._text = text
        self._first_line = first_line
        self._tight = squeezed_log(text.encode("utf-8", "replace"))

    def match(self, pattern: Pattern, signature: Signature) -> Match | None:
        position = pattern.first_in(self._tight)
        if position is None:
            return None
        line = bisect_right(self._line_ends, position)
        before = self._line_ends[line - 1] if line else 0
        begun = len(self._tight[before:position].decode("utf-8", "replace"))
        around = "\n".join(self._lines[line : line + _LINES_OF_A_MESSAGE])
        captured = pattern.captured_at(Places(around), begun)
        shown = _excerpt(self._lines[line], begun)
        return Match(signature, pattern, self._first_line + line, shown, named_around(shown, captured))

    @cached_property
    def _lines(self) -> list[str]:
        return self._text.split("\n")

    @cached_property
    def _line_ends(self) -> list[int]:
        """In the squeezed text: where each line ends."""
        return list(accumulate(len(squeezed_log(line.encode("utf-8", "replace"))) for line in self._lines))


def _pieces(text: str) -> Iterator[_Piece]:
    """A long text in pieces that overlap, cut at the ends of lines where there are some."""
    start, line = 0, 1
    while start < len(text):
        end = len(text) if len(text) - start <= _PIECE else _after_line(text, start, start + _PIECE)
        yield _Piece(text[start:end], line)
        if end == len(text):
            return
        following = _after_line(text, max(start, end - 2 * _OVERLAP), end - _OVERLAP)
        line += text.count("\n", start, following)
        start = following


def _after_line(text: str, start: int, end: int) -> int:
    return text.rfind("\n", start, end) + 1 or end


def _excerpt(line: str, begun: int) -> str:
    """The line without colours; of an enormous one, what stands around the match."""
    plain = without_colours(line)
    start = max(begun - _LONGEST_LINE // 4, 0) if len(plain) > _LONGEST_LINE else 0
    return plain[start : start + _LONGEST_LINE].strip()
