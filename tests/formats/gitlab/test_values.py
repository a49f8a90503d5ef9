"""What variables say in a job."""

from time import thread_time

import pytest

from tests.formats.gitlab.written import BRANCH, MERGE_REQUEST, PUSH, SHA, TAG, pipeline, said, values
from wharf.formats.event import Event
from wharf.formats.gitlab.predefined import predefined, slug

MAIN = "build:\n  script: x\n  rules: [{when: always}]\n"


@pytest.mark.parametrize(
    ("event", "name", "expected"),
    [
        (PUSH, "CI_COMMIT_SHA", SHA),
        (PUSH, "CI_COMMIT_SHORT_SHA", SHA[:8]),
        (PUSH, "CI_COMMIT_BRANCH", "main"),
        (PUSH, "CI_COMMIT_TAG", None),
        (TAG, "CI_COMMIT_TAG", "v1.2.3"),
        (TAG, "CI_COMMIT_REF_NAME", "v1.2.3"),
        (TAG, "CI_COMMIT_REF_SLUG", "v1-2-3"),
        (TAG, "CI_COMMIT_BRANCH", None),
        (BRANCH, "CI_COMMIT_REF_SLUG", "feature-a-b"),
        (MERGE_REQUEST, "CI_COMMIT_BRANCH", None),
        (MERGE_REQUEST, "CI_COMMIT_REF_NAME", "feature/x"),
        (MERGE_REQUEST, "CI_MERGE_REQUEST_IID", "7"),
        (MERGE_REQUEST, "CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "main"),
        (MERGE_REQUEST, "CI_PIPELINE_SOURCE", "merge_request_event"),
        (PUSH, "CI_MERGE_REQUEST_IID", None),
        (PUSH, "CI_PIPELINE_SOURCE", "push"),
        (PUSH, "CI_REGISTRY_IMAGE", "registry.gitlab.com/acme/app"),
        (PUSH, "CI_PROJECT_PATH", "Acme/App"),
        (PUSH, "CI_PROJECT_NAME", "App"),
        (PUSH, "CI_PROJECT_PATH_SLUG", "acme-app"),
        (PUSH, "CI_PIPELINE_IID", "‹CI_PIPELINE_IID›"),
        (PUSH, "CI_JOB_NAME", "build"),
        (PUSH, "CI_JOB_STAGE", "test"),
        (PUSH, "SOMEBODY_SETS_THIS", "‹SOMEBODY_SETS_THIS›"),
    ],
)
def test_what_gitlab_sets(event: Event, name: str, expected: str | None) -> None:
    assert expected == said(event, MAIN, name)


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Feature/A_b.c", "feature-a-b-c"), ("-x-", "x"), ("a" * 62 + "/b", "a" * 62), ("ü", ""), ("", "")],
)
def test_slugs(name: str, expected: str) -> None:
    assert expected == slug(name)


def test_where_the_registry_of_another_server_is_nobody_knows_but_its_path_is_known() -> None:
    image = predefined(PUSH, "git.example.com")["CI_REGISTRY_IMAGE"]

    assert image is not None
    assert "‹CI_REGISTRY›/acme/app" == image.shown


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("$CI_COMMIT_BRANCH", "main"),
        ("${CI_COMMIT_BRANCH}-x", "main-x"),
        ("%CI_COMMIT_BRANCH%", "main"),
        ("100%", "100%"),
        ("$$HOME", "$HOME"),
        ("$CI_COMMIT_TAG", ""),
        ("$OTHER/$OTHER", "o-main/o-main"),
        ("$ELSEWHERE", "‹ELSEWHERE›"),
        ("${X:-y}", "‹${X:-y}›"),
        ("$VALUE", "‹VALUE›"),
    ],
)
def test_variables_are_put_into_variables(value: str, expected: str) -> None:
    main = f"variables:\n  OTHER: o-$CI_COMMIT_BRANCH\n  VALUE: '{value}'\n{MAIN}"

    assert expected == said(PUSH, main, "VALUE")


def test_a_raw_variable_stays_as_it_is() -> None:
    assert "$X" == said(PUSH, f"variables:\n  VALUE: {{value: $X, expand: false}}\n{MAIN}", "VALUE")


def test_variables_that_would_explode_do_not() -> None:
    lines = [f"  A{at}: $A{at + 1}$A{at + 1}$A{at + 1}$A{at + 1}" for at in range(25)]
    main = "\n".join(["variables:", *lines, "  A25: xxxx", MAIN])

    assert len(said(PUSH, main, "A0") or "") < 100_000


def test_those_of_the_job_count_more_than_those_of_the_pipeline() -> None:
    main = "variables: {A: 1, B: 1}\nbuild: {script: [x], variables: {B: 2}}\n"

    assert ("1", "2") == (said(PUSH, main, "A"), said(PUSH, main, "B"))


@pytest.mark.parametrize(("inherit", "expected"), [("false", "‹A›"), ("[B]", "‹A›"), ("[A]", "1"), ("true", "1")])
def test_a_job_may_refuse_those_of_the_pipeline(inherit: str, expected: str) -> None:
    main = f"variables: {{A: 1}}\nbuild: {{script: [x], inherit: {{variables: {inherit}}}}}\n"

    assert expected == said(PUSH, main, "A")


def test_what_gitlab_sets_has_the_place_where_it_is_asked_for() -> None:
    text = values(PUSH, f"variables:\n  IMAGE: $CI_REGISTRY_IMAGE/api\n{MAIN}").looked("IMAGE")

    assert text is not None
    assert [".gitlab-ci.yml:2:10", ".gitlab-ci.yml:2:28"] == [str(text[at : at + 1].span) for at in (0, -4 + len(text))]


def test_a_matrix_has_a_job_for_each_combination() -> None:
    main = "build: {script: [x], parallel: {matrix: [{A: [1, 2], B: [x]}, {A: 3}]}}\n"
    found = pipeline(main).jobs[0].matrix

    assert [{"A": ["1", "2"], "B": ["x"]}, {"A": ["3"]}] == [
        {name: [text.flat for text in texts] for name, texts in row.items()} for row in found
    ]


def test_braces_that_are_never_closed_take_no_time() -> None:
    main = "variables:\n  VALUE: '" + "${" * 20_000 + f"'\n{MAIN}"
    start = thread_time()
    said(PUSH, main, "VALUE")

    assert thread_time() - start < 15
