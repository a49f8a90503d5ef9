from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wharf.errors import MalformedFile
from wharf.formats.github.metadata.csv_rows import Comments, Quotes, rows
from wharf.formats.text import Text


def _rows(text: str, comments: Comments = Comments.NONE, quotes: Quotes = Quotes.RELAXED) -> list[list[str]]:
    return [[value.flat for value in row] for row in rows(Text.known(text), comments, quotes)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a,b\nc", [["a", "b"], ["c"]]),
        ("\n\na\n\n", [["a"]]),
        ('"a,b",c', [["a,b", "c"]]),
        ('"a ""b"" c"', [['a "b" c']]),
        ('a "b" c', [['a "b" c']]),
        ('"a"b', [['"a"b']]),
        ("a\r\nb\nc", [["a"], ["b\nc"]]),
        (",", [["", ""]]),
        ('""', [[""]]),
    ],
)
def test_lines_and_values(text: str, expected: list[list[str]]) -> None:
    assert expected == _rows(text)


@pytest.mark.parametrize(
    ("comments", "expected"),
    [
        (Comments.NONE, [["# x"], ["a#b"]]),
        (Comments.LINES, [["a#b"]]),
        (Comments.ANYWHERE, [["a"]]),
    ],
)
def test_comments(comments: Comments, expected: list[list[str]]) -> None:
    assert expected == _rows("# x\na#b", comments)


@pytest.mark.parametrize("text", ['a"b', '"a"b', '"a'])
def test_quotes_in_wrong_places_are_refused_where_nobody_relaxes_them(text: str) -> None:
    with pytest.raises(MalformedFile):
        _rows(text, quotes=Quotes.STRICT)


@given(st.text(alphabet='a,"#\n\r =', max_size=20), st.sampled_from(Comments), st.sampled_from(Quotes))
def test_nothing_but_a_refusal_is_raised(text: str, comments: Comments, quotes: Quotes) -> None:
    with suppress(MalformedFile):
        _rows(text, comments, quotes)
