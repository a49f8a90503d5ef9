"""Rules from the command line, at a registry with accounts."""

import pytest

from tests.cli.office import Office

pytestmark = pytest.mark.slow


def create(office: Office, *words: str) -> str:
    return office.done("admin", "rule", "create", office.org, *words)


def test_an_immutable_rule_is_made_and_told_in_words(office: Office) -> None:
    made = create(office, "--immutable", "--tag", "v*", "--except", "*-rc")
    assert made.endswith(": tags like v*, but not *-rc, stay where they are\n")


def test_a_rule_of_retention_is_made_of_spans(office: Office) -> None:
    words = ("--keep-newest", "10", "--keep-younger-than", "30d", "--keep-pulled-within", "12h", "--keep-tag", "lts")
    told = office.told("admin", "rule", "create", office.org, *words, "--repository", f"{office.name}/app")
    assert ("retention", 10, 30 * 86_400, 12 * 3600) == (
        told["kind"],
        told["keep_newest"],
        told["keep_younger_than"],
        told["keep_pulled_within"],
    )
    assert [f"{office.name}/app"] == told["repositories"]


def test_rules_are_listed_within_80_columns(office: Office) -> None:
    create(office, "--immutable", *(word for number in range(20) for word in ("--tag", f"v{number}.*")))
    lines = office.done("admin", "rule", "list", office.org).splitlines()
    assert len(lines) > 1
    assert 80 >= max(map(len, lines))
    assert "(by admin)" in lines[-1]


def test_a_rule_ends(office: Office) -> None:
    create(office, "--immutable")
    number = str(office.told("admin", "rule", "list", office.org)["rules"][0]["id"])
    assert f"rule {number} of {office.org} has ended\n" == office.done("admin", "rule", "delete", office.org, number)
    assert [] == office.told("admin", "rule", "list", office.org)["rules"]


def test_a_rule_that_keeps_nothing_is_refused_with_what_to_say(office: Office) -> None:
    outcome = office.wharf("admin", "rule", "create", office.org, "--tag", "v*")
    assert 0 != outcome.code
    assert "everything would go" in outcome.err


def test_a_rule_of_another_owner_s_repositories_is_refused(office: Office) -> None:
    outcome = office.wharf("admin", "rule", "create", office.org, "--immutable", "--repository", "elsewhere/app")
    assert f"it matches no repository of {office.name}" in " ".join(outcome.err.split())
