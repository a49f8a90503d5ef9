"""Includes: what is included lies below what includes it, and what is elsewhere is named."""

import pytest

from tests.formats.gitlab.written import flaws, job, pipeline
from wharf.formats.gitlab.flaws import Wrong
from wharf.formats.hole import Unknown

BUILD = """
build:
  image: docker:27
  script: [docker info]
"""


def test_what_stands_in_the_file_hides_what_it_includes() -> None:
    main = "include: ci/build.yml\nbuild:\n  image: docker:28\n"

    found = job(main, ci__build=BUILD)

    assert found.image
    assert "docker:28" == found.image.name.flat
    assert ["docker info"] == [line.flat for line in found.script]


def test_each_line_keeps_the_file_where_it_was_written() -> None:
    found = job("include: [{local: /ci/build.yml}]\n", ci__build=BUILD)

    assert "ci/build.yml:4:12" == str(found.script[0].span)


def test_later_includes_lie_over_earlier_ones() -> None:
    first, second = BUILD, BUILD.replace("27", "28")

    found = job("include: [{local: a.yml}, {local: b.yml}]\n", a=first, b=second)

    assert found.image
    assert "docker:28" == found.image.name.flat


def test_a_pattern_includes_all_files_that_it_matches() -> None:
    main = "include: 'ci/**/*.yml'\n"

    found = pipeline(main, ci__a="a:\n  script: x\n", ci__deep__b="b:\n  script: x\n")

    assert ["a", "b"] == sorted(job.name for job in found.jobs)


@pytest.mark.parametrize(
    ("include", "subject"),
    [
        ("{template: Jobs/Build.gitlab-ci.yml}", "template Jobs/Build.gitlab-ci.yml"),
        ("{remote: 'https://example.com/ci.yml'}", "remote https://example.com/ci.yml"),
        ("https://example.com/ci.yml", "https://example.com/ci.yml"),
        ("{project: acme/ci, file: build.yml}", "project acme/ci"),
        ("{component: $CI_SERVER_FQDN/acme/build@1.0}", "component $CI_SERVER_FQDN/acme/build@1.0"),
    ],
)
def test_what_is_elsewhere_is_named(include: str, subject: str) -> None:
    found = pipeline(f"include: [{include}]\n{BUILD}")

    assert [(Unknown.REMOTE, subject)] == [(hole.reason.kind, hole.reason.subject) for hole in found.undecided]


def test_a_file_that_is_not_there_is_a_flaw() -> None:
    assert [(Wrong.MISSING_FILE, "ci/build.yml", 1)] == flaws("include: ci/build.yml\nx:\n  script: y\n")


def test_a_circle_of_includes_is_a_flaw_and_has_an_end() -> None:
    found = flaws("include: a.yml\nx:\n  script: y\n", a="include: b.yml\n", b="include: a.yml\n")

    assert [(Wrong.CIRCLE, "a.yml", 1)] == found


def test_includes_that_would_grow_without_bound_are_not_followed() -> None:
    main = "include: [a.yml, a.yml, a.yml, a.yml]\n"
    deeper = "include: [b.yml, b.yml, b.yml, b.yml]\n"

    found = pipeline(main, a=deeper, b=deeper.replace("b.yml", "c.yml"), c=deeper.replace("b.yml", "d.yml"), d=BUILD)

    assert Unknown.TOO_MUCH in {hole.reason.kind for hole in found.undecided}


def test_a_broken_file_that_is_included_is_told_of() -> None:
    found = pipeline("include: a.yml\nx:\n  script: y\n", a="a: [\n")

    assert ["a.yml"] == [problem.file for problem in found.problems]


def test_inputs_are_put_in() -> None:
    template = """
    spec:
      inputs:
        name:
        version: {default: '27'}
    ---
    $[[ inputs.name ]]-image:
      image: docker:$[[ inputs.version | truncate(0,2) ]]
      script: [docker info]
    """

    found = job("include: [{local: a.yml, inputs: {name: api}}]\n", "api-image", a=template)

    assert found.image
    assert "docker:27" == found.image.name.flat


def test_an_input_that_nobody_gives_is_a_hole() -> None:
    template = "spec:\n  inputs:\n    tag:\n---\nbuild:\n  image: docker:$[[ inputs.tag ]]\n  script: x\n"

    found = job("include: a.yml\n", a=template)

    assert found.image
    assert "docker:‹tag›" == found.image.name.shown


@pytest.mark.parametrize(("rule", "names"), [("exists: [a.yml]", ["build"]), ("exists: [Dockerfile]", [])])
def test_a_condition_on_files_decides_an_include(rule: str, names: list[str]) -> None:
    found = pipeline(f"include: [{{local: a.yml, rules: [{{{rule}}}]}}]\n", a=BUILD)

    assert names == [job.name for job in found.jobs]
