"""What expressions can ask of the event and the machine."""

from dataclasses import replace

import pytest

from tests.formats.github.running import PUSH, TAG, workflow
from wharf.formats.event import Event
from wharf.formats.github.contexts import dispatched, github_of, is_windows, kind_of, ref_name_of, runner_of
from wharf.formats.github.expressions.evaluate import Scope, value_of
from wharf.formats.github.expressions.values import Fields, Value
from wharf.formats.hole import Hole
from wharf.formats.text import Text


def asked(event: Event, path: str) -> str:
    github = github_of(event, workflow("name: CI\non: push\njobs: {}\n"))
    return shown(value_of(Text.known(path), Scope(Fields.of({"github": github}))))


def shown(value: Value) -> str:
    return (
        value.shown
        if isinstance(value, Text)
        else f"‹{value.reason.subject}›"
        if isinstance(value, Hole)
        else str(value)
    )


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("github.repository_owner", "Acme"),
        ("github.event.repository.name", "App"),
        ("github.event.repository.default_branch", "main"),
        ("github.event.head_commit.id", PUSH.sha),
        ("github.event.head_commit.message", "‹github.event.head_commit.message›"),
        ("github.event.pull_request.number", "None"),
        ("github.event.release.tag_name", "None"),
        ("github.actor", "‹github.actor›"),
        ("github.run_number", "‹github.run_number›"),
        ("github.token", "‹GITHUB_TOKEN›"),
        ("github.workflow", "CI"),
    ],
)
def test_a_push_tells(path: str, expected: str) -> None:
    assert expected == asked(PUSH, path)


def test_a_release_tells_its_tag() -> None:
    released = replace(TAG, name="release", action="published")
    assert ["v1.2.3", "published"] == [
        asked(released, f"github.event.{name}") for name in ("release.tag_name", "action")
    ]


def test_a_run_that_comes_after_another_tells_of_that() -> None:
    after = replace(PUSH, name="workflow_run", head_sha="1" * 40, head_ref="dev")
    parts = ("conclusion", "head_sha", "head_branch")
    assert ["success", "1" * 40, "dev"] == [asked(after, f"github.event.workflow_run.{part}") for part in parts]


def test_names_of_refs_are_short() -> None:
    refs = ["refs/heads/a/b", "refs/tags/v1", "refs/pull/7/merge"]
    assert ["a/b", "v1", "7/merge"] == [ref_name_of(replace(PUSH, ref=ref)) for ref in refs]


@pytest.mark.parametrize(
    ("labels", "system"),
    [
        (["ubuntu-24.04-arm"], "Linux"),
        (["self-hosted", "linux"], "Linux"),
        (["windows-2022"], "Windows"),
        (["big"], ""),
    ],
)
def test_a_machine_tells_its_system(labels: list[str], system: str) -> None:
    machine = tuple(map(Text.known, labels))
    value = runner_of(machine).get("os")
    assert system == (value.flat if isinstance(value, Text) else "")
    assert (system == "Windows") == is_windows(machine)


BY_HAND = """
on:
  workflow_dispatch:
    inputs:
      tag: {default: v9}
      dry: {type: boolean, default: "true"}
      loud: {type: boolean}
      note: {}
      stage: {type: choice, options: [a, b]}
      must: {required: true}
jobs: {}
"""


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("inputs.tag", "v9"),
        ("github.event.inputs.tag", "v9"),
        ("inputs.dry", "True"),
        ("github.event.inputs.dry", "true"),
        ("inputs.loud", "False"),
        ("inputs.note", ""),
        ("inputs.stage", "‹stage›"),
        ("inputs.must", "‹must›"),
        ("inputs.nothing", "None"),
    ],
)
def test_who_says_nothing_starts_it_with_the_defaults(path: str, expected: str) -> None:
    event = replace(PUSH, name="workflow_dispatch", has_default_inputs=True)
    started = workflow(BY_HAND)
    value = value_of(
        Text.known(path),
        Scope(Fields.of({"github": github_of(event, started), "inputs": dispatched(event, started)})),
    )

    assert expected == shown(value)


def test_what_may_be_given_by_hand_is_not_known_otherwise() -> None:
    event = replace(PUSH, name="workflow_dispatch")

    assert "‹tag›" == shown(dispatched(event, workflow(BY_HAND)).get("tag"))


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("pull_request", "github.head_ref"),
        ("schedule", "github.event.schedule"),
        ("discussion", "github.event.discussion.number"),
        ("merge_group", "github.event.merge_group.head_ref"),
    ],
)
def test_what_nobody_said_of_the_event_is_not_known(name: str, path: str) -> None:
    event = replace(PUSH, name=name, ref="refs/pull/1/merge" if name == "pull_request" else PUSH.ref)

    assert asked(event, path).startswith("‹github.")


def test_what_only_pushes_have_is_nothing_elsewhere() -> None:
    assert "None" == asked(replace(PUSH, name="schedule"), "github.event.head_commit.id")


@pytest.mark.parametrize(
    ("types", "kind"),
    [("", "published"), ("types: [created]", "created"), ("types: [created, published]", "published")],
)
def test_of_which_kind_an_event_is_tells_the_trigger_where_nobody_says_so(types: str, kind: str) -> None:
    on_release = workflow(f"on: {{release: {{{types}}}}}\njobs: {{}}\n")

    assert kind == kind_of(replace(TAG, name="release"), on_release)
