"""What the rows leave unsaid stands in the document."""

import pytest

from wharf.registry.http.api.operation import Schema
from wharf.registry.http.api.strictness import answered, sent

NAMED: Schema = {"type": "object", "properties": {"a": {"type": "string"}}}
CLOSED: Schema = {**NAMED, "additionalProperties": False}


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        (NAMED, CLOSED),
        ({"type": "array", "items": NAMED}, {"type": "array", "items": CLOSED}),
        ({"anyOf": [NAMED, {"type": "null"}]}, {"anyOf": [CLOSED, {"type": "null"}]}),
        ({"type": "object", "additionalProperties": NAMED}, {"type": "object", "additionalProperties": CLOSED}),
    ],
)
def test_an_object_that_names_its_members_has_no_others(said: Schema, meant: Schema) -> None:
    assert meant == answered(said)


@pytest.mark.parametrize("said", [{"type": "object"}, {**NAMED, "additionalProperties": True}])
def test_an_object_that_is_open_stays_open(said: Schema) -> None:
    assert said == answered(said)


def test_a_text_that_is_sent_holds_no_nul() -> None:
    assert {"type": "string", "maxLength": 9, "pattern": "^[^\\u0000]*$"} == sent({"type": "string", "maxLength": 9})


@pytest.mark.parametrize("said", [{"type": "string", "enum": ["a"]}, {"type": "string", "pattern": "^a$"}])
def test_a_text_that_says_how_it_looks_says_that_alone(said: Schema) -> None:
    assert said == sent(said)
