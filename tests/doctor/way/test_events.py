import pytest

from tests.doctor.way.texts import SHA
from wharf.doctor.history import History
from wharf.doctor.way.events import hypotheses, possible_events
from wharf.formats.github.workflow_file import parse_workflow
from wharf.formats.text import Text

HISTORY = History(sha=SHA, default_branch="main", repository="acme/app")


def happening(on: str, history: History = HISTORY) -> list[str]:
    workflow = parse_workflow(Text.of_file(".github/workflows/ci.yml", f"on: {on}\njobs: {{}}\n"))
    return [f"{event.name} {event.ref}" for event in possible_events([workflow], history, has_pipelines=False)]


def test_a_push_to_the_default_branch_comes_first() -> None:
    assert "push refs/heads/main" == happening("push")[0]


def test_branches_and_tags_are_those_that_filters_name() -> None:
    told = happening("{push: {branches: [main, develop, 'release/**'], tags: ['v*', 'app-v*.*.*']}}")

    assert "push refs/heads/develop" in told
    assert "push refs/heads/release/1" in told
    assert {"push refs/tags/v1.2.3", "push refs/tags/app-v1.2.3"} <= set(told)


def test_the_youngest_tag_is_taken_where_there_is_one() -> None:
    assert "push refs/tags/v9.1" in happening("push", History(sha=SHA, tags=("v9.1", "v9.0")))


@pytest.mark.parametrize(
    ("on", "told"),
    [
        ("pull_request", ["pull_request refs/pull/1/merge"]),
        ("workflow_dispatch", ["workflow_dispatch refs/heads/main"]),
        ("{schedule: [{cron: '0 3 * * *'}]}", ["schedule refs/heads/main"]),
        ("release", ["release refs/tags/v1.2.3"]),
        ("workflow_call", ["push refs/heads/main"]),
    ],
)
def test_what_starts_workflows_may_happen(on: str, told: list[str]) -> None:
    assert told == happening(on)


def supposed(tag: str, on: str = "push") -> set[str]:
    workflow = parse_workflow(Text.of_file(".github/workflows/ci.yml", f"on: {on}\njobs: {{}}\n"))
    return {f"{event.ref} {event.sha[:8]}" for event in hypotheses(tag, [workflow], HISTORY)}


def test_a_version_may_come_from_a_tag_with_or_without_v() -> None:
    assert {f"refs/tags/v1.4.2 {SHA[:8]}", f"refs/tags/1.4.2 {SHA[:8]}"} <= supposed("1.4.2")


def test_a_part_of_a_version_may_come_from_a_whole_one() -> None:
    assert f"refs/tags/v1.4.0 {SHA[:8]}" in supposed("1.4-alpine")


def test_a_tag_of_a_monorepo_has_the_prefix_that_the_filter_asks_for() -> None:
    assert f"refs/tags/api-v1.4.2 {SHA[:8]}" in supposed("1.4.2", "{push: {tags: ['api-v*']}}")


def test_digits_of_a_commit_may_be_those_of_any_commit() -> None:
    assert "refs/heads/main abcdef12" in supposed("sha-abcdef12")


def test_a_number_may_be_that_of_a_pull_request() -> None:
    assert f"refs/pull/12/merge {SHA[:8]}" in supposed("pr-12")
