r"""The parts of a regular expression as it is written: letters, edges, rows, choices and repetitions.

What is not understood here (`\p{…}`, looking ahead, referring back) makes the whole no pattern.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

_DEEPEST: Final = 40
Accepts = Callable[[str], bool]
_CLASSES: Final[dict[str, Accepts]] = {
    "d": lambda letter: "0" <= letter <= "9",
    "w": lambda letter: letter == "_" or (letter.isascii() and letter.isalnum()),
    "s": lambda letter: letter in " \t\n\r\f",
}
_CONTROLS: Final = {"n": "\n", "t": "\t", "r": "\r", "f": "\f", "v": "\v"}
_ESCAPED_EDGES: Final = {"A": "^", "z": "$", "Z": "$", "b": "b", "B": "B"}
_GROUPS: Final = re.compile(r"\?(?::|P?<[A-Za-z_][A-Za-z0-9_]*>)")
_COUNTS: Final = re.compile(r"\{(\d{1,3})(,(\d{0,3}))?\}")
is_word: Final = _CLASSES["w"]


class NotUnderstood(Exception):
    """There is something in it that this does not know."""


@dataclass(frozen=True)
class Letter:
    accepts: Accepts


@dataclass(frozen=True)
class Edge:
    """`^`, `$`, or `b` and `B` of words."""

    kind: str


@dataclass(frozen=True)
class Row:
    parts: "tuple[Part, ...]"


@dataclass(frozen=True)
class Choice:
    parts: "tuple[Part, ...]"


@dataclass(frozen=True)
class Repetition:
    part: "Part"
    least: int
    most: int | None


Part = Letter | Edge | Row | Choice | Repetition


def parse_parts(source: str, *, ignores_case: bool) -> Part:
    """NotUnderstood, if it is."""
    reading = _Reading(source, ignores_case=ignores_case)
    part = reading.choice()
    if reading.next:
        raise NotUnderstood
    return part


class _Reading:
    def __init__(self, source: str, *, ignores_case: bool) -> None:
        self._source = source
        self._at = 0
        self._depth = 0
        self._ignores_case = ignores_case

    @property
    def next(self) -> str:
        return self._source[self._at : self._at + 1]

    def choice(self) -> Part:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise NotUnderstood
        rows = [self._row()]
        while self._takes("|"):
            rows.append(self._row())
        self._depth -= 1
        return Choice(tuple(rows))

    def _row(self) -> Part:
        parts: list[Part] = []
        while self.next and self.next not in "|)":
            parts.append(self._repeated(self._single()))
        return Row(tuple(parts))

    def _repeated(self, part: Part) -> Part:
        counts = _COUNTS.match(self._source, self._at)
        if self._takes("*"):
            part = Repetition(part, 0, None)
        elif self._takes("+"):
            part = Repetition(part, 1, None)
        elif self._takes("?"):
            part = Repetition(part, 0, 1)
        elif counts:
            self._at = counts.end()
            least = int(counts[1])
            part = Repetition(part, least, int(counts[3]) if counts[3] else None if counts[2] else least)
        else:
            return part
        self._takes("?")  # whether it takes much or little makes no difference to whether it is there
        if self.next and self.next in "*+":
            raise NotUnderstood
        return part

    def _single(self) -> Part:
        letter = self._taken()
        if letter == "(":
            return self._group()
        if letter == "[":
            return self._set()
        if letter == "\\":
            return self._escaped()
        if letter in "^$":
            return Edge(letter)
        if letter in "*+?":
            raise NotUnderstood
        return Letter(lambda other: other != "\n") if letter == "." else self._letter(letter)

    def _group(self) -> Part:
        if self.next == "?":
            opening = _GROUPS.match(self._source, self._at)
            if not opening:
                raise NotUnderstood
            self._at = opening.end()
        part = self.choice()
        if not self._takes(")"):
            raise NotUnderstood
        return part

    def _escaped(self) -> Part:
        letter = self._taken()
        if letter in _ESCAPED_EDGES:
            return Edge(_ESCAPED_EDGES[letter])
        return Letter(accepts) if (accepts := _class(letter)) else self._letter(_plain(letter))

    def _letter(self, letter: str) -> Part:
        if self._ignores_case:
            return Letter(lambda other: other.lower() == letter.lower())
        return Letter(lambda other: other == letter)

    def _set(self) -> Part:
        is_negated = self._takes("^")
        members: list[Accepts] = []
        while not (members and self._takes("]")):
            members.append(self._member())
        if self._ignores_case:
            return Letter(lambda other: any(m(other.lower()) or m(other.upper()) for m in members) is not is_negated)
        return Letter(lambda other: any(member(other) for member in members) is not is_negated)

    def _member(self) -> Accepts:
        first = self._taken()
        if first == "[" and self.next == ":":
            raise NotUnderstood
        if first == "\\":
            first = self._taken()
            if accepts := _class(first):
                return accepts
            first = _plain(first)
        last = first
        if self.next == "-" and self._source[self._at + 1 : self._at + 2] not in {"]", ""}:
            self._at += 1
            last = self._taken()
            last = _plain(self._taken()) if last == "\\" else last
        return lambda other: first <= other <= last

    def _taken(self) -> str:
        if not self.next:
            raise NotUnderstood
        self._at += 1
        return self._source[self._at - 1]

    def _takes(self, letter: str) -> bool:
        if self.next != letter:
            return False
        self._at += 1
        return True


def _class(letter: str) -> Accepts | None:
    """Of `d`, `w` and `s`; a capital is what the small one is not."""
    accepts = _CLASSES.get(letter.lower())
    if accepts is None or letter.islower():
        return accepts
    return lambda other: not accepts(other)


def _plain(letter: str) -> str:
    if letter in _CONTROLS:
        return _CONTROLS[letter]
    if letter.isalnum():
        raise NotUnderstood
    return letter
