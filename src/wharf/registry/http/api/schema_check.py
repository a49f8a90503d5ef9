"""Whether a value follows its JSON Schema: the few words of that language that the rows of the API use.

    type, enum, required, properties, additionalProperties, maxProperties, items, minItems, maxItems,
    minLength, maxLength, pattern (whose description says it in words), minimum, maximum

A document that promises a schema is true only if the door holds everybody to it. An object that names its members has
no others, unless it says so: whoever mistypes a limit would get what has none.
"""

import re
from collections.abc import Mapping

from wharf.errors import MalformedField, shown
from wharf.oci.strict_json import JsonValue
from wharf.registry.http.api.operation import Schema
from wharf.registry.http.api.strictness import is_closed, is_free_text

_KINDS: Mapping[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
}
_WORDS = {
    "object": "an object",
    "array": "a list",
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "null": "null",
}


def check(value: JsonValue, schema: Schema, name: str) -> None:
    """Raises MalformedField, which names the part of the value that does not follow its schema."""
    if value not in _listed(schema, "enum", [value]):
        raise MalformedField(name, f"{name} is one of: {', '.join(map(str, _listed(schema, 'enum', [])))}")
    _check_kind(value, schema, name)
    match value:
        case str():
            _check_text(value, schema, name)
        case list():
            _check_list(value, schema, name)
        case dict():
            _check_bounds(len(value), schema, "minProperties", "maxProperties", name, f"the number of {name}")
            check_object(value, schema, f"{name}.")
        case int() | float() if not isinstance(value, bool):
            _check_bounds(value, schema, "minimum", "maximum", name, name)


def check_object(value: Mapping[str, JsonValue], schema: Schema, prefix: str = "") -> None:
    for name in _listed(schema, "required", []):
        if name not in value:
            raise MalformedField(prefix + str(name), f"{prefix}{name} is missing")
    properties = schema.get("properties")
    known = properties if isinstance(properties, dict) else {}
    strange = sorted(value.keys() - known.keys())
    if strange and is_closed(schema):
        raise MalformedField(prefix + strange[0], "there is no such field here")
    if isinstance(others := schema.get("additionalProperties"), dict):
        for name in strange:
            check(value[name], others, prefix + name)
    for name, part in known.items():
        if name in value and isinstance(part, dict):
            check(value[name], part, prefix + name)


def _check_kind(value: JsonValue, schema: Schema, name: str) -> None:
    given = schema.get("type")
    kinds = [given] if isinstance(given, str) else _listed(schema, "type", [])
    if kinds and not any(_is_a(value, str(kind)) for kind in kinds):
        raise MalformedField(name, f"{name} is {' or '.join(_WORDS[str(kind)] for kind in kinds)}")


def _is_a(value: JsonValue, kind: str) -> bool:
    """1.0 is a whole number, and true is no number at all."""
    if kind == "integer" and isinstance(value, float):
        return value.is_integer()
    return isinstance(value, _KINDS[kind]) and (kind == "boolean" or not isinstance(value, bool))


def _check_text(value: str, schema: Schema, name: str) -> None:
    _check_bounds(len(value), schema, "minLength", "maxLength", name, f"the length of {name}")
    if "\0" in value and is_free_text(schema):
        raise MalformedField(name, f"{name} holds a NUL")
    pattern = schema.get("pattern")
    if isinstance(pattern, str) and re.search(_to_the_end(pattern), value) is None:
        raise MalformedField(name, _unlike(value, schema, name))


def _unlike(value: str, schema: Schema, name: str) -> str:
    form = schema.get("description")
    return f"{name} cannot be {shown(value)}: {form}" if form else f"{name} cannot be written so"


def _to_the_end(pattern: str) -> str:
    """In JSON Schema, `$` is the end of a text, and not also what stands before a last line end."""
    return rf"{pattern[:-1]}\Z" if pattern.endswith("$") else pattern


def _check_list(value: list[JsonValue], schema: Schema, name: str) -> None:
    _check_bounds(len(value), schema, "minItems", "maxItems", name, f"the length of {name}")
    items = schema.get("items")
    if isinstance(items, dict):
        for place, entry in enumerate(value):
            check(entry, items, f"{name}[{place}]")


def _check_bounds(value: float, schema: Schema, least: str, most: str, name: str, said: str) -> None:
    bound = schema.get(least)
    if isinstance(bound, int | float) and value < bound:
        raise MalformedField(name, f"{said} is at least {bound}")
    bound = schema.get(most)
    if isinstance(bound, int | float) and value > bound:
        raise MalformedField(name, f"{said} is at most {bound}")


def _listed(schema: Schema, word: str, otherwise: list[JsonValue]) -> list[JsonValue]:
    value = schema.get(word)
    return value if isinstance(value, list) else otherwise
