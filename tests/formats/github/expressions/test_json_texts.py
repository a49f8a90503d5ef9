"""JSON in expressions."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wharf.formats.github.expressions.json_texts import read_json, written_json
from wharf.formats.hole import Hole, Unknown
from wharf.formats.text import Text

_plain = (
    st.none() | st.booleans() | st.integers(-1000, 1000) | st.text(max_size=8).filter(lambda text: "\ufffc" not in text)
)
_any = st.recursive(
    _plain,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.from_regex("[a-z]{1,4}", fullmatch=True), inner),
    max_leaves=12,
)


@pytest.mark.slow
@given(_any)
@settings(max_examples=60, deadline=None)
def test_what_is_read_is_written_again(value: object) -> None:
    assert value == json.loads(written_json(read_json(Text.known(json.dumps(value)))).flat)


def test_holes_within_texts_stay_where_they_are() -> None:
    holed = Text.known('["a-') + Text.unknown(Unknown.SECRET, "X") + Text.known('", "b"]')
    assert '[\n  "a-‹X›",\n  "b"\n]' == written_json(read_json(holed)).shown


def test_what_is_too_deep_is_a_hole_in_the_end() -> None:
    assert "" != written_json(read_json(Text.known("[" * 400 + "]" * 400))).flat
    assert isinstance(read_json(Text.known("[" * 100_000)), Hole)


def test_numbers_without_bound_are_infinite() -> None:
    assert float("inf") == read_json(Text.known("1" + "0" * 400))
