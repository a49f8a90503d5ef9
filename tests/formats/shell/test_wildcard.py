"""Patterns of the shell against texts, with and without holes."""

from fnmatch import fnmatchcase

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wharf.formats.shell.wildcard import ends, matches, wildcard
from wharf.formats.text import HOLE


@settings(max_examples=100, deadline=None)
@given(st.text("ab*?", max_size=8), st.text("abc", max_size=10))
def test_matching_is_that_of_fnmatch(pattern: str, text: str) -> None:
    assert fnmatchcase(text, pattern) == matches(wildcard(pattern), text)


@pytest.mark.parametrize(
    ("pattern", "letter", "expected"),
    [
        ("[a-c]", "b", True),
        ("[!a-c]", "b", False),
        ("[[:digit:]]", "7", True),
        ("[]x]", "]", True),
        ("[^x]", "y", True),
    ],
)
def test_sets_of_letters(pattern: str, letter: str, expected: bool) -> None:
    assert expected is matches(wildcard(pattern), letter)


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("refs/heads/*", f"refs/heads/{HOLE}", True),
        ("refs/tags/*", f"refs/heads/{HOLE}", False),
        ("main", HOLE, None),
        ("*", HOLE, True),
        ("v*.*", f"v{HOLE}", None),
        ("?", HOLE, None),
    ],
)
def test_a_hole_may_be_anything(pattern: str, text: str, expected: bool | None) -> None:
    assert expected is matches(wildcard(pattern), text)


def test_all_matches_at_the_beginning_are_found() -> None:
    assert [2, 4] == list(ends(wildcard("*/"), "a/b/c"))
