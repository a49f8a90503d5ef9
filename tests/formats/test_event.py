"""An event knows its branch, tag or pull request by its ref."""

from datetime import UTC, datetime

import pytest

from wharf.formats.event import Event


def event(ref: str) -> Event:
    return Event("push", ref, "453a6545b97fe240727c378291230abeb793d851", "Acme/App", "main", datetime.now(UTC))


@pytest.mark.parametrize(
    ("ref", "branch", "tag", "number"),
    [
        ("refs/heads/feature/a", "feature/a", "", ""),
        ("refs/tags/v1.2.3", "", "v1.2.3", ""),
        ("refs/pull/12/merge", "", "", "12"),
        ("", "", "", ""),
    ],
)
def test_a_ref_is_a_branch_or_a_tag_or_a_pull_request(ref: str, branch: str, tag: str, number: str) -> None:
    assert (branch, tag, number) == (event(ref).branch, event(ref).tag, event(ref).number)


def test_a_tag_named_as_the_default_branch_is_not_on_it() -> None:
    assert [True, False] == [event(ref).is_on_default_branch for ref in ("refs/heads/main", "refs/tags/main")]
