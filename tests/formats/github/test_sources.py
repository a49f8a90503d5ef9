"""Workflows and actions of one repository, read once."""

from wharf.formats.files import WrittenFiles
from wharf.formats.github.sources import Sources

SOURCES = Sources(
    WrittenFiles(
        {
            "w.yml": "on: push\njobs: {}",
            "bad.yml": "a: [",
            "a/action.yaml": "runs: {using: composite}",
            "action.yml": "runs: {}",
        }
    )
)


def test_each_is_read_once() -> None:
    assert SOURCES.workflow("w.yml") is SOURCES.workflow("w.yml") is not None


def test_what_cannot_be_read_is_as_if_it_were_not_there() -> None:
    assert [None, None] == [SOURCES.workflow("bad.yml"), SOURCES.workflow("none.yml")]


def test_an_action_may_end_in_either_way_and_stand_at_the_root() -> None:
    found = [SOURCES.action(folder) for folder in ("a", "", "b")]
    assert ["a/action.yaml", "action.yml", ""] == [action.file if action else "" for action in found]


def test_what_was_read_before_is_not_read_again() -> None:
    known = SOURCES.workflow("w.yml")
    assert known is not None
    assert Sources(WrittenFiles({}), [known]).workflow("w.yml") is known
