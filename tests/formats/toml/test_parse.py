"""TOML with places."""

import tomllib
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from wharf.errors import MalformedFile
from wharf.formats.text import Text
from wharf.formats.toml.parse import Toml, parse_toml

EXAMPLE = '''
title = "a # b" # c
"quoted key" = 'x'
a.b.c = [1, # one
  2,
]
text = """
[no table]
x = 1
"""
[one]
inline = { x = 1, y = "}" }
[[many]]
name = "first"
[many.inner]
deep = true
[[many]]
name = "second"
[many.inner]
deep = false
'''


def read(content: str) -> Toml:
    return parse_toml(Text.of_file("a.toml", content))


def test_settings_have_full_names_and_values() -> None:
    assert {
        ("title",): "a # b",
        ("quoted key",): "x",
        ("a", "b", "c"): [1, 2],
        ("text",): "[no table]\nx = 1\n",
        ("one", "inline"): {"x": 1, "y": "}"},
        ("many", 0, "name"): "first",
        ("many", 0, "inner", "deep"): True,
        ("many", 1, "name"): "second",
        ("many", 1, "inner", "deep"): False,
    } == {setting.path: setting.value for setting in read(EXAMPLE).settings}


def test_settings_have_places() -> None:
    setting = read(EXAMPLE).setting("a", "b", "c")

    assert setting
    assert ("a.toml:4:1", "a.toml:4:9", 6) == (str(setting.span), str(setting.value_span), setting.value_span.end_line)


def test_what_stands_there_twice_is_told_of_with_both_places() -> None:
    found = read("[a]\nx = 1\ny = 2\nx = 1\n[b]\n[a]\n")

    assert [(2, 4), (1, 6)] == [(each.first.span.line, each.second.span.line) for each in found.repeated]


@pytest.mark.parametrize(
    ("content", "place"),
    [("a = \n", (1, 5)), ("a\n", (1, 2)), ("x = 1\n[a\n", (2, 3)), ("a = 1 b = 2\n", (1, 5)), ("a = {x = 1\n", (1, 5))],
)
def test_what_is_no_toml_is_malformed_where_it_stands(content: str, place: tuple[int, int]) -> None:
    with pytest.raises(MalformedFile) as found:
        read(content)

    assert place == (found.value.line, found.value.column)


def test_deep_nesting_is_malformed() -> None:
    with pytest.raises(MalformedFile):
        read("a = " + "[" * 5000 + "]" * 5000)


@pytest.mark.parametrize("content", ["a = 1\nb = " + "9" * 5000, "[t]\na = 1\n[t.b]\n'c' = [1, 0x" + "9" * 5000 + "]"])
def test_a_number_beyond_all_measure_is_malformed(content: str) -> None:
    with suppress(MalformedFile):
        read(content)


@settings(max_examples=80)
@given(some.text(alphabet="ab.=[]{}\"'#\n\\ 1,t", max_size=60))
def test_it_reads_what_the_library_reads_and_nothing_else(content: str) -> None:
    try:
        tomllib.loads(content)
        is_toml = True
    except tomllib.TOMLDecodeError:
        is_toml = False
    try:
        found = read(content)
    except MalformedFile:
        assert not is_toml
    else:
        assert is_toml or found.repeated


@pytest.mark.slow
@pytest.mark.parametrize("content", ["a = 1\n" * 60_000, "".join(f"a{at} = 1\n" for at in range(6_000))])
def test_a_file_beyond_all_measure_is_refused(content: str) -> None:
    with pytest.raises(MalformedFile):
        read(content)
