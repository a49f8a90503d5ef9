"""What jobs take over from others: `extends`, `!reference`, `default`."""

from itertools import pairwise

import pytest

from tests.formats.gitlab.written import flaws, job, pipeline
from wharf.formats.gitlab.flaws import Wrong
from wharf.formats.hole import Unknown


def test_mappings_become_one_and_lists_are_replaced() -> None:
    found = job(
        """
        .base:
          variables: {A: 1, B: 1}
          script: [one, two]
        build:
          extends: .base
          variables: {B: 2}
          script: [three]
        """
    )

    assert {"A": "1", "B": "2"} == {name: variable.value.flat for name, variable in found.variables.items()}
    assert ["three"] == [line.flat for line in found.script]


def test_the_last_of_several_parents_counts() -> None:
    found = job(
        """
        .a: {image: a, stage: test}
        .b: {image: b, script: [x]}
        build: {extends: [.a, .b]}
        """
    )

    assert found.image
    assert ("b", "test") == (found.image.name.flat, found.stage.flat)


def test_parents_have_parents() -> None:
    main = ".a: {script: [x]}\n.b: {extends: .a}\nbuild: {extends: .b}\n"

    assert ["x"] == [line.flat for line in job(main).script]


def test_a_parent_that_is_not_there_is_a_flaw() -> None:
    assert (Wrong.UNKNOWN_PARENT, ".base", 1) in flaws("build: {extends: .base, script: [x]}\n")


def test_a_parent_that_may_come_from_elsewhere_is_none() -> None:
    assert [] == flaws("include: [{template: A.yml}]\nbuild: {extends: .base}\n")


def test_a_circle_of_parents_is_a_flaw() -> None:
    assert [(Wrong.CIRCLE, "a", 2)] == flaws("a: {extends: b, script: [x]}\nb: {extends: a}\n")


def test_a_reference_is_the_value_it_names() -> None:
    found = job(
        """
        .setup: {script: [one, two]}
        build:
          script:
            - !reference [.setup, script]
            - three
        """
    )

    assert ["one", "two", "three"] == [line.flat for line in found.script]


def test_a_reference_may_name_rules() -> None:
    found = job(
        """
        .on: {rules: [{if: $A}, {if: $B}]}
        build:
          script: [x]
          rules:
            - !reference [.on, rules]
            - when: never
        """
    )

    assert found.rules
    assert ["$A", "$B", None] == [rule.expression.flat if rule.expression else None for rule in found.rules]


def test_a_reference_to_itself_is_a_flaw() -> None:
    assert [(Wrong.CIRCLE, "build, script", 1)] == flaws("build: {script: [!reference [build, script]]}\n")


def test_a_reference_to_nothing_is_a_flaw() -> None:
    assert [(Wrong.UNKNOWN_REFERENCE, ".no, script", 1)] == flaws("build: {script: [!reference [.no, script], x]}\n")


@pytest.mark.slow
def test_references_cannot_explode() -> None:
    names = "abcdefgh"
    lines = [
        f".{name}: {{script: [{', '.join([f'!reference [.{after}, script]'] * 20)}]}}"
        for name, after in pairwise(names)
    ]
    main = "\n".join([*lines, ".h: {script: [x]}", "build: {script: [!reference [.a, script]]}"])

    assert Unknown.TOO_MUCH in {hole.reason.kind for hole in pipeline(main).undecided}


def test_defaults_reach_jobs_that_do_not_have_their_own() -> None:
    main = "default: {image: a, tags: [x]}\nbuild: {script: [y], image: b}\n"

    found = job(main)

    assert found.image
    assert ("b", ["x"]) == (found.image.name.flat, [tag.flat for tag in found.tags])


def test_what_stands_at_the_top_is_a_default_as_well() -> None:
    found = job("image: a\nservices: [docker:27-dind]\nbefore_script: [one]\nbuild: {script: [two]}\n")

    assert found.image
    assert ("a", ["one", "two"]) == (found.image.name.flat, [line.flat for line in found.script])


@pytest.mark.parametrize(("inherit", "image"), [("default: false", None), ("default: [tags]", None), ("{}", "a")])
def test_a_job_may_refuse_defaults(inherit: str, image: str | None) -> None:
    inherit = inherit if inherit == "{}" else f"{{{inherit}}}"

    found = job(f"image: a\nbuild: {{script: [x], inherit: {inherit}}}\n")

    assert image == (found.image.name.flat if found.image else None)


def test_what_is_null_is_taken_from_the_defaults_again() -> None:
    found = job("image: a\n.base: {image: b}\nbuild: {extends: .base, image: null, script: [x]}\n")

    assert found.image
    assert "a" == found.image.name.flat


def test_an_empty_list_is_not_null() -> None:
    found = job("services: [docker:27-dind]\nbuild: {services: [], script: [x]}\n")

    assert () == found.services
