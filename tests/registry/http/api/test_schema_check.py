"""Held against a validator that others wrote."""

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wharf.errors import MalformedField
from wharf.oci.strict_json import JsonValue
from wharf.registry.http.api.operation import Schema
from wharf.registry.http.api.schema_check import check
from wharf.registry.http.api.strictness import sent

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
    "open": {"type": "object", "properties": {"a": {}}, "additionalProperties": True},
    "alike": {"type": "object", "additionalProperties": {"type": "integer"}, "maxProperties": 2},
}
numbers = st.integers(-9, 9) | st.integers(-9, 9).map(float) | st.floats(-9, 9, allow_nan=False)
leaves = st.none() | st.booleans() | numbers | st.text("abc\n\0", max_size=4)
values: st.SearchStrategy[JsonValue] = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b", "c"]), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=300)
@given(value=values)
def test_it_says_what_json_schema_says(value: JsonValue) -> None:
    for schema in SCHEMAS.values():
        assert jsonschema_rs.is_valid(sent(schema), value) is follows(value, schema), schema


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


def test_a_form_is_told_in_words() -> None:
    with pytest.raises(MalformedField, match="it cannot be c: the letters a and b"):
        check("c", {"type": "string", "pattern": "^[ab]+$", "description": "the letters a and b"}, "it")


def test_a_misspelled_field_is_told() -> None:
    with pytest.raises(MalformedField, match="there is no such field here"):
        check({"a": "", "bb": []}, SCHEMAS["object"], "it")


def test_a_choice_is_told() -> None:
    with pytest.raises(MalformedField, match="it is one of: a, b"):
        check("c", SCHEMAS["choice"], "it")
