"""What GitLab refuses in a pipeline, or takes otherwise than it looks."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from tests.formats.gitlab.written import PUSH, flaws, pipeline
from wharf.errors import MalformedFile
from wharf.formats.files import WrittenFiles
from wharf.formats.gitlab.flaws import Wrong
from wharf.formats.gitlab.reading import read_pipeline
from wharf.formats.gitlab.runs import runs_of

JOB = "build: {script: [x]}\n"


@pytest.mark.parametrize(
    ("main", "expected"),
    [
        ("only: [main]\n" + JOB, (Wrong.STRAY_KEYWORD, "only", 1)),
        ("tags:\n  - aws\n" + JOB, (Wrong.STRAY_KEYWORD, "tags", 1)),
        ("script:\n  - sleep 20\n" + JOB, (Wrong.STRAY_KEYWORD, "script", 1)),
        ("deploy: {image: docker}\n", (Wrong.NO_SCRIPT, "deploy", 1)),
        ("build: {script: [x], stage: publish}\n", (Wrong.UNKNOWN_STAGE, "publish", 1)),
        ("build: {script: [x], needs: [test]}\n", (Wrong.UNKNOWN_NEED, "test", 1)),
        (JOB + "a: {script: [x], stage: deploy}\nb: {script: [x], needs: [a]}\n", (Wrong.LATER_NEED, "a", 3)),
        ("build: {script: [x], rules: [{when: always}], only: [main]}\n", (Wrong.MIXED_CONDITIONS, "build", 1)),
        ("build: {script: [x], rules: [{if: main}]}\n", (Wrong.BAD_EXPRESSION, "main", 1)),
        ("build:\n  script: [x]\n  script: [y]\n", (Wrong.REPEATED_KEY, "script", 3)),
        ("workflow: {rules: [{if: '$A = 1'}]}\n" + JOB, (Wrong.BAD_EXPRESSION, "$A = 1", 1)),
    ],
)
def test_what_is_wrong(main: str, expected: tuple[Wrong, str, int]) -> None:
    assert [expected] == flaws(main)


@pytest.mark.parametrize(
    "main",
    [
        "release: {script: [x]}\n",
        "pages: {script: [x]}\n",
        ".hidden: {image: a}\n" + JOB,
        "build: {trigger: acme/app}\n",
        "build: {run: [{name: a, script: b}]}\n",
        "build: {script: [x], stage: .post}\n",
        "build: {script: [x], needs: [{job: a, optional: true}, {project: a/b, job: c}, {pipeline: $X, job: y}]}\n",
        "build: {script: [x], needs: ['test 1/3', 'test: [a, b]']}\ntest: {script: [x]}\n",
        "stages: [publish]\nbuild: {script: [x], stage: publish}\n",
        "sast: {stage: test}\ninclude: [{template: Jobs/SAST.gitlab-ci.yml}]\n",
        "build: {extends: .a}\ninclude: [{project: a/b, file: c.yml}]\n",
        "build: {script: [x], only: [main]}\n",
        "build: {script: [x], rules: [{when: always}], only: }\n",
        "variables: {extends: x}\n" + JOB,
    ],
)
def test_what_is_not(main: str) -> None:
    assert [] == flaws(main)


def test_a_file_that_is_no_mapping_is_malformed() -> None:
    with pytest.raises(MalformedFile):
        pipeline("- a\n")


def test_tabs_are_malformed_where_they_stand() -> None:
    with pytest.raises(MalformedFile) as found:
        pipeline("stages:\n\t- build\n")

    assert ("2:1") == f"{found.value.line}:{found.value.column}"


def test_an_empty_file_is_a_pipeline_without_jobs() -> None:
    assert () == pipeline("").jobs


WORDS = """
build script extends rules only include stages variables needs default if image services local
trigger parallel matrix spec workflow x $A
"""
words = some.sampled_from([*WORDS.split(), "!reference [build, script]"])
trees = some.recursive(
    words,
    lambda inner: some.one_of(some.lists(inner, max_size=3), some.dictionaries(words, inner, max_size=4)),
    max_leaves=20,
)


def shown(tree: object) -> str:
    if isinstance(tree, dict):
        return "{" + ", ".join(f"? {key} : {shown(value)}" for key, value in tree.items() if "!" not in key) + "}"
    if isinstance(tree, list):
        return "[" + ", ".join(shown(each) for each in tree) + "]"
    return str(tree)


@settings(max_examples=50, deadline=None)
@given(some.dictionaries(words, trees, max_size=5))
def test_whatever_stands_in_it_has_a_pipeline_or_is_malformed(tree: dict[str, object]) -> None:
    files = WrittenFiles({".gitlab-ci.yml": shown(tree)})
    try:
        found = read_pipeline(files)
    except MalformedFile:
        return
    assert isinstance(runs_of(found, PUSH, files), tuple)
