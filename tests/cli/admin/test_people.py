"""People, organisations, members and services from the command line."""

import pytest

from tests.cli.office import Office

pytestmark = pytest.mark.slow


@pytest.fixture
def ada(office: Office) -> str:
    """An account with the name of the test's organisation before it."""
    login = f"{office.name}-ada"
    office.done("admin", "user", "create", f"{office.host}/{login}", "--password-stdin", piped="open sesame, please\n")
    return login


def test_a_made_password_stands_alone_on_standard_output(office: Office) -> None:
    outcome = office.wharf("admin", "user", "create", f"{office.org}-bob")
    assert 1 == len(outcome.out.split())
    assert "it is not shown again" in outcome.err
    office.sit(f"{office.name}-bob", outcome.out.strip())
    assert f"{office.name}-bob" == office.told("whoami", office.host)["account"]


def test_a_password_that_was_given_is_not_repeated(office: Office, ada: str) -> None:
    assert office.desk.never_said("open sesame, please")


def test_people_are_listed(office: Office, ada: str) -> None:
    lines = office.done("admin", "user", "list", office.host).splitlines()
    assert ["LOGIN", "NAME"] == lines[0].split()
    assert ["admin", "Administrator", "administrator"] in [line.split() for line in lines]
    assert ada in [row["login"] for row in office.told("admin", "user", "list", office.host)["users"]]


def test_an_account_is_disabled_and_enabled(office: Office, ada: str) -> None:
    office.done("admin", "user", "disable", f"{office.host}/{ada}")
    assert "disabled" in office.done("admin", "user", "list", office.host)
    assert not office.told("admin", "user", "enable", f"{office.host}/{ada}")["disabled"]


def test_an_administrator_is_made_and_is_one_no_more(office: Office, ada: str) -> None:
    assert office.told("admin", "user", "promote", f"{office.host}/{ada}")["administrator"]
    assert not office.told("admin", "user", "demote", f"{office.host}/{ada}")["administrator"]


def test_the_password_of_somebody_is_changed(office: Office, ada: str) -> None:
    office.done("admin", "user", "password", f"{office.host}/{ada}", "--password-stdin", piped="another one, longer\n")
    office.sit(ada, "another one, longer")
    assert 0 == office.wharf("token", "list", office.host).code


def test_ones_own_is_changed_by_who_knows_it(office: Office, ada: str) -> None:
    office.sit(ada, "open sesame, please")
    answers = ["open sesame, please", "quite another one", "quite another one"]
    outcome = office.wharf("admin", "user", "password", f"{office.host}/{ada}", typed=answers)
    assert f"changed the password of {office.host}/{ada}\n" == outcome.out
    assert 6 == office.wharf("token", "list", office.host).code


def test_a_slip_at_the_keyboard_changes_nothing(office: Office, ada: str) -> None:
    outcome = office.wharf("admin", "user", "password", f"{office.host}/{ada}", typed=["one thing here", "another"])
    assert 2 == outcome.code
    assert "the two are not the same" in outcome.err


def test_through_a_pipe_ones_own_takes_two_lines(office: Office, ada: str) -> None:
    office.sit(ada, "open sesame, please")
    words = ("admin", "user", "password", f"{office.host}/{ada}", "--password-stdin")
    assert 2 == office.wharf(*words, piped="only one line\n").code
    assert 0 == office.wharf(*words, piped="open sesame, please\nthe new one, at last\n").code


def test_an_account_is_deleted(office: Office, ada: str) -> None:
    assert 2 == office.wharf("admin", "user", "delete", f"{office.host}/{ada}").code
    office.done("admin", "user", "delete", f"{office.host}/{ada}", "--yes")
    assert 4 == office.wharf("admin", "user", "disable", f"{office.host}/{ada}").code


def test_a_name_that_is_taken_is_told(office: Office) -> None:
    outcome = office.wharf("admin", "org", "create", office.org)
    assert 6 == outcome.code
    assert f"{office.host} answered 409" in outcome.err


def test_an_organisation_is_listed_and_deleted(office: Office) -> None:
    assert office.name in office.done("admin", "org", "list", office.host)
    office.done("admin", "org", "delete", office.org, "--yes")
    assert office.name not in office.done("admin", "org", "list", office.host)


def test_a_member_has_a_role_until_it_goes(office: Office, ada: str) -> None:
    assert f"{ada} is writer in {office.org}\n" == office.done(
        "admin", "member", "set", office.org, ada, "--role", "writer"
    )
    members = office.told("admin", "member", "list", office.org)["members"]
    assert (ada, "writer") in [(row["login"], row["role"]) for row in members]
    office.done("admin", "member", "remove", office.org, ada)
    assert ada not in office.done("admin", "member", "list", office.org)


def test_a_service_belongs_to_its_organisation(office: Office) -> None:
    office.done("admin", "service", "create", f"{office.org}+ci", "--role", "reader")
    assert [f"{office.name}+ci", "reader"] in [
        line.split() for line in office.done("admin", "service", "list", office.org).splitlines()
    ]
    office.done("admin", "service", "delete", f"{office.org}+ci", "--yes")
    assert f"{office.name}+ci" not in office.done("admin", "service", "list", office.org)


def test_a_service_has_a_plus_in_its_name(office: Office) -> None:
    outcome = office.wharf("admin", "service", "create", f"{office.org}", "--role", "reader")
    assert 2 == outcome.code
    assert f"{office.host}/ORG+NAME" in outcome.err


def test_who_may_not_is_told_what_it_takes(office: Office, ada: str) -> None:
    office.sit(ada, "open sesame, please")
    outcome = office.wharf("admin", "org", "create", f"{office.org}-two")
    assert 6 == outcome.code
    assert "administrator" in outcome.err
    assert f"the credential of {ada} is from" in outcome.err


def test_nobody_is_told_to_log_in(office: Office) -> None:
    office.leave()
    outcome = office.wharf("admin", "org", "list", office.host)
    assert 6 == outcome.code
    assert f"next: wharf login {office.host}" in outcome.err


@pytest.mark.parametrize("words", [("org", "create"), ("user", "create"), ("member", "list")])
def test_a_registry_alone_is_nobody(office: Office, words: tuple[str, str]) -> None:
    outcome = office.wharf("admin", *words, office.host)
    assert 2 == outcome.code
    assert "whose?" in outcome.err
