"""Variables in words, replaced as BuildKit replaces them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wharf.formats.dockerfile.expand import Expanded, expand
from wharf.formats.hole import Unknown
from wharf.formats.span import Span
from wharf.formats.text import Text

KNOWN = {"A": Text.known("foo.tar.gz"), "E": Text(), "S": Text.unknown(Unknown.SECRET, "S")}


def expanded(word: str) -> Expanded:
    return expand(Text.known(word, Span("Dockerfile", 1, 1, 1, 1 + len(word))), KNOWN)


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("$A", "foo.tar.gz"),
        ("x${A}y", "xfoo.tar.gzy"),
        ("${E:-d}${E-d}", "d"),
        ("${N-d}${N:-$A}", "dfoo.tar.gz"),
        ("${A:+x$A}${E:+y}${E+z}${N+z}", "xfoo.tar.gzz"),
        ("${A%.*}", "foo.tar"),
        ("${A%%.*}", "foo"),
        ("${A#*.}", "tar.gz"),
        ("${A##*.}", "gz"),
        ("${A/o/0}", "f0o.tar.gz"),
        ("${A//o/0}", "f00.tar.gz"),
        ("${A//o}", "f.tar.gz"),
        ("'$A' \"$A\"", "$A foo.tar.gz"),
        ("\\$A", "$A"),
        ('"\\a\\$"', "\\a$"),
        ("${E:-${A}}", "foo.tar.gz"),
        ("a$", "a$"),
        ("$N", ""),
    ],
)
def test_forms_of_a_variable(word: str, value: str) -> None:
    assert value == expanded(word).text.flat


def test_what_is_not_set_is_named() -> None:
    assert [("N", False), ("M", True)] == [(each.name, each.has_default) for each in expanded("$N${M:-x}").unset]


@pytest.mark.parametrize("word", ["${A", "${A~}", "${N:?must}", "${}"])
def test_what_buildkit_refuses_has_a_problem(word: str) -> None:
    assert expanded(word).problem


def test_what_is_not_known_stays_a_hole() -> None:
    assert ["S"] == [hole.reason.subject for hole in expanded("a$S").text.holes]
    assert expanded("${S%x}").text.holes


def test_what_stands_around_a_variable_keeps_its_place() -> None:
    assert Span("Dockerfile", 1, 5, 1, 6) == expanded("${A}x").text[-1:].span


@given(st.text(alphabet="A${}:-+?#%/*\\\"'xN", max_size=60))
@settings(max_examples=100, deadline=None)
def test_whatever_stands_there_an_answer_is_given(word: str) -> None:
    assert isinstance(expanded(word).text.flat, str)
