"""What waits in the outbox is sent: in order, again when it was not taken, and to everybody, whoever is slow."""

import asyncio
import contextlib
import hashlib
import hmac
import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.registry.conftest import HandClock
from tests.registry.services.receivers import BROKEN, SILENCE, Receiver
from wharf.metadata.ledger import Ledger
from wharf.metadata.outbox import Attempt, DeliveryRecord, DeliveryState
from wharf.metadata.records import Moment
from wharf.metadata.sqlite import SqliteMetadata
from wharf.metadata.webhooks import NewWebhook, WebhookRecord
from wharf.registry.services.access import ANYBODY
from wharf.registry.services.clock import system_clock
from wharf.registry.services.happenings import Happening, note
from wharf.registry.services.webhooks.courier import Courier
from wharf.registry.services.webhooks.delivery import Delivery, Patience
from wharf.registry.services.webhooks.posting import HttpPost
from wharf.registry.services.webhooks.reach import Reach

T = TypeVar("T")
SECRET = "a secret of eight"
BASE = "https://registry.example"
QUICK = Patience(waits=(1.0, 2.0), look_every=0.01, at_the_end=0.05)


class Outpost:
    """A store with webhooks, and somebody who delivers to them."""

    def __init__(self, folder: Path, patience: Patience = QUICK, seconds: float = 0.3) -> None:
        self.clock = HandClock()
        self.metadata = SqliteMetadata(folder, forced=False)
        self.delivery = Delivery(self.metadata, self.clock, HttpPost(seconds=seconds), BASE, patience)

    async def hook(self, url: str, owner: str = "crew", *events: str) -> WebhookRecord:
        new = NewWebhook(owner, url, SECRET, events or ("*",), reaches_here=True, created_by="admin")
        return await self.metadata.write(lambda ledger: ledger.webhooks.add(new, self.clock()))

    async def change(self, hook: WebhookRecord) -> None:
        await self.metadata.write(lambda ledger: ledger.webhooks.change(hook))

    async def not_taken(self, hook: WebhookRecord) -> None:
        """The oldest thing that waits was tried once; the next attempt is due."""
        (row,) = await self.sent(hook)
        tried = Attempt(1, None, "no answer")
        await self.metadata.write(lambda ledger: ledger.outbox.postpone(row.id, self.clock(), tried))

    async def happen(self, *actions: str, owner: str = "crew") -> None:
        for action in actions:
            happening = Happening(action, "somebody", owner, {"role": "reader"})
            await self.metadata.write(lambda ledger, it=happening: note(ledger, ANYBODY, it, self.clock()))  # type: ignore[misc]

    async def sent(self, hook: WebhookRecord) -> list[DeliveryRecord]:
        """The oldest first."""
        rows, _ = await self.metadata.read(lambda ledger: ledger.outbox.page(hook.id, None, 0, 100))
        return rows[::-1]


def told(folder: Path, story: Callable[[Outpost], Awaitable[T]]) -> T:
    async def whole() -> T:
        outpost = Outpost(folder)
        try:
            return await story(outpost)
        finally:
            outpost.metadata.close()

    return asyncio.run(whole())


def test_what_arrives_is_signed_with_the_secret_of_the_webhook(tmp_path: Path) -> None:
    async def story(outpost: Outpost) -> None:
        async with Receiver() as receiver:
            await outpost.hook(receiver.url)
            await outpost.happen("member.set")
            await outpost.delivery.run_until_idle()
        (one,) = receiver.received
        expected = hmac.new(SECRET.encode(), one.body, hashlib.sha256).hexdigest()
        assert f"sha256={expected}" == one.headers["x-hub-signature-256"]
        assert one.document["delivery"] == one.headers["x-wharf-delivery"]
        assert {"role": "reader"} == one.document["details"]

    told(tmp_path, story)


def test_a_webhook_hears_of_its_owner_and_of_what_it_asked_for(tmp_path: Path) -> None:
    async def story(outpost: Outpost) -> None:
        async with Receiver() as receiver:
            await outpost.hook(receiver.url, "crew", "member", "quota.set")
            await outpost.happen("member.set", "quota.set", "rule.create")
            await outpost.happen("member.set", owner="others")
            await outpost.delivery.run_until_idle()
        assert ["member.set", "quota.set"] == receiver.events

    told(tmp_path, story)


def test_a_webhook_of_the_registry_hears_of_all_owners(tmp_path: Path) -> None:
    async def story(outpost: Outpost) -> None:
        async with Receiver() as receiver:
            await outpost.hook(receiver.url, "")
            await outpost.happen("member.set", owner="others")
            await outpost.delivery.run_until_idle()
        assert ["member.set"] == receiver.events

    told(tmp_path, story)


