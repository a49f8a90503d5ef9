"""Which events start a workflow."""

from dataclasses import replace

import pytest

from tests.formats.github.running import PULL, PUSH, TAG, workflow
from wharf.formats.event import Event
from wharf.formats.github.triggers import triggered
from wharf.formats.shell.ran import Certainty

RELEASE = replace(TAG, name="release", action="published")
AFTER = replace(PUSH, name="workflow_run", action="completed", head_ref="dev")


def starts(on: str, event: Event) -> Certainty | None:
    return triggered(workflow(f"on: {on}\njobs: {{}}\n"), event)


@pytest.mark.parametrize(
    ("on", "event"),
    [
        ("push", PUSH),
        ("[push, pull_request]", PULL),
        ("{push: }", TAG),
        ("{push: {branches: [main]}}", PUSH),
        ("{push: {branches: ['**', '!dev']}}", PUSH),
        ("{push: {branches-ignore: [dev]}}", PUSH),
        ("{push: {tags: ['v*']}}", TAG),
        ("{push: {branches: [main], tags: ['v*']}}", TAG),
        ("{push: {branches: [main], tags: ['v*']}}", PUSH),
        ("{pull_request: {branches: [main]}}", PULL),
        ("{release: {types: [published]}}", RELEASE),
        ("{release: }", RELEASE),
        ("{workflow_run: {workflows: [CI], types: [completed], branches: [dev]}}", AFTER),
        ("{schedule: [{cron: '0 0 * * *'}]}", replace(PUSH, name="schedule")),
    ],
)
def test_they_start_it(on: str, event: Event) -> None:
    assert Certainty.ALWAYS is starts(on, event)


@pytest.mark.parametrize(
    ("on", "event"),
    [
        ("push", PULL),
        ("{push: {branches: [dev]}}", PUSH),
        ("{push: {branches: [main]}}", TAG),
        ("{push: {branches-ignore: [dev]}}", TAG),
        ("{push: {tags: ['v*']}}", PUSH),
        ("{push: {tags-ignore: ['v*']}}", TAG),
        ("{push: {branches-ignore: [main]}}", PUSH),
        ("{pull_request: {branches: [dev]}}", PULL),
        ("{pull_request: }", replace(PULL, action="closed")),
        ("{release: {types: [created]}}", RELEASE),
        ("{workflow_run: {workflows: [CI], branches: [main]}}", AFTER),
    ],
)
def test_they_do_not_start_it(on: str, event: Event) -> None:
    assert None is starts(on, event)


def test_paths_leave_it_open_for_branches_and_do_not_matter_for_tags() -> None:
    assert Certainty.PERHAPS is starts("{push: {paths: ['src/**']}}", PUSH)
    assert Certainty.ALWAYS is starts("{push: {paths: ['src/**']}}", TAG)
