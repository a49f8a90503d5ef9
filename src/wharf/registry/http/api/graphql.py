"""GraphQL, as much of it as answers who somebody is.

    query [ name ] [ ( variables ) ] { [ alias : ] viewer { [ alias : ] field … } }

What is asked beyond that is answered as a server answers that has no such field.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from wharf.oci.strict_json import JsonValue

_LONGEST: Final = 20_000
_DEEPEST: Final = 20
_TOKEN: Final = re.compile(r"[\s,\ufeff]+|#[^\n]*|([_A-Za-z][_0-9A-Za-z]*)|([{}:])|(\([^(){}]*\))|(.)", re.DOTALL)
_NAME: Final = re.compile(r"[_A-Za-z][_0-9A-Za-z]*").fullmatch


class _Unreadable(ValueError):
    """It is no question that is understood here."""


@dataclass(frozen=True, slots=True)
class _Field:
    name: str
    alias: str
    below: tuple["_Field", ...]


def answered(query: str, viewer: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """The answer as a whole, with `data` or with `errors`."""
    try:
        asked = _read(query)
    except _Unreadable as problem:
        return {"errors": [{"message": str(problem)}]}
    problems = [problem for field in asked for problem in _problems(field, viewer)]
    if problems:
        return {"errors": problems}
    return {"data": {field.alias: _answer(field, viewer) for field in asked}}


def _answer(field: _Field, viewer: Mapping[str, JsonValue]) -> JsonValue:
    if field.name != "viewer":
        return "Query"
    return {each.alias: viewer[each.name] for each in field.below}


def _problems(field: _Field, viewer: Mapping[str, JsonValue]) -> list[JsonValue]:
    if field.name == "__typename":
        return []
    if field.name != "viewer":
        return [_unknown(field, "Query", field.alias)]
    if not field.below:
        return [{"message": "Field must have selections (field 'viewer' returns User but has no selections.)"}]
    return [
        _unknown(each, "User", field.alias, each.alias) for each in field.below if each.name not in viewer or each.below
    ]


def _unknown(field: _Field, kind: str, *path: str) -> JsonValue:
    message = f"Field '{field.name}' doesn't exist on type '{kind}'"
    return {"type": "undefinedField", "path": ["query", *path], "message": message}


def _read(query: str) -> tuple[_Field, ...]:
    if len(query) > _LONGEST:
        raise _Unreadable("the query is too long")
    words = _words(query)
    start = words.index("{") if "{" in words else len(words)
    opening = words[:start]
    if opening and (opening[0] != "query" or len(opening) > 3):
        raise _Unreadable("Only a query can be asked here")
    fields, after = _fields(words, start, 0)
    if after != len(words):
        raise _Unreadable("Parse error: something follows the query")
    return fields


def _words(query: str) -> list[str]:
    words = []
    for match in _TOKEN.finditer(query):
        if match[4]:
            raise _Unreadable(f"Parse error on {match[4]!r}")
        if match.lastindex:
            words.append(match[0])
    return words


def _fields(words: Sequence[str], at: int, depth: int) -> tuple[tuple[_Field, ...], int]:
    """The fields in braces that begin here, and where it goes on behind them."""
    if depth > _DEEPEST or at >= len(words) or words[at] != "{":
        raise _Unreadable("Parse error: fields in braces are expected")
    fields: list[_Field] = []
    at += 1
    while at < len(words) and words[at] != "}":
        field, at = _field(words, at, depth)
        fields.append(field)
    if at >= len(words) or not fields:
        raise _Unreadable("Parse error: a brace is not closed, or there is nothing in it")
    return tuple(fields), at + 1


def _field(words: Sequence[str], at: int, depth: int) -> tuple[_Field, int]:
    name = alias = _name(words, at)
    at += 1
    if at < len(words) and words[at] == ":":
        name, at = _name(words, at + 1), at + 2
    if at < len(words) and words[at].startswith("("):
        at += 1
    if at < len(words) and words[at] == "{":
        below, at = _fields(words, at, depth + 1)
        return _Field(name, alias, below), at
    return _Field(name, alias, ()), at


def _name(words: Sequence[str], at: int) -> str:
    if at >= len(words) or not _NAME(words[at]):
        raise _Unreadable("Parse error: a name of a field is expected")
    return words[at]
