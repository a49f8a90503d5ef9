"""Members of a JSON object, asked for as what they must be."""

from collections.abc import Callable

import pytest

from wharf.errors import MalformedConfig
from wharf.oci.members import Members
from wharf.oci.strict_json import JsonValue


def members(values: dict[str, JsonValue]) -> Members:
    return Members.of(values, "config", MalformedConfig)


ASKED: list[tuple[Callable[[Members], object], JsonValue, JsonValue, str]] = [
    (lambda m: m.text("a"), "x", 1, "expected a string, found a number"),
    (lambda m: m.number("a"), 7, True, "expected a whole number, found a boolean"),
    (lambda m: m.number("a"), 0, 7.0, "expected a whole number, found a number"),
    (lambda m: m.flag("a"), True, "yes", "expected true or false, found a string"),
    (lambda m: m.items("a"), [1], {}, "expected an array, found an object"),
    (lambda m: list(m.texts("a")), ["x"], "x", "expected an array, found a string"),
    (lambda m: m.inner("a").values, {"b": 1}, [], "expected an object, found an array"),
    (lambda m: [inner.values for inner in m.each("a")], [{}], 1, "expected an array, found a number"),
    (lambda m: dict(m.text_map("a")), {"b": "c"}, 1.5, "expected an object, found a number"),
]


@pytest.mark.parametrize(("ask", "right", "wrong", "reason"), ASKED)
def test_what_is_of_its_kind_is_given(
    ask: Callable[[Members], object], right: JsonValue, wrong: JsonValue, reason: str
) -> None:
    assert right == ask(members({"a": right}))


@pytest.mark.parametrize(("ask", "right", "wrong", "reason"), ASKED)
def test_what_is_of_another_kind_is_refused(
    ask: Callable[[Members], object], right: JsonValue, wrong: JsonValue, reason: str
) -> None:
    with pytest.raises(MalformedConfig) as caught:
        ask(members({"a": wrong}))
    assert (reason, "config.a") == (caught.value.reason, caught.value.where)


@pytest.mark.parametrize("values", [{}, {"a": None}])
def test_what_is_left_away_or_null_is_empty(values: dict[str, JsonValue]) -> None:
    m = members(values)
    answers = (m.text("a"), m.flag("a"), m.items("a"), m.texts("a"), m.inner("a").values, m.each("a"), m.text_map("a"))
    assert not any(answers)


@pytest.mark.parametrize("values", [{}, {"a": None}])
def test_a_number_must_be_there(values: dict[str, JsonValue]) -> None:
    with pytest.raises(MalformedConfig, match="a whole number is missing"):
        members(values).number("a")


@pytest.mark.parametrize(
    ("ask", "value", "where"),
    [
        (lambda m: m.texts("a"), ["x", 1], "config.a[1]"),
        (lambda m: m.each("a"), [{}, {}, 1], "config.a[2]"),
        (lambda m: m.each("a")[0].text("b"), [{"b": 1}], "config.a[0].b"),
        (lambda m: m.text_map("a"), {"b": "c", "d": 1}, "config.a.d"),
    ],
)
def test_the_path_to_what_is_wrong_is_told(ask: Callable[[Members], object], value: JsonValue, where: str) -> None:
    with pytest.raises(MalformedConfig) as caught:
        ask(members({"a": value}))
    assert where == caught.value.where


def test_at_the_top_a_path_is_the_name_alone() -> None:
    assert "a" == Members.of({}, "", MalformedConfig).path("a")


def test_a_path_is_safe_to_print_and_short() -> None:
    path = Members.of({}, "", MalformedConfig).path("\x1b[31m" + "a" * 1000)
    assert (r"\x1b[31maaa", True) == (path[:11], len(path) < 100)
