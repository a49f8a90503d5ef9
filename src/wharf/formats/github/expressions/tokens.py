"""The words of an expression, one after the other."""

import re
from typing import Final, NamedTuple

from wharf.errors import MalformedFile

MOST: Final = 2_000
"""Of words in one expression."""
TOO_MUCH: Final = "the expression is too long or too deep"
_WORDS: Final = re.compile(
    r"""(?P<space>\s+)
    |(?P<text>'(?:[^']|'')*')
    |(?P<number>[-+]?(?:0x[0-9A-Fa-f]{1,100}|0o[0-7]{1,100}|Infinity|
        (?:[0-9]{1,400}(?:\.[0-9]{0,400})?|\.[0-9]{1,400})(?:[eE][-+]?[0-9]{1,5})?)(?![A-Za-z0-9_]))
    |(?P<name>[A-Za-z_][A-Za-z0-9_-]*)
    |(?P<mark>&&|\|\||==|!=|<=|>=|[<>!().,*\[\]])""",
    re.VERBOSE,
)


class Word(NamedTuple):
    kind: str
    """`text`, `number`, `name`, `mark`, and `end` for the last one."""
    said: str
    start: int
    end: int


def misread(offset: int, problem: str) -> MalformedFile:
    """Whoever has the expression out of a file knows where that is; its own column is the offset, counted from one."""
    return MalformedFile("", 1, offset + 1, problem)


def words_of(written: str) -> list[Word]:
    found: list[Word] = []
    at = 0
    while at < len(written):
        match = _WORDS.match(written, at)
        if match is None:
            raise misread(at, _why(written[at]))
        if match.lastgroup and match.lastgroup != "space":
            found.append(Word(match.lastgroup, match[0], at, match.end()))
        if len(found) > MOST:
            raise misread(at, TOO_MUCH)
        at = match.end()
    return [*found, Word("end", "", len(written), len(written))]


def _why(character: str) -> str:
    if character == "'":
        return "a text does not end: its closing ' is missing"
    if character == '"':
        return "a text stands in single quotes here, not in double ones"
    return f"{character} means nothing in an expression"
