"""Regular expressions, as they are found in rules: the same answers as Python's, and never slow."""

import re
from time import thread_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from tests.cases import each
from wharf.formats.gitlab.pattern import parse_pattern

PATTERNS = [
    r"^v\d+\.\d+\.\d+$",
    r"^v?(0|[1-9]\d*)\.\d+(-rc\.?\d+)?$",
    r"^(main|master|release-.*)$",
    r"^feature/",
    r"[^a-z]",
    r"[\w.-]+@x",
    r"a{2,3}b{2}c{1,}",
    r"(?:ab)*c?",
    r"\bfix\b",
    r"x*?y+?",
    r"[]a-]",
    r"^$",
    r"a|b|",
    r"(a*)*b",
    r"(?P<name>\d)\D\S\s\W",
]
SUBJECTS = ["", "v1.2.3", "1.0-rc.1", "main", "release-1", "feature/x", "A", "a.b-c@x", "aaabbcc", "ababc", "a fix b"]
SUBJECTS += ["xxyy", "]", "-", "b", "1a b-", "v1.2.3\n", "prefix"]


@each("source", PATTERNS)
@each("subject", SUBJECTS)
def test_it_finds_what_others_find(source: str, subject: str) -> None:
    pattern = parse_pattern(source)

    assert pattern is not None
    expected = re.search(source.replace("$", r"\Z"), subject, re.ASCII) is not None
    assert expected is pattern.is_in(subject)


@pytest.mark.parametrize("source", [r"(?=a)", r"\1", r"(a", "a)", "*a", "[a", "a**", r"\p{L}", "[[:alpha:]]", "(" * 50])
def test_what_is_not_understood_is_no_pattern(source: str) -> None:
    assert parse_pattern(source) is None


def test_a_pattern_that_would_explode_is_refused() -> None:
    assert parse_pattern("((((a{99}){99}){99}){99})") is None


def test_it_never_goes_back() -> None:
    pattern = parse_pattern("^(a+)+(a|a)*(a+)*$")
    assert pattern is not None
    start = thread_time()

    assert not pattern.is_in("a" * 300 + "!")
    assert thread_time() - start < 15


@settings(max_examples=80)
@given(some.text(alphabet="ab.*+?|()[]^-\\d{1,2}$", max_size=12), some.text(alphabet="ab1-", max_size=6))
def test_it_agrees_with_python_wherever_both_understand(source: str, subject: str) -> None:
    pattern = parse_pattern(source)
    if pattern is None:
        return
    try:
        theirs = re.compile(source.replace("$", r"\Z") if "[" not in source else source, re.ASCII)
    except (re.error, FutureWarning, OverflowError):
        return
    assert (theirs.search(subject) is not None) is pattern.is_in(subject)
