"""JSON as documents that are signed and hashed need it: one reading, the same for everybody.

Two parsers must not see different things in the same bytes. So what RFC 8259 leaves to taste is refused here:
names given twice, text other than UTF-8, lone surrogates, NUL, numbers without an end, and nesting that exhausts
the reader.
"""

import json
import math
import re
from collections import Counter
from itertools import accumulate
from typing import TypeAlias, cast

from wharf.errors import MalformedJson, shown

JsonValue: TypeAlias = "dict[str, JsonValue] | list[JsonValue] | str | int | float | bool | None"

DEEPEST = 64
LONGEST_NUMBER = 128
_EXCERPT = 80

# The last alternative ends a string that is never closed, so that each byte is looked at once.
# (No possessive quantifiers here: the Python of Debian 12 misreads them over a group.)
_STRING = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?\Z)', re.DOTALL)
_STEPS = bytes({0x5B: 1, 0x7B: 1, 0x5D: 255, 0x7D: 255}.get(byte, 0) for byte in range(256))
_ALL_BUT_BRACKETS = bytes(byte for byte in range(256) if byte not in b"[]{}")
# Each escape in turn: a whole surrogate pair, or (in the group) one that no text may hold, or a harmless one.
_ESCAPE = re.compile(rb"\\(?:u[dD][89abAB]..\\u[dD][c-fC-F]..|(u0000|u[dD][89a-fA-F])|.)", re.DOTALL)


def parse_object(raw: bytes) -> dict[str, JsonValue]:
    """The one object that these bytes are."""
    value = parse_value(raw)
    if not isinstance(value, dict):
        excerpt = raw[:_EXCERPT].decode("utf-8", "ignore")
        raise MalformedJson(excerpt, f"expected a JSON object, found {kind_of(value)}", where="line 1, column 1")
    return value


def parse_value(raw: bytes) -> JsonValue:
    """The one value, of whatever kind, that these bytes are."""
    text = _decode(raw)
    _refuse_deep_nesting(raw)
    try:
        value = _DECODER.decode(text)
    except json.JSONDecodeError as problem:
        raise MalformedJson(
            problem.doc[max(0, problem.pos - _EXCERPT // 2) : problem.pos + _EXCERPT // 2],
            f"not JSON: {problem.msg[:1].lower()}{problem.msg[1:]}",
            where=f"line {problem.lineno}, column {problem.colno}",
        ) from problem
    _refuse_unspeakable_text(raw)
    return cast("JsonValue", value)


def kind_of(value: object) -> str:
    """What a value of JSON is called, for messages."""
    match value:
        case None:
            return "null"
        case bool():
            return "a boolean"
        case int() | float():
            return "a number"
        case str():
            return "a string"
        case list():
            return "an array"
        case _:
            return "an object"


def _decode(raw: bytes) -> str:
    if raw.startswith(b"\xef\xbb\xbf"):
        raise MalformedJson("", "JSON does not begin with a byte order mark", where="byte 0", next_step="remove it")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as problem:
        raise MalformedJson(
            raw[max(0, problem.start - _EXCERPT) : problem.start].decode("utf-8", "replace"),
            f"not UTF-8: {problem.reason}",
            where=f"byte {problem.start}",
        ) from problem


def _refuse_deep_nesting(raw: bytes) -> None:
    """Counted without recursion and before the parser, whose stack would be at stake.

    With the strings taken out only brackets matter: each is a step up or down, and the highest sum is the depth.
    """
    steps = _STRING.sub(b"", raw).translate(_STEPS, _ALL_BUT_BRACKETS)
    if max(accumulate(memoryview(steps).cast("b")), default=0) > DEEPEST:
        raise MalformedJson(
            raw[:_EXCERPT].decode("utf-8", "replace"), f"nested deeper than {DEEPEST} levels", next_step="flatten it"
        )


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise _given_twice(pairs)
    return members


def _given_twice(pairs: list[tuple[str, object]]) -> MalformedJson:
    name = next(name for name, times in Counter(name for name, _ in pairs).items() if times > 1)
    excerpt = name[:_EXCERPT].encode("utf-8", "backslashreplace").decode("utf-8")
    return MalformedJson(
        excerpt, f'the name "{shown(excerpt)}" stands twice in one object', next_step="leave one of the two away"
    )


def _integer(digits: str) -> int:
    if len(digits) > LONGEST_NUMBER:
        raise MalformedJson(digits[:_EXCERPT], f"a number of {len(digits)} digits; at most {LONGEST_NUMBER} are read")
    return int(digits)


def _fraction(digits: str) -> float:
    number = float(digits) if len(digits) <= LONGEST_NUMBER else math.inf
    if not math.isfinite(number):
        raise MalformedJson(digits[:_EXCERPT], "a number too large or too long to be read")
    return number


def _constant(name: str) -> object:
    raise MalformedJson(name, f"{name} is not JSON", next_step="use null, or leave the member away")


_DECODER = json.JSONDecoder(
    object_pairs_hook=_unique, parse_int=_integer, parse_float=_fraction, parse_constant=_constant
)


def _refuse_unspeakable_text(raw: bytes) -> None:
    """Looked for in the bytes, where it has a place. Unescaped, both were refused with the decoding and parsing."""
    bad = next((escape for escape in _ESCAPE.finditer(raw) if escape[1]), None)
    if bad:
        at = bad.start()
        raise MalformedJson(
            raw[at : at + 6].decode("ascii"),
            "text holds a NUL or half of a surrogate pair, which is no character",
            where=_line_and_column(raw, at),
            next_step="leave the character away",
        )


def _line_and_column(raw: bytes, at: int) -> str:
    line_start = raw.rfind(b"\n", 0, at) + 1
    line = raw.count(b"\n", 0, at) + 1
    column = len(raw[line_start:at].decode("utf-8")) + 1
    return f"line {line}, column {column}"