def test_nothing_is_put_into_the_outbox_where_nobody_listens(tmp_path: Path) -> None:
    async def story(outpost: Outpost) -> None:
        hook = await outpost.hook("http://127.0.0.1:1/", "crew", "package")
        await outpost.happen("member.set")
        assert [] == await outpost.sent(hook)

    told(tmp_path, story)


def test_a_change_that_fails_tells_nobody(tmp_path: Path) -> None:
    async def story(outpost: Outpost) -> None:
        hook = await outpost.hook("http://127.0.0.1:1/")

        def change(ledger: Ledger) -> None:
            note(ledger, ANYBODY, Happening("member.set", "somebody", "crew"), outpost.clock())
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            await outpost.metadata.write(change)
        assert [] == await outpost.sent(hook)

    told(tmp_path, story)


def test_what_was_not_taken_is_sent_again_and_all_stays_in_order(tmp_path: Path) -> None:
    async def story(outpost: Outpost) -> None:
        async with Receiver([BROKEN]) as receiver:
            await outpost.hook(receiver.url)
            await outpost.happen("member.set", "member.remove", "quota.set")
            await outpost.delivery.run_until_idle()
            assert ["member.set"] == receiver.events
            outpost.clock.move(1.5)
            await outpost.delivery.run_until_idle()
        assert ["member.set", "member.set", "member.remove", "quota.set"] == receiver.events
        assert receiver.received[0].body == receiver.received[1].body

    told(tmp_path, story)


def test_what_is_never_taken_is_dead_and_holds_up_nothing_any_more(tmp_path: Path) -> None:
    async def story(outpost: Outpost) -> None:
        async with Receiver([BROKEN] * 3) as receiver:
            hook = await outpost.hook(receiver.url)
            await outpost.happen("member.set", "member.remove")
            for _ in range(3):
                await outpost.delivery.run_until_idle()
                outpost.clock.move(3)
        first, second = await outpost.sent(hook)
        assert (DeliveryState.DEAD, 3, 500) == (first.state, first.attempts, first.status)
        assert DeliveryState.DELIVERED == second.state

    told(tmp_path, story)


def test_a_silent_receiver_holds_up_nobody_else(tmp_path: Path) -> None:
    async def story(outpost: Outpost) -> None:
        async with Receiver([SILENCE] * 9) as silent, Receiver() as quick:
            await outpost.hook(silent.url)
            await outpost.hook(quick.url)
            await outpost.happen(*["member.set"] * 5)
            task = asyncio.create_task(outpost.delivery.run())
            await _until(lambda: len(quick.received) == 5)
            assert 1 == len(silent.received)
            await _cancelled(task)

    told(tmp_path, story)


def test_slow_receivers_of_one_owner_take_no_room_from_those_of_others(tmp_path: Path) -> None:
    async def story(outpost: Outpost) -> None:
        async with contextlib.AsyncExitStack() as stack:
            slow = [await stack.enter_async_context(Receiver([SILENCE])) for _ in range(6)]
            quick = await stack.enter_async_context(Receiver())
            for receiver in slow:
                await outpost.hook(receiver.url, "crew")
            await outpost.hook(quick.url, "others")
            await outpost.happen("member.set")
            await outpost.happen("member.set", owner="others")
            task = asyncio.create_task(outpost.delivery.run())
            await _until(lambda: bool(quick.received))
            assert 4 == sum(len(receiver.received) for receiver in slow)
            await _cancelled(task)

    told(tmp_path, story)


def test_silent_receivers_of_many_owners_take_no_room_from_what_was_never_tried(tmp_path: Path) -> None:
    async def story(outpost: Outpost) -> None:
        patient = Delivery(outpost.metadata, outpost.clock, HttpPost(seconds=3600), BASE, QUICK)
        async with Receiver([SILENCE] * 99) as silent, Receiver() as quick:
            for number in range(20):
                hook = await outpost.hook(silent.url, f"silent{number}")
                await outpost.happen("member.set", owner=f"silent{number}")
                await outpost.not_taken(hook)
            await outpost.hook(quick.url, "crew")
            await outpost.happen("member.set", "member.remove", "quota.set")
            task = asyncio.create_task(patient.run())
            await _until(lambda: len(quick.received) == 3)
            assert 8 >= len(silent.received)
            await _cancelled(task)

    told(tmp_path, story)


def test_a_thousand_things_that_wait_for_a_dead_receiver_hold_up_nobody(tmp_path: Path) -> None:
    async def story(outpost: Outpost) -> None:
        async with Receiver() as quick:
            dead = await outpost.hook("http://127.0.0.1:1/", "crew")
            await outpost.metadata.write(lambda ledger: _put(ledger, dead, 1_000, outpost.clock()))
            await outpost.hook(quick.url, "crew")
            for _ in range(5):
                await outpost.happen("member.set", "member.remove")
                await outpost.delivery.run_until_idle()
        assert ["member.set", "member.remove"] * 5 == quick.events
        (oldest,) = await outpost.metadata.read(
            lambda ledger: [row for row in ledger.outbox.page(dead.id, None, 0, 2_000)[0] if row.attempts]
        )
        assert ("0", 1) == (oldest.guid, oldest.attempts)

    told(tmp_path, story)


