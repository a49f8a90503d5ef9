"""The statements of a TOML file: headers of tables, and settings with what stands behind their `=`.

Here it is only found where each of them begins and ends; what a value is, the library of the language says.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_DEEPEST: Final = 50
_blank = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)+")
_spaces = re.compile(r"[ \t]*")
_bare = re.compile(r"[A-Za-z0-9_-]+")
_basic = re.compile(r'"((?:[^"\\\n]|\\.)*)"')
_literal = re.compile(r"'([^'\n]*)'")
_long_strings: Final = ('"""', "'''")
_plain = re.compile(r"""[^"'\[\]{}#\n]+""")


@dataclass(frozen=True, slots=True)
class Statement:
    """Offsets are in the file. A header has no value."""

    names: tuple[str, ...]
    start: int
    end: int
    value_start: int = 0
    value_end: int = 0
    is_header: bool = False
    is_one_of_many: bool = False
    """`[[runners]]`."""


class NoStatement(Exception):
    """At this offset there is none."""

    def __init__(self, offset: int) -> None:
        super().__init__(offset)
        self.offset = offset


def statements(source: str) -> Iterator[Statement]:
    """NoStatement, where one cannot be read."""
    at = _past(_blank, source, 0)
    while at < len(source):
        found = _header(source, at) if source[at] == "[" else _setting(source, at)
        yield found
        end = _past(_spaces, source, max(found.end, found.value_end))
        if end < len(source) and source[end] not in "\r\n#":
            raise NoStatement(end)
        at = _past(_blank, source, end)


def _header(source: str, start: int) -> Statement:
    is_one_of_many = source.startswith("[[", start)
    closing = "]]" if is_one_of_many else "]"
    names, at = _names(source, start + len(closing))
    if not source.startswith(closing, at):
        raise NoStatement(at)
    return Statement(names, start, at + len(closing), is_header=True, is_one_of_many=is_one_of_many)


def _setting(source: str, start: int) -> Statement:
    names, at = _names(source, start)
    if not source.startswith("=", at):
        raise NoStatement(at)
    value_start = _past(_spaces, source, at + 1)
    value_end = _end_of_value(source, value_start)
    return Statement(names, start, len(source[start:at].rstrip()) + start, value_start, value_end)


def _names(source: str, at: int) -> tuple[tuple[str, ...], int]:
    """With dots between them."""
    names: list[str] = []
    while True:
        at = _past(_spaces, source, at)
        found = _bare.match(source, at) or _basic.match(source, at) or _literal.match(source, at)
        if not found:
            raise NoStatement(at)
        names.append(found[1] if found.re is not _bare else found[0])
        at = _past(_spaces, source, found.end())
        if not source.startswith(".", at):
            return tuple(names), at
        at += 1


def _end_of_value(source: str, at: int) -> int:
    depth = 0
    end = at
    while at < len(source):
        letter = source[at]
        if letter == "#":
            at = _line_end(source, at)
            if not depth:
                return end
            continue
        if letter == "\n" and not depth:
            return end
        depth += (letter in "[{") - (letter in "]}")
        if depth > _DEEPEST:
            raise NoStatement(at)
        at = _after_piece(source, at)
        end = at if source[at - 1] not in " \t\r\n" else _without_blank(source, end, at)
    return end


def _without_blank(source: str, end: int, at: int) -> int:
    return max(end, end + len(source[end:at].rstrip()))


def _after_piece(source: str, at: int) -> int:
    for quotes in _long_strings:
        if source.startswith(quotes, at):
            closing = source.find(quotes, at + 3)
            return len(source) if closing < 0 else closing + 3
    found = _basic.match(source, at) or _literal.match(source, at) or _plain.match(source, at)
    return found.end() if found else at + 1


def _line_end(source: str, at: int) -> int:
    end = source.find("\n", at)
    return len(source) if end < 0 else end


def _past(pattern: re.Pattern[str], source: str, at: int) -> int:
    found = pattern.match(source, at)
    return found.end() if found else at
