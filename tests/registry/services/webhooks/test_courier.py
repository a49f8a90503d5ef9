"""Of all the couriers one works, and when it ends another one follows."""

import asyncio
from pathlib import Path

import pytest

from tests.registry.services.receivers import Receiver
from tests.registry.services.webhooks.outpost import Outpost, told, until
from wharf.registry.services.webhooks.courier import Courier


def test_two_couriers_do_not_send_the_same_and_one_follows_the_other(tmp_path: Path) -> None:
    async def story(outpost: Outpost) -> None:
        first, second = (Courier(outpost.delivery, tmp_path / "outbox.lock", 0.01) for _ in range(2))
        async with Receiver() as receiver:
            await outpost.hook(receiver.url)
            first.start()
            await outpost.happen("member.set")
            await until(lambda: len(receiver.received) == 1)
            second.start()
            await outpost.happen("quota.set")
            await until(lambda: len(receiver.received) == 2)
            await first.stop()
            await outpost.happen("member.remove")
            await until(lambda: len(receiver.received) == 3)
            await second.stop()
        assert ["member.set", "quota.set", "member.remove"] == receiver.events

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
            await until(lambda: "Is a directory" in caplog.text)
            await asyncio.sleep(0.1)
            lock.rmdir()
            await until(lambda: len(receiver.received) == 1)
            await courier.stop()

    told(tmp_path, story)
    assert 1 == caplog.text.count("webhooks are not delivered by this worker")
