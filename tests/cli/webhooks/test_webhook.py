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


def made(office: Office) -> str:
    return str(office.told("admin", "webhook", "create", office.org, URL, "--event", "package")["id"])


def test_only_what_is_named_is_changed(office: Office) -> None:
    number = made(office)
    out = office.done("admin", "webhook", "edit", office.org, number, "--event", "tag.move", "--event", "quota")
    assert f"changed webhook {number} of {office.org}, for tag.move quota\n" == out
    changed = office.told("admin", "webhook", "edit", office.org, number, "--url", f"{URL}/new")
    assert (f"{URL}/new", ["tag.move", "quota"]) == (changed["url"], changed["events"])
    assert "secret" not in changed


def test_a_new_secret_is_shown_once_and_one_of_ones_own_is_not(office: Office) -> None:
    number = made(office)
    renewed = office.wharf("admin", "webhook", "edit", office.org, number, "--new-secret")
    assert "secret: " in renewed.out
    assert "not shown again" in renewed.err
    own = office.done("admin", "webhook", "edit", office.org, number, "--secret-stdin", piped="correct horse\n")
    assert "secret: " not in own


def test_another_address_that_is_a_secret_is_piped_in(office: Office) -> None:
    number = made(office)
    assert "k3y" not in office.done("admin", "webhook", "edit", office.org, number, "--url", "-", piped=f"{URL}?k3y\n")
    assert f"{URL}?k3y" in office.done("admin", "webhook", "list", office.org)


@pytest.mark.parametrize("words", [(), ("--new-secret", "--secret-stdin"), ("--url", "-", "--secret-stdin")])
def test_an_edit_without_a_change_or_with_two_of_one_kind_is_refused(office: Office, words: tuple[str, ...]) -> None:
    outcome = office.wharf("admin", "webhook", "edit", office.org, "1", *words, piped="x")
    assert (2, True) == (outcome.code, "say" in outcome.err or "brings one thing" in outcome.err)


def test_a_webhook_is_paused_and_goes_on(office: Office) -> None:
    number = made(office)
    assert f"paused webhook {number} of {office.org}\n" == office.done("admin", "webhook", "pause", office.org, number)
    assert "for package (paused)\n" in office.done("admin", "webhook", "list", office.org)
    assert office.told("admin", "webhook", "resume", office.org, number)["active"]
    assert "(paused)" not in office.done("admin", "webhook", "list", office.org)


def test_a_ping_is_sent_when_it_is_asked_for(office: Office) -> None:
    number = made(office)
    outcome = office.wharf("admin", "webhook", "ping", office.org, number)
    assert outcome.out.startswith("a ping is to be sent, as delivery ")
    assert f"deliveries {office.org} {number}" in outcome.err
    rows = office.told("admin", "webhook", "deliveries", office.org, number)["deliveries"]
    assert ["ping", "ping"] == [row["event"] for row in rows]


def test_an_address_that_is_out_of_reach_is_refused(office: Office) -> None:
    outcome = office.wharf("admin", "webhook", "create", office.org, "http://169.254.169.254/latest")
    assert 2 == outcome.code
    assert "may not reach" in outcome.err


def test_an_event_that_is_none_is_refused_with_those_that_are(office: Office) -> None:
    outcome = office.wharf("admin", "webhook", "create", office.org, URL, "--event", "push")
    assert 2 == outcome.code
    assert "package.push" in outcome.err or "write one of" in outcome.err


def test_a_webhook_that_is_not_there_is_said_not_to_be(office: Office) -> None:
    for verb in ("deliveries", "pause", "ping"):
        assert 4 == office.wharf("admin", "webhook", verb, office.org, "999999").code
