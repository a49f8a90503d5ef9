from datetime import UTC, datetime

import pytest

from wharf.cli.doctor.happened import Happened
from wharf.doctor.history import History
from wharf.formats.event import Event

NOW = datetime(2026, 11, 21, tzinfo=UTC)
HISTORY = History(sha="a" * 40, branch="x", default_branch="trunk", repository="Acme/App", tags=("v2.0.0",))


def event(**said: str) -> Event:
    found = Happened(**said).as_event(HISTORY, NOW)
    assert found is not None
    return found


def test_where_nobody_says_what_happened_anything_may() -> None:
    assert None is Happened(sha="b" * 40, repository="a/b").as_event(HISTORY, NOW)


@pytest.mark.parametrize(
    ("said", "name", "ref"),
    [
        ({"event": "push"}, "push", "refs/heads/trunk"),
        ({"ref": "refs/tags/v1"}, "push", "refs/tags/v1"),
        ({"ref": "feature/a"}, "push", "refs/heads/feature/a"),
        ({"ref": "refs/pull/3/merge"}, "pull_request", "refs/pull/3/merge"),
        ({"event": "pull_request"}, "pull_request", "refs/pull/1/merge"),
        ({"event": "release"}, "release", "refs/tags/v2.0.0"),
        ({"event": "schedule"}, "schedule", "refs/heads/trunk"),
        ({"event": "release", "ref": "v1"}, "release", "refs/tags/v1"),
        ({"event": "push", "ref": "tags/v1"}, "push", "refs/tags/v1"),
        ({"event": "pull_request", "ref": "12/merge"}, "pull_request", "refs/pull/12/merge"),
        ({"event": "pull_request", "ref": "dev"}, "pull_request", "refs/heads/dev"),
    ],
)
def test_what_is_not_said_is_the_usual(said: dict[str, str], name: str, ref: str) -> None:
    assert (name, ref) == (event(**said).name, event(**said).ref)


def test_a_pull_request_is_for_the_default_branch() -> None:
    assert "trunk" == event(event="pull_request").base_ref


def test_git_tells_the_rest_unless_somebody_does() -> None:
    changed = Happened(sha="b" * 40, default_branch="main", repository="a/b").changed(HISTORY)

    assert ("b" * 40, "main", "a/b") == (changed.sha, changed.default_branch, changed.repository)
    assert HISTORY == Happened().changed(HISTORY)
