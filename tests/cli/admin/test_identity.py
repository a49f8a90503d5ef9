"""Rules for identities from the command line."""

import pytest

from tests.cli.office import Office

pytestmark = pytest.mark.slow

ISSUER = "https://token.actions.githubusercontent.com"


def rule(office: Office, *words: str) -> tuple[str, ...]:
    office.done("admin", "service", "create", f"{office.org}+ci", "--role", "writer")
    return (
        *("admin", "identity", "create", office.host, "--label", office.name, "--issuer", ISSUER),
        *("--audience", office.host, "--subject", f"repo:{office.name}/app:*"),
        *("--account", f"{office.name}+ci", "--scope", "write:packages", *words),
    )


def test_a_rule_is_made_listed_and_deleted(office: Office) -> None:
    made = office.told(*rule(office, "--repository", f"{office.name}/*", "--claim", "ref=refs/heads/main"))
    assert {"ref": "refs/heads/main"} == made["claims"]
    listed = office.done("admin", "identity", "list", office.host)
    assert f"repo:{office.name}/app:*" in listed
    assert f"{office.name}+ci, with write:packages" in listed
    office.done("admin", "identity", "delete", office.host, str(made["id"]))
    assert office.name not in office.done("admin", "identity", "list", office.host)


def test_a_claim_has_a_name_and_a_pattern(office: Office) -> None:
    assert 2 == office.wharf(*rule(office, "--claim", "ref")).code


def test_a_rule_that_believes_everybody_is_refused(office: Office) -> None:
    words = ["*" if word.startswith("repo:") else word for word in rule(office)]
    outcome = office.wharf(*words)
    assert 2 == outcome.code
    assert "next:" in outcome.err
