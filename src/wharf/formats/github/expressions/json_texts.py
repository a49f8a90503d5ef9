"""JSON as `toJSON` writes it and `fromJSON` reads it, with holes kept inside of its texts."""

import json
from collections.abc import Iterator
from typing import Any, Final

from wharf.formats.github.expressions.values import Fields, Items, Value
from wharf.formats.github.scalars import written
from wharf.formats.hole import Hole, Reason, Unknown
from wharf.formats.text import HOLE, Text

LONGEST: Final = 250_000
"""In characters, of what is read or written."""
DEEPEST: Final = 50


def read_json(text: Text) -> Value:
    """What is not JSON fails the step; here it is a hole."""
    if text.flat.strip() == HOLE:
        return text.holes[0]
    if len(text) > LONGEST:
        return Hole(Reason(Unknown.TOO_MUCH, "fromJSON"), text.span)
    try:
        read: Any = json.loads(text.flat)
    except (ValueError, RecursionError):
        return text.holes[0] if text.holes else Hole(Reason(Unknown.SYNTAX, text.flat[:80]), text.span)
    return _Reading(text).value(read, 0)


def written_json(value: Value) -> Text:
    """With two blanks of indentation for each level."""
    return Text.joined(_lines(value, "", [LONGEST]))


class _Reading:
    """Holes are met in the order in which they stand."""

    def __init__(self, text: Text) -> None:
        self._holes = iter(text.holes)
        self._span = text.span

    def value(self, read: Any, depth: int) -> Value:
        if depth > DEEPEST:
            return Hole(Reason(Unknown.TOO_MUCH, "fromJSON"), self._span)
        match read:
            case dict():
                return Fields.of({self._key(str(name)): self.value(each, depth + 1) for name, each in read.items()})
            case list():
                return Items(tuple(self.value(each, depth + 1) for each in read))
            case str():
                return self._text(read)
            case bool() | None:
                return read
            case int() | float():
                return _float(read)
        return None

    def _key(self, name: str) -> str:
        for _ in range(name.count(HOLE)):
            next(self._holes, None)
        return name

    def _text(self, read: str) -> Text:
        first, *others = (Text.known(part, self._span) if part else Text() for part in read.split(HOLE))
        for part in others:
            hole = next(self._holes, None)
            first = first + (Text((hole,)) if hole else Text.known(HOLE)) + part
        return first


def _float(number: float) -> float:
    try:
        return float(number)
    except OverflowError:
        return float("inf") if number > 0 else float("-inf")


def _lines(value: Value, indent: str, left: list[int]) -> Iterator[Text]:
    if isinstance(value, Fields) and value.others is not None:
        yield Text.unknown(Unknown.RUN, "toJSON")
    elif isinstance(value, Fields | Items) and len(indent) <= 2 * DEEPEST and left[0] > 0:
        yield from _members(value, indent, left)
    else:
        said = _simple(value)
        left[0] -= len(said)
        yield said


def _members(value: Fields | Items, indent: str, left: list[int]) -> Iterator[Text]:
    opening, closing = ("{", "}") if isinstance(value, Fields) else ("[", "]")
    named = list(value.entries.values()) if isinstance(value, Fields) else [("", each) for each in value.values]
    deeper = indent + "  "
    for at, (name, each) in enumerate(named):
        key = f"{json.dumps(name, ensure_ascii=False)}: " if isinstance(value, Fields) else ""
        yield Text.known(f"{',' if at else opening}\n{deeper}{key}")
        yield from _lines(each, deeper, left)
    yield Text.known(f"\n{indent}{closing}" if named else opening + closing)


def _simple(value: Value) -> Text:
    match value:
        case Hole():
            return Text((value,))
        case Text():
            return (
                Text.known('"')
                + value.mapped(lambda part: json.dumps(part, ensure_ascii=False)[1:-1])
                + Text.known('"')
            )
        case None:
            return Text.known("null")
        case Items() | Fields():
            return Text.unknown(Unknown.TOO_MUCH, "toJSON")
        case _:
            return Text.known(written(value))
