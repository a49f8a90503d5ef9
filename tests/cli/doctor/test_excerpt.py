import pytest
from hypothesis import given
from hypothesis import strategies as st

from wharf.cli.doctor.excerpt import excerpt
from wharf.cli.output import width_of
from wharf.formats.span import Span


def shown(line: str, span: Span) -> list[str]:
    return ["".join(text for text, _ in parts) for parts in excerpt(line, span, "red")]


def test_what_is_meant_is_marked_below() -> None:
    assert ["    42 │ docker pull $IMAGE", "       │             ^^^^^^"] == shown(
        "  docker pull $IMAGE", Span("a", 42, 15, 42, 21)
    )


def test_wide_characters_take_two_columns() -> None:
    assert "       │     ^^^^" == shown("가나다라", Span("a", 1, 3, 1, 5))[1]


def test_what_goes_on_is_marked_to_the_end_of_the_line() -> None:
    assert "       │   ^^^" == shown("a bcd", Span("a", 1, 3, 9, 1))[1]


def test_a_place_without_characters_is_marked_once() -> None:
    assert "       │ ^" == shown("abc", Span.at("a", 1, 1))[1]


def test_an_empty_line_is_not_shown() -> None:
    assert [] == shown("  ", Span.at("a"))


@pytest.mark.parametrize("column", [1, 150, 299])
def test_a_long_line_is_shown_around_what_is_meant(column: int) -> None:
    lines = shown("x" * (column - 1) + "HERE" + "y" * 300, Span("a", 1, column, 1, column + 4))

    assert "HERE" in lines[0]
    assert all(len(line) <= 80 for line in lines)
    assert lines[0].index("HERE") == lines[1].index("^^^^")


@given(st.text(max_size=200), st.integers(1, 210), st.integers(0, 210))
def test_whatever_stands_there_fits(line: str, column: int, width: int) -> None:
    assert all(width_of(each) <= 80 for each in shown(line, Span("a", 1, column, 1, column + width)))
