import time
from fnmatch import fnmatchcase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wharf.access.limits import MOST_PATTERNS, NO_LIMITS, Pattern, parse_limits
from wharf.access.login import Login
from wharf.errors import MalformedPattern
from wharf.oci.reference import RepositoryName

LETTERS = "ab/-*?"


@pytest.mark.parametrize(
    ("pattern", "name", "expected"),
    [
        ("crew/app", "crew/app", True),
        ("crew/app", "crew/apps", False),
        ("crew/*", "crew/app", True),
        ("crew/*", "crew/a/b", True),
        ("crew/*", "crews/app", False),
        ("*/web-?", "crew/web-1", True),
        ("*/web-?", "crew/web-12", False),
        ("*", "anything", True),
        ("crew/**", "crew/app", True),
        ("c.ew/app", "crew/app", False),
    ],
)
def test_a_pattern_matches_or_does_not(pattern: str, name: str, expected: bool) -> None:
    assert expected == Pattern(pattern).matches(name)


@given(st.text(LETTERS, max_size=12), st.text("ab/-", max_size=16))
def test_it_matches_what_a_shell_would(pattern: str, name: str) -> None:
    assert fnmatchcase(name, pattern) == Pattern(pattern).matches(name)


def test_no_pattern_takes_long_however_many_stars_it_has() -> None:
    began = time.thread_time()
    assert not Pattern("*a" * 100 + "b").matches("a" * 4000)
    assert time.thread_time() - began < 5


@given(st.lists(st.text(min_size=1, max_size=20), max_size=5))
def test_any_text_is_a_pattern_or_refused(texts: list[str]) -> None:
    try:
        limits = parse_limits(texts)
    except MalformedPattern:
        return
    assert limits == parse_limits(str(limits).split())


@pytest.mark.parametrize("text", ["", "a b", "UPPER", "crew/[ab]", "a" * 256, "crew/app\n"])
def test_what_is_no_pattern_is_refused(text: str) -> None:
    with pytest.raises(MalformedPattern):
        parse_limits([text])


def test_there_is_an_end_to_patterns() -> None:
    with pytest.raises(MalformedPattern):
        parse_limits(f"crew/{number}" for number in range(MOST_PATTERNS + 1))


def test_no_pattern_is_no_limit() -> None:
    assert NO_LIMITS.allow(RepositoryName("any/thing"))
    assert NO_LIMITS.allow_all_of(Login("crew"))


def test_all_of_an_owner_is_within_only_when_it_says_so() -> None:
    assert parse_limits(["crew/*"]).allow_all_of(Login("crew"))
    assert not parse_limits(["crew/app*"]).allow_all_of(Login("crew"))


@pytest.mark.parametrize(
    ("pattern", "concerns"),
    [
        ("crew/app", True),
        ("crew/*", True),
        ("*", True),
        ("cr*", True),
        ("c?ew/app", True),
        ("*/web", True),
        ("crew", False),
        ("crews/*", False),
        ("other/*", False),
        ("cre", False),
    ],
)
def test_a_token_for_others_concerns_no_owner_but_them(pattern: str, concerns: bool) -> None:
    assert concerns is parse_limits([pattern]).concern(Login("crew"))


def test_a_token_without_limits_concerns_everybody() -> None:
    assert NO_LIMITS.concern(Login("crew"))


@given(st.text(LETTERS, min_size=1, max_size=6), st.text(LETTERS, min_size=1, max_size=6), st.text("ab/-", max_size=8))
def test_what_a_pattern_includes_it_matches_too(wide: str, narrow: str, name: str) -> None:
    if Pattern(wide).includes(Pattern(narrow)) and Pattern(narrow).matches(name):
        assert Pattern(wide).matches(name)


@pytest.mark.parametrize(
    ("wide", "narrow", "expected"),
    [
        ([], ["crew/*"], True),
        (["crew/*"], [], False),
        (["crew/*"], ["crew/app", "crew/a*"], True),
        (["crew/a*"], ["crew/*"], False),
        (["crew/app", "other/*"], ["other/app", "crew/app"], True),
        (["crew/?"], ["crew/*"], False),
        (["crew/*"], ["crew/?"], True),
    ],
)
def test_limits_include_narrower_ones(wide: list[str], narrow: list[str], expected: bool) -> None:
    assert expected == parse_limits(wide).include(parse_limits(narrow))
