"""Values of bake files: texts, numbers, truths, lists and objects. What is not known is a text that is a hole."""

from collections.abc import Mapping
from typing import TypeAlias

from wharf.formats.hole import Unknown
from wharf.formats.text import Text

Value: TypeAlias = "Text | float | bool | tuple[Value, ...] | Mapping[str, Value] | None"


def unknown(kind: Unknown, subject: str, source: Text | None = None) -> Text:
    return Text.unknown(kind, subject, source.span if source else None)


def is_unknown(value: Value) -> bool:
    return isinstance(value, Text) and bool(value.holes)


def as_text(value: Value) -> Text:
    if isinstance(value, Text):
        return value
    if isinstance(value, bool):
        return Text.known("true" if value else "false")
    if isinstance(value, float):
        return Text.known(str(int(value)) if value.is_integer() else repr(value))
    if value is None:
        return Text()
    return unknown(Unknown.SYNTAX, "a list or an object in a text")


def truth(value: Value) -> bool | None:
    """None, where it is not known."""
    if isinstance(value, bool):
        return value
    if isinstance(value, Text) and value.value in {"true", "false", "1", "0"}:
        return value.flat in {"true", "1"}
    return None


def texts(value: Value) -> tuple[Text, ...]:
    """Of a list; null is no text."""
    if isinstance(value, tuple):
        return tuple(as_text(each) for each in value if each is not None)
    return () if value is None else (as_text(value),)
