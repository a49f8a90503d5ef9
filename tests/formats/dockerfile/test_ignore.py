"""Lines of an ignore file, as Docker understands them."""

import pytest

from wharf.formats.dockerfile.ignore import IgnoreFile, parse_ignore
from wharf.formats.text import Text


def read(ignore: str) -> IgnoreFile:
    return parse_ignore(Text.of_file(".dockerignore", ignore))


@pytest.mark.parametrize(
    ("written", "pattern"),
    [("secrets/", "secrets"), ("/a", "a"), (" a ", "a"), ("a//b", "a/b"), ("./a/../b", "b"), ("/", "/"), ("! a/", "a")],
)
def test_a_path_is_cleaned(written: str, pattern: str) -> None:
    assert [pattern] == [line.pattern for line in read(written).lines]


def test_a_comment_begins_in_the_first_column() -> None:
    assert ["#b", "c # d"] == [line.pattern for line in read("# a\n #b\nc # d").lines]


def test_an_exclamation_mark_makes_an_exception() -> None:
    assert [True] == [line.is_exception for line in read("!a").lines]


@pytest.mark.parametrize("bad", ["!", "[", "a\\", "[]a]"])
def test_what_docker_refuses_at_once_says_why(bad: str) -> None:
    assert all(line.problem for line in read(bad).refused)
    assert read(bad).refused


def test_what_docker_refuses_only_when_it_is_used_is_not_refused_at_once() -> None:
    assert [True] == [line.is_refused_when_met for line in read("[b-a]").lines]
    assert not read("[b-a]").refused
