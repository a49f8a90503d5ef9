"""Tokens from the command line: made, shown once, listed, revoked and replaced."""

import pytest

from tests.cli.office import Office
from wharf.access.secret_text import recognised

pytestmark = pytest.mark.slow


def shown(office: Office, *words: str) -> list[str]:
    return office.done("token", "list", office.host, *words).splitlines()


@pytest.fixture
def service(office: Office) -> str:
    office.done("admin", "service", "create", f"{office.org}+ci", "--role", "writer")
    return f"{office.name}+ci"


def test_a_token_stands_alone_on_standard_output(office: Office) -> None:
    outcome = office.wharf("token", "create", office.host, "--label", "laptop")
    assert recognised(outcome.out.removesuffix("\n")) is not None
    assert "of admin: read:packages, until " in outcome.err
    assert outcome.err.endswith("\nIt is not shown again.\n")
    assert all(len(line) <= 80 for line in outcome.err.splitlines())


def test_a_token_is_limited_as_it_was_wished(office: Office, service: str) -> None:
    wish = ("--scope", "write:packages", "--repository", f"{office.name}/*", "--expires", "30d")
    made = office.told("token", "create", office.host, "--account", service, *wish)
    assert (service, ["write:packages"], [f"{office.name}/*"]) == (
        made["account"],
        made["scopes"],
        made["repositories"],
    )


def test_the_list_tells_what_each_is_for_and_fits_a_terminal(office: Office, service: str) -> None:
    office.token("--account", service, "--label", "a label that is much longer than its column")
    office.token("--account", service, "--scope", "write:packages", "--scope", "delete:packages",
                 "--repository", f"{office.name}/*", "--label", "cluster")  # fmt: skip
    lines = shown(office, "--account", service)
    assert ["ID", "LABEL", "MAY", "VALID", "LAST", "USED"] == lines[0].split()
    assert "write delete" in lines[1]
    assert f"only for {office.name}/*" in lines[2]
    assert all(len(line) <= 80 for line in lines if "only for" not in line)


def test_no_token_is_told_as_none(office: Office, service: str) -> None:
    assert "no tokens\n" == office.wharf("token", "list", office.host, "--account", service).err


def test_a_token_that_was_revoked_is_good_for_nothing(office: Office, service: str) -> None:
    made = office.told("token", "create", office.host, "--account", service)
    assert f"revoked token {made['id']}\n" == office.done("token", "revoke", office.host, str(made["id"]))
    assert "revoked" in shown(office, "--account", service)[1]
    office.sit(service, made["token"])
    assert 6 == office.wharf("token", "list", office.host).code


def test_all_tokens_of_a_service_are_revoked_at_once(office: Office, service: str) -> None:
    office.token("--account", service)
    office.token("--account", service)
    office.done("token", "revoke", office.host, "--all", "--account", service, "--yes")
    assert all("revoked" in line for line in shown(office, "--account", service)[1:])


def test_nobody_revokes_all_without_having_been_asked(office: Office) -> None:
    assert 2 == office.wharf("token", "revoke", office.host, "--all").code
    assert 2 == office.wharf("token", "revoke", office.host).code


def test_a_rotated_token_has_the_same_rights(office: Office, service: str) -> None:
    made = office.told("token", "create", office.host, "--account", service, "--scope", "write:packages")
    after = office.told("token", "rotate", office.host, str(made["id"]), "--overlap", "1h")
    assert (service, ["write:packages"]) == (after["account"], after["scopes"])
    assert after["token"] != made["token"]
    office.sit(service, made["token"])
    assert 0 == office.wharf("whoami", office.host).code


def test_a_token_makes_none_that_may_more(office: Office, service: str) -> None:
    office.sit(service, office.token("--account", service))
    outcome = office.wharf("token", "create", office.host, "--scope", "write:packages")
    assert 6 == outcome.code
    assert "next:" in outcome.err


def test_no_secret_is_said_twice(office: Office) -> None:
    text = office.token("--label", "secret")
    office.sit("admin", text)
    office.wharf("token", "list", office.host, "--json")
    office.wharf("whoami", office.host)
    assert 1 == sum(said.count(text) for said in office.desk.said)
