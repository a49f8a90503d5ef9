"""The patterns of branches and tags, with the examples of GitHub's page."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wharf.formats.github.patterns import chosen, matches


@pytest.mark.parametrize(
    ("pattern", "name"),
    [
        ("feature/*", "feature/my-branch"),
        ("feature/**", "feature/beta-a/my-branch"),
        ("main", "main"),
        ("*", "main"),
        ("**", "any/branch/name"),
        ("*feature", "your-feature"),
        ("v2*", "v2.9"),
        ("v[12].[0-9]+.[0-9]+", "v1.10.1"),
        ("v[0-9]+.[0-9]+.[0-9]+*", "v1.2.3-rc.1"),
        ("colou?r", "color"),
        ("[CB]at", "Bat"),
        (r"\[x\]", "[x]"),
        ("a/**/b", "a/x/y/b"),
    ],
)
def test_what_matches_on_github_matches(pattern: str, name: str) -> None:
    assert matches(name, pattern)


@pytest.mark.parametrize(
    ("pattern", "name"),
    [
        ("feature/*", "feature/a/b"),
        ("*", "a/b"),
        ("main", "mainline"),
        ("v[12].[0-9]+.[0-9]+", "v3.1.0"),
        ("v[0-9]+.[0-9]+.[0-9]+", "v1.2.3-rc.1"),
        ("[0-9]+", ""),
        ("v*", "release"),
        ("v1.0", "v1x0"),
    ],
)
def test_what_does_not_match_there_does_not_match(pattern: str, name: str) -> None:
    assert not matches(name, pattern)


def test_the_last_pattern_that_matches_decides() -> None:
    patterns = ["releases/**", "!releases/**-alpha", "releases/x-alpha"]
    names = ["releases/10", "releases/10-alpha", "releases/x-alpha", "main"]
    assert [True, False, True, False] == [chosen(name, patterns) for name in names]


def test_stars_without_end_take_no_time() -> None:
    assert not matches("a" * 900 + "b", "*a" * 400 + "c")


@given(st.text("ab/*?+[]!\\-", max_size=20), st.text("ab/", max_size=12))
@settings(max_examples=100, deadline=None)
def test_any_pattern_can_be_asked(pattern: str, name: str) -> None:
    assert matches(name, pattern) in {True, False}
