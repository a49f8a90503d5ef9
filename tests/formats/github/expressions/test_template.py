"""Texts with expressions in them."""

from tests.formats.github.expressions.asking import FILE, SCOPE, is_true
from wharf.formats.github.expressions.template import filled, filled_value, inserted_in
from wharf.formats.span import Span
from wharf.formats.text import Text


def test_text_around_keeps_its_place_and_values_get_that_of_their_expression() -> None:
    text = filled(Text.of_file(FILE, "img:${{ github.ref }}-x"), SCOPE)
    assert "img:refs/heads/main-x" == text.flat
    spans = [text[0:1].span, text[4:5].span, text[-1:].span]
    assert [(1, 2), (5, 22), (23, 24)] == [(span.column, span.end_column) for span in spans if span]


def test_a_text_in_an_expression_keeps_its_own_place() -> None:
    text = filled(Text.of_file(FILE, "${{ false || 'latest' }}"), SCOPE)
    assert Span(FILE, 1, 15, 1, 21) == text.span


def test_a_hole_is_where_it_is_asked_for() -> None:
    text = filled(Text.of_file(FILE, "a ${{ secrets.X }}"), SCOPE)
    assert [Span(FILE, 1, 3, 1, 19)] == [hole.span for hole in text.holes]


def test_brackets_in_quotes_do_not_close() -> None:
    assert "}}!" == filled(Text.known("${{ '}}' }}!"), SCOPE).flat


def test_one_that_is_never_closed_goes_to_the_end() -> None:
    (only,) = inserted_in(Text.known("a ${{ github.ref"))
    assert (2, 16, False) == (only.start, only.end, only.is_closed)


def test_one_expression_alone_keeps_its_type() -> None:
    assert True is filled_value(Text.known(" ${{ github.event.ok }} "), SCOPE)
    assert "x7" == getattr(filled_value(Text.known("x${{ github.run }}"), SCOPE), "flat", None)


def test_a_condition_needs_no_marks() -> None:
    assert True is is_true("github.ref == 'refs/heads/main'")
    assert False is is_true("${{ github.ref == 'refs/heads/dev' }}")


def test_text_beside_the_marks_is_always_true() -> None:
    assert True is is_true("${{ github.ref }} == 'refs/heads/dev'")


def test_an_empty_condition_is_no_condition() -> None:
    assert True is is_true("  ")
