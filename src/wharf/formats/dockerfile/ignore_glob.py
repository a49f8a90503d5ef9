"""What one pattern of an ignore file matches: Docker's globs, with every oddity of how they are made.

Docker turns a pattern into a regular expression of Go, character by character, without looking where it stands. So a
`*` within brackets becomes something strange there, a backslash before a letter means what it means in Go, and of the
characters that mean something to Go it forgets to escape three.
"""

from collections.abc import Callable
from enum import Enum
from functools import cache
from typing import Final

from wharf.formats.dockerfile.go_expression import ANY_FOLDERS, Expression

Matches = Callable[[str], bool]
_ESCAPED: Final = frozenset(".+()$")
"""Not `|`, `{` and `}`: the table that Docker keeps of them has room for the first half of ASCII only."""


class _Kind(Enum):
    EXACT = "exact"
    PREFIX = "prefix"
    SUFFIX = "suffix"
    EXPRESSION = "expression"


@cache
def glob(pattern: str) -> Matches:
    """`pattern` is cleaned already: no `!`, no slash at either end. NotAPattern is what Docker says when it is used."""
    kind, expression = _expression(pattern)
    if kind is _Kind.EXACT:
        return pattern.__eq__
    if kind is _Kind.PREFIX:
        beginning = pattern[:-2]
        return lambda path: path.startswith(beginning)
    if kind is _Kind.SUFFIX:
        end = pattern[2:]
        return lambda path: path.endswith(end) or (end[:1] == "/" and path == end[1:])
    return Expression(expression).matches


def _expression(pattern: str) -> tuple[_Kind, str]:
    """Docker's regular expression for it, or one of the other kinds if it needs none."""
    kind, at = _Kind.EXACT, 0
    made: list[str] = []
    while at < len(pattern):
        start = at
        if pattern.startswith("**", at):
            at += 3 if pattern.startswith("**/", at) else 2
            kind, piece = _stars(kind, is_last=at == len(pattern))
            kind = _Kind.SUFFIX if start == 0 else kind
        else:
            piece, length, is_special = _piece(pattern, at)
            at += length
            kind = _Kind.EXPRESSION if is_special else kind
        made.append(piece)
    return kind, "".join(made) + "$"


def _stars(kind: _Kind, *, is_last: bool) -> tuple[_Kind, str]:
    if not is_last:
        return _Kind.EXPRESSION, ANY_FOLDERS
    return (_Kind.PREFIX, "") if kind is _Kind.EXACT else (_Kind.EXPRESSION, ".*")


def _piece(pattern: str, at: int) -> tuple[str, int, bool]:
    """What one character becomes, how many were taken, and whether it makes an expression of the whole."""
    character = pattern[at]
    if character == "*":
        return "[^/]*", 1, True
    if character == "?":
        return "[^/]", 1, True
    if character == "\\":  # one at the end takes the `$` that comes after it
        return pattern[at : at + 2], 2, at + 1 < len(pattern)
    return ("\\" + character if character in _ESCAPED else character), 1, character in "[]"
