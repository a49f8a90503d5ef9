"""Webhooks from the command line."""

import pytest

from tests.cli.office import Office

pytestmark = pytest.mark.slow

URL = "https://ci.example.invalid/hooks"


def test_a_webhook_is_made_listed_and_deleted(office: Office) -> None:
    made = office.told("admin", "webhook", "create", office.org, URL, "--event", "package", "--event", "tag.move")
    assert ["package", "tag.move"] == made["events"]
    assert len(made["secret"]) > 20
    listed = office.done("admin", "webhook", "list", office.org)
    assert f"{made['id']}  {URL}\n    for package tag.move\n" == listed
    assert made["secret"] not in listed
    office.done("admin", "webhook", "delete", office.org, str(made["id"]), "--yes")
    assert "" == office.done("admin", "webhook", "list", office.org)


def test_the_secret_is_shown_once_to_a_person(office: Office) -> None:
    outcome = office.wharf("admin", "webhook", "create", office.org, URL)
    assert "for *\nsecret: " in outcome.out
    assert "not shown again" in outcome.err


def test_a_secret_of_ones_own_is_piped_in_and_not_shown(office: Office) -> None:
    out = office.done("admin", "webhook", "create", office.org, URL, "--secret-stdin", piped="correct horse\n")
    assert "secret: " not in out


def test_an_address_that_is_a_secret_is_piped_in(office: Office) -> None:
    office.done("admin", "webhook", "create", office.org, "-", piped=f"{URL}?key=k3y\n")
    assert "k3y" in office.done("admin", "webhook", "list", office.org)


def test_standard_input_does_not_bring_both(office: Office) -> None:
    assert 2 == office.wharf("admin", "webhook", "create", office.org, "-", "--secret-stdin", piped="x").code


def test_the_first_delivery_is_a_ping_and_can_be_sent_again(office: Office) -> None:
    number = str(office.told("admin", "webhook", "create", office.org, URL, "--event", "quota")["id"])
    (ping,) = office.told("admin", "webhook", "deliveries", office.org, number)["deliveries"]
    again = office.told("admin", "webhook", "redeliver", office.org, number, str(ping["id"]))
    assert ("ping", ping["guid"]) == (again["event"], again["guid"])
    table = office.done("admin", "webhook", "deliveries", office.org, number)
    assert max(map(len, table.splitlines())) <= 80
    assert "ping" in table


def test_an_address_that_is_out_of_reach_is_refused(office: Office) -> None:
    outcome = office.wharf("admin", "webhook", "create", office.org, "http://169.254.169.254/latest")
    assert 2 == outcome.code
    assert "may not reach" in outcome.err


def test_an_event_that_is_none_is_refused_with_those_that_are(office: Office) -> None:
    outcome = office.wharf("admin", "webhook", "create", office.org, URL, "--event", "push")
    assert 2 == outcome.code
    assert "package.push" in outcome.err or "write one of" in outcome.err


def test_a_webhook_that_is_not_there_is_said_not_to_be(office: Office) -> None:
    assert 4 == office.wharf("admin", "webhook", "deliveries", office.org, "999999").code
