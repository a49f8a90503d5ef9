"""A store with webhooks and somebody who delivers to them, for tests that tell a story."""

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

from tests.registry.conftest import HandClock
from wharf.metadata.ledger import Ledger
from wharf.metadata.outbox import Attempt, DeliveryRecord, DeliveryState
from wharf.metadata.records import Moment
from wharf.metadata.sqlite import SqliteMetadata
from wharf.metadata.webhooks import NewWebhook, WebhookRecord
from wharf.registry.services.access import ANYBODY
from wharf.registry.services.happenings import Happening, note
from wharf.registry.services.webhooks.delivery import Delivery, Patience
from wharf.registry.services.webhooks.posting import HttpPost

T = TypeVar("T")
SECRET = "a secret of eight"
BASE = "https://registry.example"
PATIENCE = 60.0
"""For what comes at once, in seconds: nobody waits so long, however busy the machine is."""
QUICK = Patience(waits=(1.0, 2.0), look_every=0.01, at_the_end=0.05)


class Outpost:
    """A store with webhooks, and somebody who delivers to them."""

    def __init__(self, folder: Path, patience: Patience = QUICK) -> None:
        self.clock = HandClock()
        self.metadata = SqliteMetadata(folder, forced=False)
        self.delivery = Delivery(self.metadata, self.clock, HttpPost(seconds=PATIENCE), BASE, patience)

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


def put_many(ledger: Ledger, hook: WebhookRecord, count: int, now: Moment) -> None:
    facts = {"happened_at": now, "actor": "mara", "owner": hook.owner, "target": "somebody", "details": {}}
    for number in range(count):
        ledger.outbox.put(hook.id, str(number), "member.set", json.dumps(facts), now)


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not is_so():
            await asyncio.sleep(0.005)


async def until_states(outpost: Outpost, hook: WebhookRecord, *states: DeliveryState) -> None:
    async with asyncio.timeout(PATIENCE):
        while [row.state for row in await outpost.sent(hook)] != list(states):
            await asyncio.sleep(0.005)


async def cancelled(task: asyncio.Task[None]) -> None:
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
