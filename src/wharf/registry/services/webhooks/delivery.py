"""Delivery: what waits in the outbox is sent, as often as it takes and bounded in everything.

Each webhook is told one thing after another, in the order of what happened. What a receiver does not take waits longer
each time, and is dead after the last attempt; what comes after it waits meanwhile. A receiver that says that it is gone
is asked no more, until somebody lets its webhook go on. Further attempts never take all the
room there is, so that receivers that are silent, however many, hold up no other for long. A delivery counts when it was
written down that it arrived: after a crash in between it is sent once more, with the same number.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from wharf.errors import MalformedField, WharfError
from wharf.metadata.ledger import Ledger
from wharf.metadata.outbox import Attempt, DeliveryState, DueDelivery
from wharf.metadata.records import Moment
from wharf.metadata.store import MetadataStore
from wharf.metadata.webhooks import WebhookId, WebhookRecord
from wharf.registry.services.access import Caller
from wharf.registry.services.clock import Clock, after, before
from wharf.registry.services.happenings import Happening, note
from wharf.registry.services.webhooks.payload import body_of, headers_of
from wharf.registry.services.webhooks.posting import Call, Outcome, Post
from wharf.registry.services.webhooks.reach import Reach, parse_target

_AT_ONCE: Final = 16
_AT_ONCE_OF_OWNER: Final = 4
_AT_ONCE_AGAIN: Final = 8
_LOOKED_AT: Final = 200
_TIDIED_AT_ONCE: Final = 500
_DAY: Final = 86_400.0
_PAUSED: Final = "the webhook was paused for too long"
_GONE: Final = 410
_SO_PAUSED: Final = ": gone, so the webhook was paused"
_BY_ITSELF: Final = Caller(name="wharf", credential="none")
_log = logging.getLogger("wharf.registry")


@dataclass(frozen=True, slots=True)
class _UnderWay:
    """`is_further`: it was tried before, and was not taken."""

    owner: str
    is_further: bool
    task: asyncio.Task[None]


@dataclass(frozen=True, slots=True)
class Patience:
    """All in seconds. `waits`: between one attempt and the next; there is one attempt more than waits.

    `longest`: how old a thing may be and still be tried again; `at_the_end`: what is under way has as long to arrive.
    """

    waits: tuple[float, ...] = (10.0, 60.0, 300.0, 900.0, 1800.0, 3600.0, 7200.0)
    longest: float = 3 * _DAY
    look_every: float = 0.5
    keep_delivered: float = 7 * _DAY
    keep_dead: float = 30 * _DAY
    tidy_every: float = 3600.0
    at_the_end: float = 1.0

    def next_attempt(self, attempts: int, created_at: Moment, now: Moment) -> Moment | None:
        """When to try again after so many attempts; None for never."""
        if attempts > len(self.waits) or created_at < before(now, self.longest):
            return None
        return after(now, self.waits[attempts - 1])


class Delivery:
    def __init__(
        self,
        metadata: MetadataStore,
        clock: Clock,
        post: Post,
        base: str,
        patience: Patience | None = None,
        of_owners: Reach = Reach.PUBLIC,
    ) -> None:
        """`base`: where clients know the registry; `of_owners`: how far webhooks of theirs reach."""
        self._metadata = metadata
        self._clock = clock
        self._post = post
        self._base = base
        self._of_owners = of_owners
        self._patience = patience or Patience()
        self._under_way: dict[WebhookId, _UnderWay] = {}
        self._tidied_at: Moment | None = None

    async def run(self) -> None:
        """Until it is cancelled; what is under way then is sent again the next time."""
        try:
            while True:
                await self._tidy()
                await self._begin_what_is_due()
                await self._wait()
        finally:
            await self._break_off()

    async def run_until_idle(self) -> None:
        """Sends what is due now, and what becomes due meanwhile."""
        while await self._begin_what_is_due() or self._under_way:
            await self._wait()

    async def _begin_what_is_due(self) -> int:
        now = self._clock()
        latest = after(now, max(self._patience.waits, default=0.0))
        due = await self._metadata.read(lambda ledger: ledger.outbox.due(now, _LOOKED_AT, latest))
        begun = 0
        for one in due:
            if self._has_room_for(one):
                task = asyncio.get_running_loop().create_task(self._deliver(one))
                self._under_way[one.webhook.id] = _UnderWay(one.webhook.owner, one.delivery.attempts > 0, task)
                begun += 1
        return begun

    def _has_room_for(self, one: DueDelivery) -> bool:
        """The receivers of one owner, however slow, take no room from those of others."""
        others = self._under_way.values()
        if one.webhook.id in self._under_way or len(others) >= _AT_ONCE:
            return False
        if sum(other.owner == one.webhook.owner for other in others) >= _AT_ONCE_OF_OWNER:
            return False
        return one.delivery.attempts == 0 or sum(other.is_further for other in others) < _AT_ONCE_AGAIN

    async def _wait(self) -> None:
        tasks = [each.task for each in self._under_way.values()]
        if not tasks:
            await asyncio.sleep(self._patience.look_every)
            return
        done, _ = await asyncio.wait(tasks, timeout=self._patience.look_every, return_when=asyncio.FIRST_COMPLETED)
        self._under_way = {webhook: each for webhook, each in self._under_way.items() if each.task not in done}
        for task in done:
            task.result()

    async def _deliver(self, one: DueDelivery) -> None:
        outcome = await self._outcome(one)
        now = self._clock()
        number = one.delivery.attempts + 1
        again = self._patience.next_attempt(number, one.delivery.created_at, now) if outcome.problem else None

        def change(ledger: Ledger) -> None:
            is_paused = outcome.status == _GONE and _paused(ledger, one.webhook, now)
            attempt = Attempt(number, outcome.status, outcome.problem + (_SO_PAUSED if is_paused else ""))
            if again is not None:
                ledger.outbox.postpone(one.delivery.id, again, attempt)
                return
            state = DeliveryState.DEAD if outcome.problem else DeliveryState.DELIVERED
            ledger.outbox.finish(one.delivery.id, state, attempt, now)

        await self._metadata.write(change)
        if outcome.problem and again is None:
            where = f"webhook {one.webhook.id} of {one.webhook.owner or 'the registry'}"
            _log.warning("%s did not take %s: %s", where, one.delivery.guid, outcome.problem)

    async def _outcome(self, one: DueDelivery) -> Outcome:
        try:
            target = parse_target(one.webhook.url)
        except MalformedField as problem:
            return Outcome(None, problem.reason)
        body = body_of(one.delivery, self._base)
        reach = Reach.HERE if one.webhook.reaches_here else self._of_owners
        headers = headers_of(one.delivery, body, one.webhook.secret)
        return await self._post.send(Call(target, headers, body, reach))

    async def _tidy(self) -> None:
        now = self._clock()
        if self._tidied_at is not None and self._tidied_at > before(now, self._patience.tidy_every):
            return
        self._tidied_at = now
        ages = (
            (DeliveryState.DELIVERED, self._patience.keep_delivered),
            (DeliveryState.DEAD, self._patience.keep_dead),
        )
        for state, age in ages:
            await self._forget(state, before(now, age))
        too_old = before(now, self._patience.longest)
        await self._in_pages(lambda ledger: ledger.outbox.give_up_paused(too_old, _PAUSED, now, _TIDIED_AT_ONCE))

    async def _forget(self, state: DeliveryState, limit: Moment) -> None:
        await self._in_pages(lambda ledger: ledger.outbox.forget(state, limit, _TIDIED_AT_ONCE))

    async def _in_pages(self, step: Callable[[Ledger], int]) -> None:
        """Those who push have their turn in between."""
        while await self._metadata.write(step) == _TIDIED_AT_ONCE:
            pass

    async def _break_off(self) -> None:
        """What is nearly there may arrive; the rest is sent again when there is somebody to send it."""
        tasks = [each.task for each in self._under_way.values()]
        if tasks:
            await asyncio.wait(tasks, timeout=self._patience.at_the_end)
        for task in tasks:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError, WharfError):
                await task
        self._under_way = {}


def _paused(ledger: Ledger, called: WebhookRecord, now: Moment) -> bool:
    """Unless it was taken away, paused or led elsewhere while its receiver was asked."""
    webhook = ledger.webhooks.find(called.owner, called.id)
    if webhook is None or not webhook.is_active or webhook.url != called.url:
        return False
    ledger.webhooks.change(replace(webhook, is_active=False))
    details: dict[str, str | int | bool | None] = {"id": str(webhook.id), "answered": _GONE}
    host = parse_target(webhook.url).authority
    note(ledger, _BY_ITSELF, Happening("webhook.pause", host, webhook.owner, details), now)
    return True