def test_what_waited_for_a_dead_receiver_arrives_in_order_when_it_lives_again(tmp_path: Path) -> None:
    async def story(outpost: Outpost) -> None:
        async with Receiver([BROKEN]) as receiver:
            hook = await outpost.hook(receiver.url)
            await outpost.metadata.write(lambda ledger: _put(ledger, hook, 100, outpost.clock()))
            await outpost.delivery.run_until_idle()
            outpost.clock.move(1.5)
            await outpost.delivery.run_until_idle()
        numbers = [int(one.headers["x-wharf-delivery"]) for one in receiver.received]
        assert [0, *range(100)] == numbers

    told(tmp_path, story)


def test_what_was_broken_off_is_sent_again_under_the_same_number(tmp_path: Path) -> None:
    async def story(outpost: Outpost) -> None:
        slow = Delivery(outpost.metadata, outpost.clock, HttpPost(seconds=30), BASE, QUICK)
        async with Receiver([SILENCE]) as receiver:
            await outpost.hook(receiver.url)
            await outpost.happen("member.set")
            task = asyncio.create_task(slow.run())
            await _until(lambda: bool(receiver.received))
            await _cancelled(task)
            await outpost.delivery.run_until_idle()
        first, second = receiver.received
        assert first.headers["x-wharf-delivery"] == second.headers["x-wharf-delivery"]

    told(tmp_path, story)


def test_two_couriers_do_not_send_the_same_and_one_follows_the_other(tmp_path: Path) -> None:
    async def story(outpost: Outpost) -> None:
        first, second = (Courier(outpost.delivery, tmp_path / "outbox.lock", 0.01) for _ in range(2))
        async with Receiver() as receiver:
            await outpost.hook(receiver.url)
            first.start()
            await outpost.happen("member.set")
            await _until(lambda: len(receiver.received) == 1)
            second.start()
            await outpost.happen("quota.set")
            await _until(lambda: len(receiver.received) == 2)
            await first.stop()
            await outpost.happen("member.remove")
            await _until(lambda: len(receiver.received) == 3)
            await second.stop()
        assert ["member.set", "quota.set", "member.remove"] == receiver.events

    told(tmp_path, story)


def test_what_happened_by_a_clock_that_was_set_back_is_not_kept_until_it_is_there_again(tmp_path: Path) -> None:
    async def story(outpost: Outpost) -> None:
        async with Receiver() as receiver:
            await outpost.hook(receiver.url)
            await outpost.happen("member.set")
            outpost.clock.move(-86_400)
            await outpost.happen("member.remove")
            await outpost.delivery.run_until_idle()
        assert ["member.set", "member.remove"] == receiver.events

    told(tmp_path, story)


def test_a_lock_that_cannot_be_had_is_complained_of_once_and_asked_for_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    lock = tmp_path / "outbox.lock"
    lock.mkdir()

    async def story(outpost: Outpost) -> None:
        courier = Courier(outpost.delivery, lock, 0.01)
        async with Receiver() as receiver:
            await outpost.hook(receiver.url)
            await outpost.happen("member.set")
            courier.start()
            await _until(lambda: "Is a directory" in caplog.text)
            await asyncio.sleep(0.1)
            lock.rmdir()
            await _until(lambda: len(receiver.received) == 1)
            await courier.stop()

    told(tmp_path, story)
    assert 1 == caplog.text.count("webhooks are not delivered by this worker")


def test_what_ended_long_ago_is_forgotten(tmp_path: Path) -> None:
    async def story(outpost: Outpost) -> None:
        async with Receiver() as receiver:
            hook = await outpost.hook(receiver.url)
            await outpost.happen("member.set")
            await outpost.delivery.run_until_idle()
        outpost.clock.move(8 * 86_400)
        task = asyncio.create_task(outpost.delivery.run())
        await _until_states(outpost, hook)
        await _cancelled(task)

    told(tmp_path, story)


def test_one_that_is_paused_is_sent_nothing_and_goes_on_in_order(tmp_path: Path) -> None:
    async def story(outpost: Outpost) -> None:
        async with Receiver() as receiver:
            hook = await outpost.hook(receiver.url)
            await outpost.happen("member.set")
            await outpost.change(replace(hook, is_active=False))
            await outpost.happen("quota.set")
            await outpost.delivery.run_until_idle()
            assert [] == receiver.events
            await outpost.change(hook)
            await outpost.happen("member.remove")
            await outpost.delivery.run_until_idle()
        assert ["member.set", "member.remove"] == receiver.events

    told(tmp_path, story)


