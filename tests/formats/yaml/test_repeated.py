"""Keys that are there twice."""

from wharf.formats.text import Text
from wharf.formats.yaml.parse import parse_yaml
from wharf.formats.yaml.repeated import repeated_keys


def repeated(content: str) -> list[tuple[str, int]]:
    found = [key for node in parse_yaml(Text.of_file("f.yml", content)) for key in repeated_keys(node)]
    return [(key.text.flat, key.span.line) for key in found]


def test_each_is_told_where_it_stands_again_however_deep() -> None:
    assert [("b", 4), ("c", 6)] == repeated("a:\n- x:\n    b: 1\n    b: 2\nc: 1\nc: 2\n")[::-1]


def test_what_is_merged_is_not_repeated() -> None:
    assert [] == repeated("a: &a {x: 1}\nb: {<<: *a, x: 2}\n")


def test_what_several_aliases_name_is_told_once() -> None:
    assert [("x", 1)] == repeated("a: &a {x: 1, x: 2}\nb: *a\nc: *a\n")
