"""The webhooks of an owner, or of the whole registry: set up, listed and taken away by whoever governs it."""

import secrets
from dataclasses import dataclass, field
from typing import Final

from wharf.access.login import Login
from wharf.errors import EntryUnknown, MalformedField, TooMany
from wharf.metadata.ledger import Ledger
from wharf.metadata.outbox import DeliveryRecord, DeliveryState
from wharf.metadata.store import MetadataStore
from wharf.metadata.webhooks import NewWebhook, WebhookRecord
from wharf.registry.services.access import Caller, Gate
from wharf.registry.services.clock import Clock
from wharf.registry.services.governing import is_administrator, require_governor
from wharf.registry.services.happening_words import parse_events
from wharf.registry.services.happenings import Happening, entry_of, note
from wharf.registry.services.notices import put_ping
from wharf.registry.services.webhooks.reach import parse_target, require_reachable

_MOST: Final = 20
_CHANCE_BYTES: Final = 32
SHORTEST_SECRET: Final = 8
LONGEST_SECRET: Final = 255

Owner = Login | None
"""None stands for the whole registry."""


@dataclass(frozen=True, slots=True)
class WebhookWish:
    """`secret`: empty where one is to be made."""

    url: str = field(repr=False)
    events: tuple[str, ...] = ()
    secret: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class MadeWebhook:
    """`secret`: told this once, and only where it was made by us."""

    webhook: WebhookRecord
    secret: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class DeliveryPage:
    rows: list[DeliveryRecord]
    total: int


class WebhookAffairs:
    def __init__(self, metadata: MetadataStore, gate: Gate, clock: Clock) -> None:
        self._metadata = metadata
        self._gate = gate
        self._clock = clock

    async def every(self, caller: Caller, owner: Owner) -> list[WebhookRecord]:
        await require_governor(self._gate, caller, owner)
        return await self._metadata.read(lambda ledger: ledger.webhooks.of_owner(_text(owner)))

    async def create(self, caller: Caller, owner: Owner, wish: WebhookWish) -> MadeWebhook:
        await require_governor(self._gate, caller, owner)
        target, events = parse_target(wish.url), parse_events(wish.events)
        reaches_here = await is_administrator(self._gate, caller)
        require_reachable(target, reaches_here=reaches_here)
        secret = _secret(wish.secret)
        new = NewWebhook(_text(owner), wish.url, secret, events, reaches_here, caller.actor)
        now = self._clock()

        def change(ledger: Ledger) -> WebhookRecord:
            if len(ledger.webhooks.of_owner(new.owner)) >= _MOST:
                raise TooMany("webhooks", _MOST)
            webhook = ledger.webhooks.add(new, now)
            facts = {"id": str(webhook.id), "events": " ".join(events)}
            happening = Happening("webhook.create", target.authority, new.owner, facts)
            note(ledger, caller, happening, now)
            put_ping(ledger, webhook, entry_of(caller, happening), now)
            return webhook

        return MadeWebhook(await self._metadata.write(change), None if wish.secret else secret)

    async def delete(self, caller: Caller, owner: Owner, number: int) -> None:
        await require_governor(self._gate, caller, owner)
        now = self._clock()

        def change(ledger: Ledger) -> None:
            webhook = _found(ledger, owner, number)
            ledger.webhooks.drop(webhook.id)
            host = parse_target(webhook.url).authority
            note(ledger, caller, Happening("webhook.delete", host, webhook.owner, {"id": str(webhook.id)}), now)

        await self._metadata.write(change)

    async def deliveries(
        self, caller: Caller, owner: Owner, number: int, state: DeliveryState | None, start: int, limit: int
    ) -> DeliveryPage:
        await require_governor(self._gate, caller, owner)

        def question(ledger: Ledger) -> DeliveryPage:
            return DeliveryPage(*ledger.outbox.page(_found(ledger, owner, number).id, state, start, limit))

        return await self._metadata.read(question)

    async def redeliver(self, caller: Caller, owner: Owner, number: int, delivery: int) -> DeliveryRecord:
        await require_governor(self._gate, caller, owner)
        now = self._clock()

        def change(ledger: Ledger) -> DeliveryRecord:
            webhook = _found(ledger, owner, number)
            old = ledger.outbox.find(webhook.id, delivery)
            if old is None:
                raise EntryUnknown("delivery", str(delivery))
            host = parse_target(webhook.url).authority
            facts = {"id": str(webhook.id), "delivery": old.guid}
            again = ledger.outbox.again(old, now)
            note(ledger, caller, Happening("webhook.redeliver", host, webhook.owner, facts), now)
            return again

        return await self._metadata.write(change)


def _found(ledger: Ledger, owner: Owner, number: int) -> WebhookRecord:
    webhook = ledger.webhooks.find(_text(owner), number)
    if webhook is None:
        raise EntryUnknown("webhook", str(number))
    return webhook


def _text(owner: Owner) -> str:
    return "" if owner is None else str(owner)


def _secret(given: str) -> str:
    if not given:
        return secrets.token_urlsafe(_CHANCE_BYTES)
    if not SHORTEST_SECRET <= len(given) <= LONGEST_SECRET:
        raise MalformedField("secret", f"a secret has {SHORTEST_SECRET} to {LONGEST_SECRET} characters")
    return given
