"""Expressions as Go reads them, matched in two ways that must agree."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wharf.formats.dockerfile import go_expression
from wharf.formats.dockerfile.go_expression import Expression, NotAPattern

MADE = st.text(alphabet="ab[]^-*{}2,|\\d$./", max_size=14)


def test_of_several_branches_only_the_first_and_the_last_are_bound() -> None:
    expression = Expression("a|b|c$")
    assert [True, True, True, False, False] == [expression.matches(text) for text in ("ax", "xbx", "xc", "xa", "cx")]


def test_a_backslash_before_a_letter_means_what_it_means_in_go() -> None:
    assert Expression(r"\d$").matches("7")


@pytest.mark.parametrize("bad", ["[b-a]$", "a{3,2}$", r"\q$", "[[:nothing:]]$", "a{2}{2}$", "a{1001}$", "[a"])
def test_what_go_does_not_understand_is_refused(bad: str) -> None:
    with pytest.raises(NotAPattern):
        Expression(bad)


@given(MADE.map(lambda made: f"{made}$"), st.text(alphabet="abd27/.-", max_size=8))
@settings(max_examples=100, deadline=None)
def test_both_ways_of_matching_agree(written: str, text: str) -> None:
    try:
        expression = Expression(written)
    except NotAPattern:
        return
    slowly = any(go_expression._walked(tuple(branch), text) for branch in expression._branches)
    assert expression.matches(text) == slowly
