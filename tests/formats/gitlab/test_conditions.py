"""Which jobs run because of what happened."""

import pytest

from tests.formats.gitlab.written import BRANCH, MERGE_REQUEST, PUSH, SCHEDULE, TAG, certainties, said
from wharf.formats.event import Event
from wharf.formats.shell.ran import Certainty

ALWAYS, PERHAPS = Certainty.ALWAYS, Certainty.PERHAPS


def runs(event: Event, conditions: str) -> Certainty | None:
    return certainties(event, f"build:\n  script: x\n  {conditions}\n").get("build")


@pytest.mark.parametrize(
    ("event", "expected"), [(PUSH, ALWAYS), (TAG, ALWAYS), (SCHEDULE, ALWAYS), (MERGE_REQUEST, None)]
)
def test_without_conditions_a_job_is_for_branches_and_tags(event: Event, expected: Certainty | None) -> None:
    assert expected is runs(event, "stage: test")


@pytest.mark.parametrize(
    ("only", "events"),
    [
        ("[main]", [PUSH, SCHEDULE]),
        ("[branches]", [PUSH, BRANCH, SCHEDULE]),
        ("[tags]", [TAG]),
        ("[pushes]", [PUSH, TAG, BRANCH]),
        ("[schedules]", [SCHEDULE]),
        ("[merge_requests]", [MERGE_REQUEST]),
        ("[/^v/]", [TAG]),
        ("[/^V/i]", [TAG]),
        ("[main@Acme/App]", [PUSH, SCHEDULE]),
        ("[main@other/app]", []),
        ("main", [PUSH, SCHEDULE]),
        ("{refs: [main], variables: [$CI_COMMIT_TAG]}", []),
        ("{variables: [$CI_COMMIT_TAG, $CI_COMMIT_BRANCH == 'main']}", [PUSH, TAG, SCHEDULE]),
    ],
)
def test_only(only: str, events: list[Event]) -> None:
    assert events == [each for each in (PUSH, TAG, BRANCH, MERGE_REQUEST, SCHEDULE) if runs(each, f"only: {only}")]


@pytest.mark.parametrize(("excepted", "events"), [("[main]", [TAG, BRANCH]), ("[tags]", [PUSH, BRANCH, SCHEDULE])])
def test_except(excepted: str, events: list[Event]) -> None:
    assert events == [
        each for each in (PUSH, TAG, BRANCH, MERGE_REQUEST, SCHEDULE) if runs(each, f"except: {excepted}")
    ]


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ("[{if: '$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH'}]", ALWAYS),
        ("[{if: $CI_COMMIT_TAG}]", None),
        ("[{if: $CI_COMMIT_TAG, when: never}, {when: always}]", ALWAYS),
        ("[{when: never}]", None),
        ("[{when: manual}]", PERHAPS),
        ("[{if: $DEPLOY}]", PERHAPS),
        ("[{if: $DEPLOY, when: never}, {when: on_success}]", PERHAPS),
        ("[{if: $DEPLOY, when: never}]", None),
        ("[{changes: [src/**]}]", PERHAPS),
        ("[{exists: [.gitlab-ci.yml]}]", ALWAYS),
        ("[{exists: [Dockerfile]}]", None),
        ("[{if: $CI_COMMIT_TAG, changes: [src/**]}]", None),
    ],
)
def test_rules(rules: str, expected: Certainty | None) -> None:
    assert expected is runs(PUSH, f"rules: {rules}")


@pytest.mark.parametrize(("when", "expected"), [("manual", PERHAPS), ("never", None), ("on_failure", PERHAPS)])
def test_when(when: str, expected: Certainty | None) -> None:
    assert expected is runs(PUSH, f"when: {when}")


def test_a_manual_job_stays_manual_under_a_rule_that_does_not_say_when() -> None:
    assert PERHAPS is runs(PUSH, "when: manual\n  rules: [{if: $CI_COMMIT_BRANCH}]")


@pytest.mark.parametrize(("event", "names"), [(PUSH, {"build"}), (TAG, set()), (MERGE_REQUEST, {"build"})])
def test_a_workflow_decides_for_all_jobs(event: Event, names: set[str]) -> None:
    rules = "workflow:\n  rules: [{if: $CI_COMMIT_TAG, when: never}, {when: always}]\n"

    assert names == certainties(event, f"{rules}build:\n  script: x\n").keys()


def test_jobs_of_a_file_that_is_included_under_a_condition_run_perhaps() -> None:
    main = "include: [{local: a.yml, rules: [{if: $CI_COMMIT_TAG}]}]\n"

    assert {"build": PERHAPS} == certainties(PUSH, main, a="build:\n  script: x\n")


def test_the_rule_that_is_met_sets_variables() -> None:
    main = """
    build:
      script: x
      variables: {TAG: dev}
      rules:
        - if: $CI_COMMIT_TAG
          variables: {TAG: $CI_COMMIT_TAG}
        - if: $CI_COMMIT_BRANCH == "main"
          variables: {TAG: edge}
        - when: always
    """

    assert ("v1.2.3", "edge", "dev") == (said(TAG, main, "TAG"), said(PUSH, main, "TAG"), said(BRANCH, main, "TAG"))


def test_where_it_is_not_known_which_rule_is_met_its_variables_are_not_known() -> None:
    main = """
    build:
      script: x
      rules:
        - if: $PRODUCTION
          variables: {TAG: stable}
        - variables: {TAG: edge}
    """

    assert "‹TAG›" == said(PUSH, main, "TAG")
