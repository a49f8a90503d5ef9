"""From characters to expressions; and what GitHub refuses."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.formats.github.expressions.asking import SCOPE
from wharf.formats.github.expressions.parse import Misread, parse_expression
from wharf.formats.github.expressions.template import filled, holds
from wharf.formats.text import Text


@pytest.mark.parametrize(
    ("written", "offset"),
    [
        ("github.ref ==", 13),
        ('github.ref == "main"', 14),
        ("contains(a, b", 13),
        ("a b", 2),
        ("'open", 0),
        ("a.", 2),
        ("a[1", 3),
        ("", 0),
        ("f(,)", 2),
        ("a & b", 2),
        ("1a", 0),
        ("a == = b", 5),
    ],
)
def test_it_says_where_it_is_no_expression(written: str, offset: int) -> None:
    misread = parse_expression(written)
    assert isinstance(misread, Misread)
    assert offset == misread.offset
    assert not misread.is_our_bound


@pytest.mark.parametrize(
    "written", ["(" * 60 + "a" + ")" * 60, "!" * 60 + "a", "a" + ".b" * 60, "||".join("a" * 200), "a," * 3000]
)
def test_what_is_deeper_than_our_bound_is_not_called_wrong(written: str) -> None:
    misread = parse_expression(written)
    assert isinstance(misread, Misread)
    assert misread.is_our_bound


@pytest.mark.parametrize(
    "written", ["a.*.b", "a['x-y'].z", "a[*]", "f()", "f( a , 1 )", "steps.build-it.outputs.x_y", "!!a", "a==b", "-1"]
)
def test_what_github_reads_is_read(written: str) -> None:
    assert not isinstance(parse_expression(written), Misread)


_WORDS = st.sampled_from(
    [
        "github.ref",
        "secrets.X",
        "'a'",
        "1",
        "&&",
        "||",
        "==",
        "!",
        "(",
        ")",
        "[",
        "]",
        ".",
        "*",
        ",",
        "<",
        "toJSON(",
        "'",
    ]
)


@given(st.lists(_WORDS, max_size=12).map(" ".join) | st.text(max_size=30))
@settings(max_examples=100, deadline=None)
def test_whatever_is_written_comes_to_something(written: str) -> None:
    inside = Text.of_file("f", "${{" + written + "}}")
    assert isinstance(filled(inside, SCOPE), Text)
    assert holds(inside, SCOPE) in {True, False, None}
