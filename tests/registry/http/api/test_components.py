import pytest

from wharf.registry.http.api.components import gathered

THING = {"title": "Thing", "type": "object", "properties": {"title": {"type": "string"}}}
REFERENCE = {"$ref": "#/components/schemas/Thing"}


def test_what_has_a_title_stands_once() -> None:
    schemas: dict[str, object] = {}

    referring = gathered({"one": THING, "many": {"type": "array", "items": THING}}, schemas)

    assert {"one": REFERENCE, "many": {"type": "array", "items": REFERENCE}} == referring
    assert {"Thing": {"type": "object", "properties": {"title": {"type": "string"}}}} == schemas


def test_what_has_none_stays() -> None:
    schemas: dict[str, object] = {}
    part = {"type": "object", "properties": {"title": {"type": "string"}, "type": {"type": "string"}}}

    assert part == gathered(part, schemas)
    assert {} == schemas


def test_two_things_do_not_have_one_title() -> None:
    with pytest.raises(AssertionError, match="two schemas are called Thing"):
        gathered([THING, {**THING, "required": []}], {})
