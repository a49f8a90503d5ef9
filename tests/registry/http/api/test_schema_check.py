"""Held against a validator that others wrote."""

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wharf.errors import MalformedField
from wharf.oci.strict_json import JsonValue
from wharf.registry.http.api.operation import Schema
from wharf.registry.http.api.schema_check import check

SCHEMAS: dict[str, Schema] = {
    "text": {"type": "string", "minLength": 1, "maxLength": 3},
    "pattern": {"type": "string", "pattern": "^[ab]+$"},
    "number": {"type": "integer", "minimum": 0, "maximum": 5},
    "choice": {"type": "string", "enum": ["a", "b"]},
    "nullable": {"type": ["string", "null"]},
    "list": {"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": 2},
    "truth": {"type": "boolean"},
    "free": {"type": "object"},
    "object": {
        "type": "object",
        "required": ["a"],
        "properties": {"a": {"type": "string"}, "b": {"type": "array", "items": {"type": "integer"}}},
    },
    "closed": {"type": "object", "properties": {"a": {}}, "additionalProperties": False},
}
leaves = st.none() | st.booleans() | st.integers(-9, 9) | st.text("abc", max_size=4)
values: st.SearchStrategy[JsonValue] = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b", "c"]), inner, max_size=3),
    max_leaves=6,
)


@pytest.mark.parametrize("name", SCHEMAS)
@settings(max_examples=100, deadline=None)
@given(value=values)
def test_it_says_what_json_schema_says(name: str, value: JsonValue) -> None:
    assert jsonschema_rs.is_valid(dict(SCHEMAS[name]), value) is follows(value, SCHEMAS[name])


def follows(value: JsonValue, schema: Schema) -> bool:
    try:
        check(value, schema, "it")
    except MalformedField:
        return False
    return True


def test_the_place_is_named() -> None:
    with pytest.raises(MalformedField, match=r"it\.b\[1\] is a whole number"):
        check({"a": "", "b": [1, "2"]}, SCHEMAS["object"], "it")


def test_true_is_no_number() -> None:
    assert not follows(True, {"type": "integer", "minimum": 0})  # noqa: FBT003 - a value of JSON


def test_a_choice_is_told() -> None:
    with pytest.raises(MalformedField, match="it is one of: a, b"):
        check("c", SCHEMAS["choice"], "it")
