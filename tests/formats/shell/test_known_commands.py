"""What git, date and others print in the run of an event."""

from datetime import UTC, datetime

import pytest

from wharf.formats.event import Event
from wharf.formats.files import WrittenFiles
from wharf.formats.shell.known_commands import printed_at
from wharf.formats.text import Text

SHA = "453a6545b97fe240727c378291230abeb793d851"
NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
FILES = WrittenFiles({"package.json": '{"version": "4.5.6"}', "broken.json": "{"})


def event(ref: str) -> Event:
    return Event("push", ref, SHA, "acme/app", "main", NOW, commit_date=NOW)


def printed(command: str, ref: str = "refs/heads/main", *, is_detached: bool = False) -> str | None:
    said = printed_at(event(ref), FILES, is_detached=is_detached)(tuple(map(Text.known, command.split(" "))))
    return None if said is None else said.shown


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("git rev-parse HEAD", SHA),
        ("git rev-parse --short HEAD", "453a654"),
        ("git rev-parse --short=12 HEAD", "453a6545b97f"),
        ("git rev-parse --verify HEAD", SHA),
        ("git rev-parse --abbrev-ref HEAD", "main"),
        ("git -C . rev-parse --short HEAD", "453a654"),
        ("git branch --show-current", "main"),
        ("git symbolic-ref --short HEAD", "main"),
        ("git log -1 --format=%H", SHA),
        ("git log -1 --pretty=format:%h", "453a654"),
        ("git log -1 --pretty=%h-%cs", "453a654-2026-03-04"),
        ("git show -s --format=%h", "453a654"),
        ("git rev-list -1 HEAD", SHA),
        ("date +%Y%m%d", "20260304"),
        ("date -u +%F", "2026-03-04"),
        ("date +%Y.%-m.%-d", "2026.3.4"),
        ("seq 1 3", "1\n2\n3"),
    ],
)
def test_what_is_printed_about_a_branch(command: str, expected: str) -> None:
    assert f"{expected}\n" == printed(command)


@pytest.mark.parametrize(
    "command",
    [
        "git rev-parse origin/main", "git rev-parse HEAD~1", "git describe --tags", "git log --format=%s", "date +%s",
        "date +%H%M", "date -d yesterday +%F", "git status", "whoami", "seq 1 99999999", "git", "date", "git tag",
    ],
)  # fmt: skip
def test_what_is_not_known(command: str) -> None:
    assert None is printed(command)


@pytest.mark.parametrize(
    "command", ["git describe --tags", "git describe --tags --abbrev=0", "git tag --points-at HEAD"]
)
def test_a_tag_is_described_by_itself(command: str) -> None:
    assert "v1.2\n" == printed(command, "refs/tags/v1.2")


def test_a_commit_without_its_branch_is_on_none() -> None:
    assert "HEAD\n" == printed("git rev-parse --abbrev-ref HEAD", is_detached=True)
    assert "\n" == printed("git branch --show-current", is_detached=True)


def test_node_prints_the_version_of_a_package() -> None:
    words = (Text.known("node"), Text.known("-p"), Text.known("require('./package.json').version"))
    assert Text.known("4.5.6\n") == printed_at(event("refs/heads/main"), FILES)(words)


def test_a_package_that_cannot_be_read_has_no_version() -> None:
    words = (Text.known("node"), Text.known("-p"), Text.known("require('./broken.json').version"))
    assert None is printed_at(event("refs/heads/main"), FILES)(words)
