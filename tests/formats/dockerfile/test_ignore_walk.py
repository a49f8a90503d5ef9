"""Which files an ignore file leaves out: a table that Docker's own matcher filled in, and what must never happen."""

import json
from pathlib import Path
from typing import NotRequired, TypedDict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wharf.formats.dockerfile.ignore import parse_ignore
from wharf.formats.dockerfile.ignore_walk import Builder, Decision, IgnoreWalk
from wharf.formats.text import Text


class Row(TypedDict):
    ignore: str
    paths: list[str]
    refused: NotRequired[bool]
    buildkit: NotRequired[list[str]]
    classic: NotRequired[list[str]]


TABLE: list[Row] = [
    json.loads(line) for line in Path(__file__).with_name("ignore_table.jsonl").read_text("utf-8").splitlines()
]
NAMES = st.sampled_from(["a", "b", ".env", "x.key", "a b", "é", "[z]", "src"])
PATHS = st.lists(st.lists(NAMES, min_size=1, max_size=4).map("/".join), max_size=12, unique=True)
PATTERNS = st.text(alphabet="ab*?/[]^-!\\.{}|$,2 #\n", max_size=40)


def walk(ignore: str, builder: Builder = Builder.BUILDKIT) -> IgnoreWalk:
    return IgnoreWalk(parse_ignore(Text.of_file(".dockerignore", ignore)), builder)


@pytest.mark.parametrize("builder", Builder)
def test_the_table_of_dockers_own_matcher(builder: Builder) -> None:
    for row in TABLE:
        if not row.get("refused"):
            expected = row["buildkit"] if builder is Builder.BUILDKIT else row["classic"]
            assert expected == sorted(walk(row["ignore"], builder).sent(row["paths"])), row


def test_what_docker_refuses_is_refused() -> None:
    for row in TABLE:
        ignore = parse_ignore(Text.of_file(".dockerignore", row["ignore"]))
        walks = [IgnoreWalk(ignore, builder) for builder in Builder]
        for each in walks:
            each.sent(row["paths"])
        assert row.get("refused", False) == bool(ignore.refused or any(each.refused for each in walks)), row


def test_the_line_that_decides_is_named() -> None:
    decision = walk("*.md\n!README.md\n").decision("README.md")
    assert decision.is_sent
    assert decision.line is not None
    assert decision.line.span.line == 2


def test_of_a_file_in_a_folder_that_is_left_out_the_folders_line_is_named() -> None:
    decision = walk("secrets\n").decision("secrets/a/b")
    assert not decision.is_sent
    assert decision.line is not None
    assert decision.line.pattern == "secrets"


def test_what_no_line_is_about_is_sent() -> None:
    assert Decision(is_sent=True) == walk("a\n").decision("b")


def test_many_stars_on_a_long_name_end_soon() -> None:
    assert not walk("a*" * 60 + "b").decision("a" * 1500).line


def test_many_stars_still_match_a_long_name() -> None:
    assert not walk("a*" * 20 + "b").decision("a" * 200 + "b").is_sent


def test_more_work_than_anybody_waits_for_is_not_done() -> None:
    ignore = parse_ignore(Text.of_file(".dockerignore", f"{'a*' * 60}b\n"))
    hostile = IgnoreWalk(ignore, most_work=1_000)
    assert Decision(is_sent=False) == hostile.decision("a" * 200)


@given(PATTERNS, PATHS)
@settings(max_examples=100, deadline=None)
def test_nothing_but_paths_that_are_there_is_ever_sent(ignore: str, paths: list[str]) -> None:
    for builder in Builder:
        sent = walk(ignore, builder).sent(paths)
        assert set(sent) <= set(paths)


@given(PATTERNS)
@settings(max_examples=100, deadline=None)
def test_every_line_stands_where_it_is_written(ignore: str) -> None:
    lines = ignore.split("\n")
    for line in parse_ignore(Text.of_file("a/.dockerignore", ignore)).lines:
        span = line.span
        assert lines[span.line - 1][span.column - 1 : span.end_column - 1] == line.written.flat
