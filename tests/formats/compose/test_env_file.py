"""The file `.env`, form by form."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wharf.errors import MalformedFile
from wharf.formats.compose.env_file import read_env_file
from wharf.formats.compose.project import Surroundings
from wharf.formats.shell.ran import Given
from wharf.formats.span import Span
from wharf.formats.text import Text

ALONE = Surroundings(others=Given.UNSET)


def read(content: str, surroundings: Surroundings = ALONE) -> dict[str, str]:
    return {name: value.shown for name, value in read_env_file(Text.of_file(".env", content), surroundings).items()}


@pytest.mark.parametrize(
    ("line", "name", "value"),
    [
        ("FOO=bar", "FOO", "bar"),
        ("FOO =bar", "FOO", "bar"),
        ("FOO= bar", "FOO", "bar"),
        ('FOO="bar"', "FOO", "bar"),
        ("FOO='bar'", "FOO", "bar"),
        ('FOO="escaped\\"bar"', "FOO", 'escaped"bar'),
        ("FOO=\"'d'\"", "FOO", "'d'"),
        ("OPTION_A: 1", "OPTION_A", "1"),
        ("OPTION_A: Foo=bar", "OPTION_A", "Foo=bar"),
        ("OPTION_A=1:B", "OPTION_A", "1:B"),
        ("export OPTION_A=2", "OPTION_A", "2"),
        ("export OPTION_B='\\n'", "OPTION_B", "\\n"),
        ("exportFOO=2", "exportFOO", "2"),
        ("\texport OPTION_A=2", "OPTION_A", "2"),
        ('FOO="bar\\nbaz"', "FOO", "bar\nbaz"),
        ("FOO=a\\tb", "FOO", "a\\tb"),
        ('KEY="Z\\aZ\\bZ\\fZ\\nZ\\rZ\\tZ\\vZ\\\\Z\\0123Z"', "KEY", "Z\aZ\bZ\fZ\nZ\rZ\tZ\vZ\\ZSZ"),
        ("FOO.BAR=foobar", "FOO.BAR", "foobar"),
        ("VAR-WITH-DASHES=x", "VAR-WITH-DASHES", "x"),
        ("FOO=foobar=", "FOO", "foobar="),
        ("FOO=bar ", "FOO", "bar"),
        ("FOO=bar # this is foo", "FOO", "bar"),
        ("FOO=123#not-an-inline-comment", "FOO", "123#not-an-inline-comment"),
        ('FOO="bar#baz" # comment', "FOO", "bar#baz"),
        ('FOO="bar\\\\\\n\\ b\\az"', "FOO", "bar\\\n\\ b\az"),
        ('KEY="\\x07"', "KEY", "\\x07"),
        ('FOO="foo\\$BAR"', "FOO", "foo$BAR"),
        ("BAR='quote $FOO'", "BAR", "quote $FOO"),
        ("BAR=$FOO", "BAR", ""),
        ("FOO=", "FOO", ""),
        ("A=1\r\n", "A", "1"),
        ('A="first\nsecond"', "A", "first\nsecond"),
    ],
)
def test_a_line_is_read(line: str, name: str, value: str) -> None:
    assert {name: value} == read(line)


def test_values_use_those_before_them() -> None:
    assert {"FOO": "test", "BAR": "testbar test"} == read('FOO=test\nBAR="${FOO}bar $FOO"')


def test_the_environment_counts_more_in_values_too() -> None:
    around = Surroundings({"TAG": Text.known("given")}, Given.UNSET)
    assert {"TAG": "written", "IMAGE": "app:given"} == read("TAG=written\nIMAGE=app:$TAG", around)


def test_a_name_alone_is_taken_from_the_environment() -> None:
    around = Surroundings({"TAG": Text.known("given")}, Given.UNSET)
    assert {"TAG": "given", "A": "1"} == read("TAG\nGONE\nA=1", around)


def test_a_value_knows_its_place() -> None:
    values = read_env_file(Text.of_file(".env", "# of the image\nTAG='1.2'\n"), ALONE)
    assert Span(".env", 2, 6, 2, 9) == values["TAG"].span


@pytest.mark.parametrize("content", ['K="', 'K="value\\"', "K='value\\'", "lol$wut", "A B=1", "A=1\n\n-?=x"])
def test_what_is_no_statement_is_refused_with_its_place(content: str) -> None:
    with pytest.raises(MalformedFile):
        read(content)


def test_values_that_double_themselves_end() -> None:
    lines = ["A0=xxxxxxxxxx"] + [f"A{at}=$A{at - 1}$A{at - 1}" for at in range(1, 60)]
    assert "‹" in read("\n".join(lines))["A59"]


@settings(max_examples=100)
@given(st.text(alphabet="AB=:'\"\\ \n#${}-\t1"))
def test_anything_is_read_or_refused(content: str) -> None:
    with suppress(MalformedFile):
        assert all(isinstance(value, str) for value in read(content).values())
