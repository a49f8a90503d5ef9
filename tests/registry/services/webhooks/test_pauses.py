"""A webhook that is paused, goes on, or becomes another one while things wait for it."""

import asyncio
import hashlib
import hmac
from dataclasses import replace
from pathlib import Path

from tests.registry.services.receivers import BROKEN, GONE, Receiver
from tests.registry.services.webhooks.outpost import Outpost, cancelled, told, until_states
from wharf.metadata.outbox import DeliveryState


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
            await until_states(outpost, hook, DeliveryState.DEAD)
            await cancelled(task)
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


def test_one_whose_receiver_is_gone_is_paused_and_what_it_was_promised_waits(tmp_path: Path) -> None:
    async def story(outpost: Outpost) -> None:
        async with Receiver([GONE]) as receiver:
            hook = await outpost.hook(receiver.url, "crew", "member.set")
            await outpost.happen("member.set", "member.set")
            await outpost.delivery.run_until_idle()
            outpost.clock.move(10)
            await outpost.delivery.run_until_idle()
            assert ["member.set"] == receiver.events
            assert [("waiting", 1), ("waiting", 0)] == [
                (row.state.value, row.attempts) for row in await outpost.sent(hook)
            ]
            assert "it answered 410: gone, so the webhook was paused" == (await outpost.sent(hook))[0].problem
            await outpost.change(hook)
            await outpost.delivery.run_until_idle()
        assert ["member.set"] * 3 == receiver.events

    told(tmp_path, story)


def test_a_pause_because_a_receiver_is_gone_is_noted_as_the_registrys_own(tmp_path: Path) -> None:
    async def story(outpost: Outpost) -> None:
        async with Receiver([GONE]) as receiver:
            hook = await outpost.hook(receiver.url, "crew", "member.set")
            await outpost.happen("member.set")
            await outpost.delivery.run_until_idle()
        (*_, last) = await outpost.metadata.read(lambda ledger: ledger.audit.page("crew", 0, 10))
        noted = (last.entry.action, last.entry.actor, last.entry.details)
        assert ("webhook.pause", "wharf", {"id": str(hook.id), "answered": 410}) == noted

    told(tmp_path, story)


def test_one_that_was_led_elsewhere_while_its_receiver_was_asked_is_not_paused(tmp_path: Path) -> None:
    async def story(outpost: Outpost) -> None:
        async with Receiver([GONE]) as before, Receiver() as after:
            hook = await outpost.hook(before.url, "crew", "member.set")
            await outpost.happen("member.set")
            one = (await outpost.metadata.read(lambda ledger: ledger.outbox.due(outpost.clock(), 1)))[0]
            await outpost.change(replace(hook, url=after.url))
            await outpost.delivery._deliver(one)
            outpost.clock.move(10)
            await outpost.delivery.run_until_idle()
        assert ["member.set"] == after.events

    told(tmp_path, story)
