"""Receivers that are slow, silent or dead hold up nobody but themselves."""

import asyncio
import contextlib
from pathlib import Path

from tests.registry.services.receivers import BROKEN, SILENCE, Receiver
from tests.registry.services.webhooks.outpost import BASE, QUICK, Outpost, cancelled, put_many, told, until
from wharf.registry.services.webhooks.delivery import Delivery
from wharf.registry.services.webhooks.posting import HttpPost


def test_a_silent_receiver_holds_up_nobody_else(tmp_path: Path) -> None:
    async def story(outpost: Outpost) -> None:
        async with Receiver([SILENCE] * 9) as silent, Receiver() as quick:
            await outpost.hook(silent.url)
            await outpost.hook(quick.url)
            await outpost.happen(*["member.set"] * 5)
            task = asyncio.create_task(outpost.delivery.run())
            await until(lambda: len(quick.received) == 5)
            await until(lambda: bool(silent.received))
            assert 1 == len(silent.received)
            await cancelled(task)

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
            await until(lambda: bool(quick.received) and sum(len(receiver.received) for receiver in slow) >= 4)
            assert 4 == sum(len(receiver.received) for receiver in slow)
            await cancelled(task)

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
            await until(lambda: len(quick.received) == 3)
            assert 8 >= len(silent.received)
            await cancelled(task)

    told(tmp_path, story)


def test_a_thousand_things_that_wait_for_a_dead_receiver_hold_up_nobody(tmp_path: Path) -> None:
    async def story(outpost: Outpost) -> None:
        async with Receiver() as quick:
            dead = await outpost.hook("http://127.0.0.1:1/", "crew")
            await outpost.metadata.write(lambda ledger: put_many(ledger, dead, 1_000, outpost.clock()))
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
            await outpost.metadata.write(lambda ledger: put_many(ledger, hook, 100, outpost.clock()))
            await outpost.delivery.run_until_idle()
            outpost.clock.move(1.5)
            await outpost.delivery.run_until_idle()
        numbers = [int(one.headers["x-wharf-delivery"]) for one in receiver.received]
        assert [0, *range(100)] == numbers

    told(tmp_path, story)
