"""Webhooks as the API has them."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cases import each
from tests.registry.conftest import HandClock
from tests.registry.http.api.harbour import PASSWORD, Harbour
from wharf.metadata.ledger import Ledger
from wharf.metadata.outbox import Attempt, DeliveryState
from wharf.metadata.records import Moment
from wharf.metadata.webhooks import WebhookRecord
from wharf.registry.http.api.operation import OWN
from wharf.testing.registry import InProcessRegistry

HOOKS = f"{OWN}/owners/crew/webhooks"
URL = "https://ci.example/hooks?key=k3y"


@pytest.fixture
def harbour(tmp_path: Path, clock: HandClock) -> Iterator[Harbour]:
    with InProcessRegistry(tmp_path, clock=clock, admin_password=PASSWORD) as registry:
        harbour = Harbour(registry)
        harbour.done("POST", f"{OWN}/orgs", {"login": "crew"})
        yield harbour


def made(harbour: Harbour, path: str = HOOKS, **wish: object) -> Any:
    answer = harbour.ask("POST", path, {"url": URL, **wish})
    assert answer.status == 201, answer
    return answer.json()


def test_the_secret_is_told_once_and_is_nowhere_else(harbour: Harbour) -> None:
    secret = made(harbour)["secret"]
    assert len(secret) >= 40
    told = json.dumps([harbour.told(HOOKS), harbour.told(f"{OWN}/audit"), harbour.told(f"{HOOKS}/1/deliveries")])
    assert secret not in told


def test_a_secret_of_ones_own_is_not_told_again(harbour: Harbour) -> None:
    assert "secret" not in made(harbour, secret="correct horse")


def test_the_log_knows_the_host_of_a_webhook_and_not_its_address(harbour: Harbour) -> None:
    made(harbour)
    entry = harbour.told(f"{OWN}/audit")[0]
    assert ("webhook.create", "ci.example") == (entry["action"], entry["target"])
    assert "k3y" not in json.dumps(entry)


def test_a_webhook_without_events_hears_of_everything(harbour: Harbour) -> None:
    assert ["*"] == made(harbour)["events"]


@each(
    "wish",
    [
        {"url": "ftp://ci.example/"},
        {"url": "http://169.254.169.254/latest/meta-data"},
        {"url": "http://[fe80::1]/"},
        {"url": "http://[::ffff:169.254.169.254]/"},
        {"url": "https://name:word@ci.example/"},
        {"events": ["push"]},
        {"events": "package"},
        {"secret": "short"},
        {"active": "yes"},
        {"paused": True},
    ],
)
def test_what_cannot_be_a_webhook_is_refused(harbour: Harbour, wish: dict[str, object]) -> None:
    assert 422 == harbour.ask("POST", HOOKS, {"url": URL, **wish}).status
    assert [] == harbour.told(HOOKS)


def test_this_machine_is_for_administrators_alone(harbour: Harbour) -> None:
    here = {"url": "http://127.0.0.1:9000/"}
    assert 422 == harbour.as_(harbour.person("olga", "owner"), "POST", HOOKS, here).status
    assert 201 == harbour.ask("POST", HOOKS, here).status


def edited(harbour: Harbour, number: int, **wish: object) -> Any:
    answer = harbour.ask("PATCH", f"{HOOKS}/{number}", wish)
    assert answer.status == 200, answer
    return answer.json()


def kept(harbour: Harbour, number: int) -> WebhookRecord:
    found = asyncio.run(harbour.registry.metadata.read(lambda ledger: ledger.webhooks.find("crew", number)))
    assert found is not None
    return found


def test_only_what_is_given_changes(harbour: Harbour) -> None:
    before = made(harbour, events=["package"])
    secret = before.pop("secret")
    assert {**before, "events": ["tag.move"]} == edited(harbour, before["id"], events=["tag.move"])
    assert before | {"events": ["tag.move"]} == harbour.told(f"{HOOKS}/{before['id']}")
    assert (secret, URL) == (kept(harbour, before["id"]).secret, kept(harbour, before["id"]).url)


def test_an_edit_is_noted_by_what_it_changed_and_tells_no_secret(harbour: Harbour) -> None:
    number = made(harbour, events=["package"])["id"]
    edited(harbour, number, url="https://cd.example/hooks?key=0ther", secret="correct horse", active=False)
    paused, changed = harbour.told(f"{OWN}/audit")[:2]
    assert ("webhook.pause", "webhook.edit") == (paused["action"], changed["action"])
    assert ("cd.example", "url secret") == (changed["target"], changed["details"]["changed"])
    assert "0ther" not in json.dumps(changed)
    assert "horse" not in json.dumps(changed)


def test_an_edit_that_changes_nothing_is_not_noted(harbour: Harbour) -> None:
    webhook = made(harbour)
    for wish in ({}, {"active": True}, {"url": URL, "events": ["*"]}):
        edited(harbour, webhook["id"], **wish)
    assert "webhook.create" == harbour.told(f"{OWN}/audit")[0]["action"]


def test_a_secret_is_renewed_and_told_once(harbour: Harbour) -> None:
    webhook = made(harbour)
    renewed = edited(harbour, webhook["id"], renew_secret=True)["secret"]
    assert renewed not in {"", webhook["secret"]}
    assert renewed == kept(harbour, webhook["id"]).secret
    assert "secret" not in edited(harbour, webhook["id"], secret="correct horse")
    assert "secret" not in harbour.told(f"{HOOKS}/{webhook['id']}")


def test_a_secret_is_given_or_made_and_not_both(harbour: Harbour) -> None:
    number = made(harbour)["id"]
    assert 422 == harbour.ask("PATCH", f"{HOOKS}/{number}", {"secret": "correct horse", "renew_secret": True}).status


@pytest.mark.parametrize(
    "wish",
    [
        {"url": "ftp://ci.example/"},
        {"url": "http://169.254.169.254/latest/meta-data"},
        {"url": None},
        {"events": ["push"]},
        {"secret": ""},
        {"active": None},
        {"owner": "others"},
    ],
)
def test_what_a_webhook_cannot_become_is_refused_and_nothing_of_it_is_done(
    harbour: Harbour, wish: dict[str, object]
) -> None:
    before = made(harbour)
    del before["secret"]
    other = {"events": ["tag"]} if "events" not in wish else {"active": False}
    assert 422 == harbour.ask("PATCH", f"{HOOKS}/{before['id']}", {**other, **wish}).status
    assert [before] == harbour.told(HOOKS)


@pytest.fixture
def trusting(tmp_path: Path, clock: HandClock) -> Iterator[Harbour]:
    """Where webhooks of owners may lead into private networks."""
    every = {"webhook-networks": "all"}
    with InProcessRegistry(tmp_path, settings=every, clock=clock, admin_password=PASSWORD) as registry:
        harbour = Harbour(registry)
        harbour.done("POST", f"{OWN}/orgs", {"login": "crew"})
        yield harbour


def test_private_networks_are_for_administrators_alone_unless_the_settings_say_otherwise(harbour: Harbour) -> None:
    olga, inside = harbour.person("olga", "owner"), {"url": "http://10.0.0.7/hooks"}
    number = made(harbour)["id"]
    refused = harbour.as_(olga, "POST", HOOKS, inside)
    assert (422, True) == (refused.status, 'webhook-networks = "all"' in refused.json()["wharf"]["nextStep"])
    assert 422 == harbour.as_(olga, "PATCH", f"{HOOKS}/{number}", inside).status
    assert 201 == harbour.as_(olga, "POST", HOOKS, {"url": URL}).status
    assert 200 == harbour.ask("PATCH", f"{HOOKS}/{number}", inside).status


def test_private_networks_are_in_reach_of_all_where_the_settings_say_so(trusting: Harbour) -> None:
    assert 201 == trusting.as_(trusting.person("olga", "owner"), "POST", HOOKS, {"url": "http://10.0.0.7/"}).status


def test_whoever_gives_an_address_answers_for_where_it_leads(harbour: Harbour) -> None:
    olga = harbour.person("olga", "owner")
    here = {"url": "http://127.0.0.1:9000/"}
    number = made(harbour)["id"]
    assert 422 == harbour.as_(olga, "PATCH", f"{HOOKS}/{number}", here).status
    edited(harbour, number, **here)
    assert 200 == harbour.as_(olga, "PATCH", f"{HOOKS}/{number}", {"events": ["tag"], **here}).status
    assert kept(harbour, number).reaches_here
    assert 200 == harbour.as_(olga, "PATCH", f"{HOOKS}/{number}", {"url": URL}).status
    assert not kept(harbour, number).reaches_here


def test_a_webhook_that_is_paused_keeps_nothing_new_and_what_it_had_waits(harbour: Harbour) -> None:
    number = made(harbour, events=["package"])["id"]
    harbour.registry.push_image("crew/app", "1.0")
    assert not edited(harbour, number, active=False)["active"]
    harbour.registry.push_image("crew/app", "2.0")
    edited(harbour, number, active=True)
    harbour.registry.push_image("crew/app", "3.0")
    rows = harbour.told(f"{HOOKS}/{number}/deliveries")
    assert ["package.push", "package.push", "ping"] == [row["event"] for row in rows]
    assert ["webhook.resume", "webhook.pause"] == [
        entry["action"] for entry in harbour.told(f"{OWN}/audit") if entry["action"].startswith("webhook.")
    ][:2]


def test_a_webhook_may_be_made_paused(harbour: Harbour) -> None:
    webhook = made(harbour, active=False)
    assert not webhook["active"]
    harbour.registry.push_image("crew/app", "1.0")
    assert ["ping"] == [row["event"] for row in harbour.told(f"{HOOKS}/{webhook['id']}/deliveries")]


def test_what_was_put_off_is_due_when_something_was_mended(harbour: Harbour, clock: HandClock) -> None:
    number = made(harbour, events=["package"])["id"]
    ping = harbour.told(f"{HOOKS}/{number}/deliveries")[0]

    def due_later(ledger: Ledger) -> None:
        ledger.outbox.postpone(ping["id"], Moment(clock() + 3_600_000), Attempt(1, 500, "it answered 500"))

    for mended in ({"url": "https://cd.example/"}, {"active": True}):
        asyncio.run(harbour.registry.metadata.write(due_later))
        edited(harbour, number, active="url" in mended)
        edited(harbour, number, **mended)
        due = asyncio.run(harbour.registry.metadata.read(lambda ledger: ledger.outbox.due(clock(), 9)))
        assert [ping["guid"]] == [one.delivery.guid for one in due]


def test_a_ping_is_sent_whenever_somebody_asks_for_it(harbour: Harbour) -> None:
    number = made(harbour, events=["package"])["id"]
    answer = harbour.ask("POST", f"{HOOKS}/{number}/pings")
    newest, first = harbour.told(f"{HOOKS}/{number}/deliveries")
    assert (202, newest) == (answer.status, answer.json())
    assert ("ping", "ping") == (newest["event"], first["event"])
    assert newest["guid"] != first["guid"]
    assert "webhook.ping" == harbour.told(f"{OWN}/audit")[0]["action"]


def test_an_owner_has_so_many_webhooks_and_no_more(harbour: Harbour) -> None:
    for _ in range(20):
        made(harbour)
    assert 422 == harbour.ask("POST", HOOKS, {"url": URL}).status


def test_a_webhook_of_another_owner_is_not_there(harbour: Harbour) -> None:
    harbour.done("POST", f"{OWN}/orgs", {"login": "others"})
    number = made(harbour)["id"]
    elsewhere = f"{OWN}/owners/others/webhooks/{number}"
    for method in ("DELETE", "PATCH", "GET"):
        assert 404 == harbour.ask(method, elsewhere).status
    assert 404 == harbour.ask("POST", f"{elsewhere}/pings").status
    assert 404 == harbour.ask("GET", f"{elsewhere}/deliveries").status
    assert 404 == harbour.ask("GET", f"{OWN}/owners/-/webhooks/{number}/deliveries").status


def test_a_webhook_that_is_deleted_is_gone_with_what_it_was_to_be_sent(harbour: Harbour) -> None:
    number = made(harbour)["id"]
    assert 204 == harbour.ask("DELETE", f"{HOOKS}/{number}").status
    assert [] == harbour.told(HOOKS)
    assert 404 == harbour.ask("DELETE", f"{HOOKS}/{number}").status


def test_deliveries_are_listed_by_state_the_newest_first(harbour: Harbour) -> None:
    number = made(harbour, events=["package"])["id"]
    harbour.registry.push_image("crew/app", "1.0")
    rows = harbour.told(f"{HOOKS}/{number}/deliveries")
    assert ["package.push", "ping"] == [row["event"] for row in rows]
    assert {"waiting"} == {row["state"] for row in rows}
    assert [] == harbour.told(f"{HOOKS}/{number}/deliveries?state=dead")
    assert 422 == harbour.ask("GET", f"{HOOKS}/{number}/deliveries?state=lost").status


def test_what_is_dead_is_sent_once_more_under_the_same_number(harbour: Harbour, clock: HandClock) -> None:
    number = made(harbour, events=["package"])["id"]
    ping = harbour.told(f"{HOOKS}/{number}/deliveries")[-1]
    died = Attempt(8, 500, "it answered 500")
    asyncio.run(
        harbour.registry.metadata.write(
            lambda ledger: ledger.outbox.finish(ping["id"], DeliveryState.DEAD, died, clock())
        )
    )
    (dead,) = harbour.told(f"{HOOKS}/{number}/deliveries?state=dead")
    assert (8, 500, "it answered 500") == (dead["attempts"], dead["status"], dead["problem"])
    answer = harbour.ask("POST", f"{HOOKS}/{number}/deliveries/{ping['id']}/redeliver")
    again = answer.json()
    assert (202, "waiting", ping["guid"]) == (answer.status, again["state"], again["guid"])
    assert again["id"] > ping["id"]


def test_a_delivery_that_is_not_there_is_not_sent_again(harbour: Harbour) -> None:
    assert 404 == harbour.ask("POST", f"{HOOKS}/{made(harbour)['id']}/deliveries/999/redeliver").status


def test_webhooks_of_the_registry_are_for_its_administrators(harbour: Harbour) -> None:
    of_all = f"{OWN}/owners/-/webhooks"
    assert "-" == made(harbour, of_all)["owner"]
    assert 403 == harbour.as_(harbour.person("olga", "owner"), "GET", of_all).status


def test_an_organisation_that_is_gone_leaves_no_webhook_behind(harbour: Harbour) -> None:
    made(harbour)
    harbour.done("DELETE", f"{OWN}/orgs/crew")
    harbour.done("POST", f"{OWN}/orgs", {"login": "crew"})
    assert [] == harbour.told(HOOKS)
