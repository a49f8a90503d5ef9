"""The repository of note 3 in its five states: each fix that is told with edits is done, and the way is gone again."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.doctor.repositories import ROOT, checkout_in
from wharf.doctor.checkout import Checkout
from wharf.doctor.cures.trying import mends
from wharf.doctor.edits import changes_by
from wharf.doctor.finding import Edit, Finding, Fix, Severity
from wharf.doctor.looks.way import way
from wharf.doctor.rules.join import (
    fallback_hides_missing_tag,
    image_never_pushed,
    latest_never_pushed,
    tag_never_pushed,
)
from wharf.doctor.way.laid_files import SeenFiles
from wharf.formats.span import Span
from wharf.formats.text import Text

RULES = (tag_never_pushed.RULE, image_never_pushed.RULE, fallback_hides_missing_tag.RULE, latest_never_pushed.RULE)
STATES = [f"hamalog-{state}" for state in range(1, 6)]
OTHERS = sorted(path.name for path in (ROOT / "defects").glob("join-*") if "platform" not in path.name)
RULE_OF_STATE = {
    1: "type=sha,prefix={{branch}}-",
    2: "type=sha,prefix={{branch}}-",
    3: "type=sha",
    4: "type=sha",
    5: "type=raw,value=latest",
}


def folder(name: str) -> Path:
    return ROOT / "defects" / name


def findings(checkout: Checkout) -> list[Finding]:
    return [found for rule in RULES for found in rule.check(checkout) if found.severity is not Severity.NOTE]


def mended(checkout: Checkout, fix: Fix) -> Checkout:
    changes = changes_by([fix], checkout.files)
    written = {change.path: Text.of_file(change.path, change.after) for change in changes}
    return Checkout(SeenFiles(checkout.files, written), checkout.history, event=checkout.event)


def fixes(name: str) -> Iterator[Fix]:
    return (fix for found in findings(checkout_in(folder(name))) for fix in found.fixes if fix.edits)


@pytest.mark.slow
@pytest.mark.parametrize("name", [*STATES, *OTHERS])
def test_every_fix_makes_what_is_asked_for_something_that_is_pushed(name: str) -> None:
    told = list(fixes(name))

    assert told
    for fix in told:
        after = mended(checkout_in(folder(name)), fix)
        assert () == after.once(way).breaks, fix.words.english


@pytest.mark.slow
@pytest.mark.parametrize("state", range(1, 6))
def test_both_sides_the_rule_and_the_nearest_tag_are_named(state: int) -> None:
    (found,) = findings(checkout_in(folder(f"hamalog-{state}")))
    places = {each.span.file for each in found.evidence if each.span}
    said = " ".join(each.words.english for each in found.evidence)

    assert {"deploy.sh", ".github/workflows/deploy-main.yml"} <= places
    assert "deploy.sh" == found.span.file
    assert RULE_OF_STATE[state] in said
    assert {1: "`main-453a654`", 2: "`main-453a654`", 3: "`sha-453a654`", 4: "`sha-453a654`", 5: "backend:latest"}[
        state
    ] in said


@pytest.mark.slow
@pytest.mark.parametrize("state", range(1, 5))
def test_either_side_may_be_mended(state: int) -> None:
    (found,) = findings(checkout_in(folder(f"hamalog-{state}")))

    assert [".github/workflows/deploy-main.yml", "deploy.sh"] == [fix.edits[0].span.file for fix in found.fixes]
    assert [True, False] == [fix.is_safe for fix in found.fixes]


def test_what_is_told_is_told_in_korean_as_well() -> None:
    (found,) = findings(checkout_in(folder("hamalog-3")))
    words = [found.message, *(each.words for each in found.evidence), *(fix.words for fix in found.fixes)]

    assert all(any("가" <= letter <= "힣" for letter in each.korean) for each in words)


def test_that_nobody_asks_any_more_mends_nothing() -> None:
    checkout = checkout_in(folder("join-gitlab-short-commit"))
    (answer,) = checkout.once(way).breaks
    condition = Span(".gitlab-ci.yml", 22, 11, 22, 28)

    assert not mends(checkout, answer, (Edit(condition, "$CI_NEVER"),))
