"""Schemas of the rows, written out: what each of them means without saying it.

An object that names its members has no others, unless it says so. A text that is sent holds no NUL: no JSON with one is
read here, for not every database can keep it.
"""

from collections.abc import Callable, Mapping
from typing import Final

from wharf.oci.strict_json import JsonValue
from wharf.registry.http.api.operation import Schema

_Write = Callable[[Schema], dict[str, JsonValue]]
_WITHOUT_NUL: Final = "^[^\\u0000]*$"
_SAYS_MORE: Final = ("enum", "pattern", "format")


def is_closed(schema: Schema) -> bool:
    return "properties" in schema and schema.get("additionalProperties", False) is False


def is_free_text(schema: Schema) -> bool:
    kinds = schema.get("type")
    is_text = kinds == "string" or (isinstance(kinds, list) and "string" in kinds)
    return is_text and not any(word in schema for word in _SAYS_MORE)


def answered(schema: Schema) -> dict[str, JsonValue]:
    """With all objects closed that are."""
    written = {word: _inside(word, value, answered) for word, value in schema.items()}
    return {**written, "additionalProperties": False} if is_closed(schema) else written


def sent(schema: Schema) -> dict[str, JsonValue]:
    """As it is answered, and with texts that can be sent."""
    written = {word: _inside(word, value, sent) for word, value in schema.items()}
    if is_closed(schema):
        return {**written, "additionalProperties": False}
    return {**written, "pattern": _WITHOUT_NUL} if is_free_text(schema) else written


def _inside(word: str, value: JsonValue, write: _Write) -> JsonValue:
    """What stands below a word of a schema: schemas, by name or in a row, or one."""
    match word, value:
        case "properties", dict():
            return {name: write(part) if isinstance(part, Mapping) else part for name, part in value.items()}
        case (("items" | "additionalProperties" | "propertyNames"), dict()):
            return write(value)
        case (("anyOf" | "oneOf" | "allOf"), list()):
            return [write(part) if isinstance(part, Mapping) else part for part in value]
    return value