def test_what_waits_for_one_that_stays_paused_is_dead_after_days_and_can_be_sent_again(tmp_path: Path) -> None:
    async def story(outpost: Outpost) -> None:
        async with Receiver() as receiver:
            hook = await outpost.hook(receiver.url)
            await outpost.happen("member.set")
            await outpost.change(replace(hook, is_active=False))
            outpost.clock.move(4 * 86_400)
            task = asyncio.create_task(outpost.delivery.run())
            await _until_states(outpost, hook, DeliveryState.DEAD)
            await _cancelled(task)
            (dead,) = await outpost.sent(hook)
            assert "paused" in dead.problem
            await outpost.change(hook)
            await outpost.metadata.write(lambda ledger: ledger.outbox.again(dead, outpost.clock()))
            await outpost.delivery.run_until_idle()
        assert ["member.set"] == receiver.events

    told(tmp_path, story)


def test_what_waits_is_sent_to_the_new_address_and_signed_with_the_new_secret(tmp_path: Path) -> None:
    async def story(outpost: Outpost) -> None:
        async with Receiver([BROKEN]) as before, Receiver() as after:
            hook = await outpost.hook(before.url)
            await outpost.happen("member.set")
            await outpost.delivery.run_until_idle()
            await outpost.change(replace(hook, url=after.url, secret="another one"))
            outpost.clock.move(3)
            await outpost.delivery.run_until_idle()
        (one,) = after.received
        assert 1 == len(before.received)
        expected = hmac.new(b"another one", one.body, hashlib.sha256).hexdigest()
        assert f"sha256={expected}" == one.headers["x-hub-signature-256"]

    told(tmp_path, story)


def test_a_private_network_is_for_those_of_administrators_where_the_settings_say_so(tmp_path: Path) -> None:
    async def story(outpost: Outpost) -> None:
        walled = Delivery(outpost.metadata, outpost.clock, HttpPost(seconds=0.3), BASE, QUICK, Reach.PUBLIC)
        hook = await outpost.hook("http://10.0.0.7:9/")
        await outpost.change(replace(hook, reaches_here=False))
        await outpost.happen("member.set")
        await walled.run_until_idle()
        (one,) = await outpost.sent(hook)
        assert "a webhook may not reach this address" == one.problem

    told(tmp_path, story)


def test_an_address_that_is_a_secret_is_in_no_problem(tmp_path: Path) -> None:
    async def story(outpost: Outpost) -> None:
        hook = await outpost.hook("http://127.0.0.1:1/hooks?key=k3y")
        await outpost.happen("member.set")
        await outpost.delivery.run_until_idle()
        (one,) = await outpost.sent(hook)
        assert "cannot be reached" in one.problem
        assert "k3y" not in one.problem + repr(hook) + repr(one)
        assert SECRET not in repr(hook)

    told(tmp_path, story)


def test_there_are_eight_attempts_within_hours() -> None:
    patience, now = Patience(), system_clock()
    waits = [patience.next_attempt(number, now, now) for number in range(1, 9)]
    assert waits[-1] is None
    told_waits = [wait - now for wait in waits if wait is not None]
    assert told_waits == sorted(told_waits)
    assert 7 == len(told_waits)


def test_what_is_days_old_is_not_tried_again() -> None:
    now = system_clock()
    assert Patience().next_attempt(1, Moment(now - 4 * 86_400_000), now) is None


@given(st.lists(st.floats(0.0, 1e6), max_size=10), st.integers(1, 20))
@settings(max_examples=50)
def test_an_attempt_follows_for_each_wait_and_no_more(waits: list[float], number: int) -> None:
    now = Moment(1_700_000_000_000)
    following = Patience(waits=tuple(waits)).next_attempt(number, now, now)
    assert (following is None) == (number > len(waits))
    assert following is None or following >= now


def _put(ledger: Ledger, hook: WebhookRecord, count: int, now: Moment) -> None:
    facts = {"happened_at": now, "actor": "mara", "owner": hook.owner, "target": "somebody", "details": {}}
    for number in range(count):
        ledger.outbox.put(hook.id, str(number), "member.set", json.dumps(facts), now)


async def _until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not is_so():
            await asyncio.sleep(0.005)


async def _until_states(outpost: Outpost, hook: WebhookRecord, *states: DeliveryState) -> None:
    async with asyncio.timeout(60):
        while [row.state for row in await outpost.sent(hook)] != list(states):
            await asyncio.sleep(0.005)


async def _cancelled(task: asyncio.Task[None]) -> None:
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
