"""What waits in the outbox is sent: in order, again when it was not taken, and to everybody, whoever is slow."""

import asyncio
import hashlib
import hmac
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.registry.services.receivers import BROKEN, SILENCE, Receiver
from tests.registry.services.webhooks.outpost import (
    BASE,
    PATIENCE,
    QUICK,
    SECRET,
    Outpost,
    cancelled,
    told,
    until,
    until_states,
)
from wharf.metadata.ledger import Ledger
from wharf.metadata.outbox import DeliveryState
from wharf.metadata.records import Moment
from wharf.registry.services.access import ANYBODY
from wharf.registry.services.clock import system_clock
from wharf.registry.services.happenings import Happening, note
from wharf.registry.services.webhooks.delivery import Delivery, Patience
from wharf.registry.services.webhooks.posting import HttpPost


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


def test_what_was_broken_off_is_sent_again_under_the_same_number(tmp_path: Path) -> None:
    async def story(outpost: Outpost) -> None:
        slow = Delivery(outpost.metadata, outpost.clock, HttpPost(seconds=PATIENCE), BASE, QUICK)
        async with Receiver([SILENCE]) as receiver:
            await outpost.hook(receiver.url)
            await outpost.happen("member.set")
            task = asyncio.create_task(slow.run())
            await until(lambda: bool(receiver.received))
            await cancelled(task)
            await outpost.delivery.run_until_idle()
        first, second = receiver.received
        assert first.headers["x-wharf-delivery"] == second.headers["x-wharf-delivery"]

    told(tmp_path, story)


def test_what_ended_long_ago_is_forgotten(tmp_path: Path) -> None:
    async def story(outpost: Outpost) -> None:
        async with Receiver() as receiver:
            hook = await outpost.hook(receiver.url)
            await outpost.happen("member.set")
            await outpost.delivery.run_until_idle()
        outpost.clock.move(8 * 86_400)
        task = asyncio.create_task(outpost.delivery.run())
        await until_states(outpost, hook)
        await cancelled(task)

    told(tmp_path, story)


def test_a_private_network_is_for_webhooks_of_administrators_and_the_others_are_told_which_setting_says_so(
    tmp_path: Path,
) -> None:
    async def story(outpost: Outpost) -> None:
        hook = await outpost.hook("http://10.0.0.7:9/")
        await outpost.change(replace(hook, reaches_here=False))
        await outpost.happen("member.set")
        await outpost.delivery.run_until_idle()
        (one,) = await outpost.sent(hook)
        assert "setting webhook-networks" in one.problem

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
