"""The combinations of a matrix."""

from wharf.formats.github.expressions.evaluate import Scope
from wharf.formats.github.expressions.values import Fields
from wharf.formats.github.matrix import combinations_of, said_in
from wharf.formats.hole import Hole, Reason, Unknown
from wharf.formats.text import Text
from wharf.formats.yaml.parse import parse_yaml

SCOPE = Scope(
    Fields.of({"inputs": Fields.of({"known": Text.known('["x","y"]')}, lambda name: Hole(Reason(Unknown.INPUT, name)))})
)


def combined(text: str) -> list[dict[str, str]]:
    (node,) = parse_yaml(Text.of_file("f.yml", text))
    return [{name: value.shown for name, value in said_in(each).items()} for each in combinations_of(node, SCOPE)]


def test_there_is_one_without_a_matrix() -> None:
    assert 1 == len(combinations_of(None, SCOPE))


def test_all_go_with_all() -> None:
    assert [{"a": "1", "b": "x"}, {"a": "1", "b": "y"}, {"a": "2.5", "b": "x"}, {"a": "2.5", "b": "y"}] == combined(
        "{a: [1, 2.5], b: [x, y]}"
    )


def test_what_is_excluded_by_some_of_its_values_is_left_out() -> None:
    assert [{"a": "1", "b": "y"}, {"a": "2", "b": "y"}] == combined("{a: [1, 2], b: [x, y], exclude: [{b: x}]}")


def test_what_is_included_is_added_as_on_githubs_page() -> None:
    text = """
fruit: [apple, pear]
animal: [cat, dog]
include:
  - color: green
  - {color: pink, animal: cat}
  - {fruit: apple, shape: circle}
  - fruit: banana
  - {fruit: banana, animal: cat}
"""
    assert [
        {"fruit": "apple", "animal": "cat", "color": "pink", "shape": "circle"},
        {"fruit": "apple", "animal": "dog", "color": "green", "shape": "circle"},
        {"fruit": "pear", "animal": "cat", "color": "pink"},
        {"fruit": "pear", "animal": "dog", "color": "green"},
        {"fruit": "banana"},
        {"fruit": "banana", "animal": "cat"},
    ] == combined(text)


def test_inclusions_alone_are_each_a_combination() -> None:
    assert [{"a": "1"}, {"a": "2", "b": "x"}] == combined("{include: [{a: 1}, {a: 2, b: x}]}")


def test_expressions_make_lists() -> None:
    assert [{"a": "x"}, {"a": "y"}] == combined("{a: '${{ fromJSON(inputs.known) }}'}")


def test_what_is_not_known_is_one_open_combination() -> None:
    assert [{"a": "‹list›", "b": "x"}] == combined("{a: '${{ fromJSON(inputs.list) }}', b: [x]}")
    (node,) = parse_yaml(Text.of_file("f.yml", "${{ fromJSON(inputs.all) }}"))
    (only,) = combinations_of(node, SCOPE)
    assert isinstance(only.get("anything"), Hole)


def test_objects_are_told_by_their_parts() -> None:
    assert [{"t.os": "linux", "t.arch": "arm"}] == combined("{t: [{os: linux, arch: arm}]}")


def test_no_more_are_made_than_github_makes() -> None:
    many = ", ".join(map(str, range(100)))
    assert 1 == len(combined(f"{{a: [{many}], b: [{many}], c: [{many}], d: [{many}], e: [{many}]}}"))
