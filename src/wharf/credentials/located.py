"""A JSON document in which every value knows its place: people can be led to it, and it can be changed alone.

Reading is lenient where people and editors slip. What stands before a fault is kept, a comma too many is passed over,
and each fault is told with its line. A document with faults may be read; it must not be written again, because what
it was meant to hold is not known. No message quotes the text, for it holds secrets.
"""

import json
import re
from bisect import bisect_left
from dataclasses import dataclass, field
from typing import TypeAlias

from wharf.oci.strict_json import JsonValue, kind_of

_DEEPEST = 64
_SPACE = re.compile(r"[ \t\r\n]*")


@dataclass(frozen=True, slots=True)
class Member:
    """A name in an object, and its value."""

    name: str
    start: int
    value: "Located"


@dataclass(frozen=True, slots=True)
class Located:
    """A value from `start` to `end` of its text. Of an object there are the members, in their order."""

    start: int
    end: int
    content: "JsonValue | tuple[Member, ...]" = field(repr=False)
    whole: bool = True
    """Not so where a fault cut it short."""

    @property
    def members(self) -> tuple[Member, ...]:
        return self.content if isinstance(self.content, tuple) else ()

    @property
    def is_object(self) -> bool:
        return isinstance(self.content, tuple)

    @property
    def text(self) -> str | None:
        return self.content if isinstance(self.content, str) else None

    @property
    def kind(self) -> str:
        return "an object" if self.is_object else kind_of(self.content)

    def named(self, name: str) -> Member | None:
        """As Go reads it, and so docker: the last one counts, and one that differs in its case counts as well."""
        folded = name.casefold()
        alike = (member for member in reversed(self.members) if member.name.casefold() == folded)
        return self.keyed(name) or next(alike, None)

    def keyed(self, key: str) -> Member | None:
        """The keys of a map are read as they are written; the last one counts here too."""
        return next((member for member in reversed(self.members) if member.name == key), None)


@dataclass(frozen=True, slots=True)
class Fault:
    """A place where the text is not JSON."""

    line: int
    column: int
    reason: str

    def __str__(self) -> str:
        return f"line {self.line}, column {self.column}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Reading:
    root: Located
    faults: tuple[Fault, ...]


class Lines:
    """Which line is where in a text."""

    def __init__(self, text: str) -> None:
        self._ends = [found.start() for found in re.finditer("\n", text)]

    def of(self, at: int) -> int:
        return bisect_left(self._ends, at) + 1


def read_located(text: str) -> Reading:
    """The one object that this text is. Without any text it is an empty one, as docker has it."""
    return _Reader(text).read()


_Stop: TypeAlias = "tuple[int, str]"


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._stop: _Stop | None = None
        self._slips: list[_Stop] = []

    def read(self) -> Reading:
        start = self._past_space(0)
        if start == len(self._text):
            return Reading(Located(start, start, ()), ())
        root = self._value(start, 0)
        end = self._past_space(root.end)
        if self._stop is None and end < len(self._text):
            self._stop = (end, "something stands after the end of the document")
        if not root.is_object:
            self._stop = self._stop or (start, f"expected an object, found {root.kind}")
            root = Located(start, root.end, (), whole=False)
        stops = sorted([*self._slips, *([self._stop] if self._stop else [])])
        return Reading(root, tuple(self._fault(*stop) for stop in stops))

    def _fault(self, at: int, reason: str) -> Fault:
        column = at - (self._text.rfind("\n", 0, at) + 1) + 1
        return Fault(Lines(self._text).of(at), column, reason)

    def _past_space(self, at: int) -> int:
        found = _SPACE.match(self._text, at)
        return found.end() if found else at

    def _value(self, at: int, depth: int) -> Located:
        if self._text[at : at + 1] == "{":
            return self._object(at, depth) if depth < _DEEPEST else self._stopped(at, "nested too deeply")
        try:
            value, end = _DECODER.raw_decode(self._text, at)
        except json.JSONDecodeError as problem:
            where, reason = problem.pos, f"not JSON: {problem.msg[:1].lower()}{problem.msg[1:]}"
        except (ValueError, RecursionError):
            where, reason = at, "a value that cannot be read"
        else:
            return Located(at, end, value)
        return self._stopped(at, reason, where)

    def _stopped(self, at: int, reason: str, where: int | None = None) -> Located:
        self._stop = (at if where is None else where, reason)
        return Located(at, at, None, whole=False)

    def _object(self, start: int, depth: int) -> Located:
        members: list[Member] = []
        at = self._past_space(start + 1)
        while self._stop is None:
            if self._text[at : at + 1] == "}":
                return Located(start, at + 1, tuple(members))
            if member := self._member(at, depth):
                members.append(member)
                at = self._past_separator(self._past_space(member.value.end))
        return Located(start, at, tuple(members), whole=False)

    def _member(self, at: int, depth: int) -> Member | None:
        name = self._value(at, _DEEPEST) if self._text[at : at + 1] == '"' else None
        if name is None or name.text is None:
            self._stop = self._stop or (at, 'not JSON: expected a name in quotes, or "}"')
            return None
        colon = self._past_space(name.end)
        if self._text[colon : colon + 1] != ":":
            self._stop = (colon, 'not JSON: expected ":" after a name')
            return None
        return Member(name.text, at, self._value(self._past_space(colon + 1), depth + 1))

    def _past_separator(self, at: int) -> int:
        """Past the comma, if there is one; the end of the object follows, or the next member."""
        if self._stop is not None or self._text[at : at + 1] == "}":
            return at
        if self._text[at : at + 1] != ",":
            self._stop = (at, 'not JSON: expected "," or "}"')
            return at
        following = self._past_space(at + 1)
        if self._text[following : following + 1] == "}":
            self._slips.append((at, "a comma too many"))
        return following


def _no_number(name: str) -> object:
    raise ValueError(name)


_DECODER = json.JSONDecoder(parse_constant=_no_number)
