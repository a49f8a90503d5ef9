"""The webhooks of an owner, or of the whole registry: set up, changed and taken away by whoever governs it."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
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
from wharf.registry.services.webhooks.reach import Reach, Target, parse_target, require_reachable

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
    active: bool = True


@dataclass(frozen=True, slots=True)
class WebhookEdit:
    """What is None stays as it is. `secret`: empty where a new one is to be made."""

    url: str | None = field(default=None, repr=False)
    events: tuple[str, ...] | None = None
    secret: str | None = field(default=None, repr=False)
    active: bool | None = None


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
    def __init__(self, metadata: MetadataStore, gate: Gate, clock: Clock, of_owners: Reach = Reach.PUBLIC) -> None:
        """`of_owners`: how far webhooks reach that no administrator set up."""
        self._metadata = metadata
        self._gate = gate
        self._clock = clock
        self._of_owners = of_owners

    async def every(self, caller: Caller, owner: Owner) -> list[WebhookRecord]:
        await require_governor(self._gate, caller, owner)
        return await self._metadata.read(lambda ledger: ledger.webhooks.of_owner(_text(owner)))

    async def create(self, caller: Caller, owner: Owner, wish: WebhookWish) -> MadeWebhook:
        await require_governor(self._gate, caller, owner)
        target, events = parse_target(wish.url), parse_events(wish.events)
        reaches_here = await is_administrator(self._gate, caller)
        require_reachable(target, self._reach(reaches_here=reaches_here))
        secret = _secret(wish.secret)
        new = NewWebhook(_text(owner), wish.url, secret, events, reaches_here, caller.actor, wish.active)
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

    async def show(self, caller: Caller, owner: Owner, number: int) -> WebhookRecord:
        await require_governor(self._gate, caller, owner)
        return await self._metadata.read(lambda ledger: _found(ledger, owner, number))

    async def edit(self, caller: Caller, owner: Owner, number: int, wish: WebhookEdit) -> MadeWebhook:
        """What waits for a webhook that has another address, or goes on, is due at once."""
        await require_governor(self._gate, caller, owner)
        edit, target = _read(wish)
        by_administrator = await is_administrator(self._gate, caller)
        now = self._clock()

        def change(ledger: Ledger) -> WebhookRecord:
            old = _found(ledger, owner, number)
            new = _edited(old, edit, by_administrator=by_administrator)
            if target is not None:
                require_reachable(target, self._reach(reaches_here=new.reaches_here))
            ledger.webhooks.change(new)
            if new.url != old.url or (new.is_active and not old.is_active):
                ledger.outbox.hasten(new.id, now)
            for happening in _differences(old, new):
                note(ledger, caller, happening, now)
            return new

        return MadeWebhook(await self._metadata.write(change), None if wish.secret else edit.secret)

    async def ping(self, caller: Caller, owner: Owner, number: int) -> DeliveryRecord:
        """Behind all that the webhook is still to be sent."""
        await require_governor(self._gate, caller, owner)
        now = self._clock()

        def change(ledger: Ledger) -> DeliveryRecord:
            webhook = _found(ledger, owner, number)
            happening = _about(webhook, "webhook.ping")
            note(ledger, caller, happening, now)
            put_ping(ledger, webhook, entry_of(caller, happening), now)
            return ledger.outbox.latest(webhook.id)

        return await self._metadata.write(change)

    async def delete(self, caller: Caller, owner: Owner, number: int) -> None:
        await require_governor(self._gate, caller, owner)
        now = self._clock()

        def change(ledger: Ledger) -> None:
            webhook = _found(ledger, owner, number)
            ledger.webhooks.drop(webhook.id)
            note(ledger, caller, _about(webhook, "webhook.delete"), now)

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
            again = ledger.outbox.again(old, now)
            note(ledger, caller, _about(webhook, "webhook.redeliver", delivery=old.guid), now)
            return again

        return await self._metadata.write(change)

    def _reach(self, *, reaches_here: bool) -> Reach:
        return Reach.HERE if reaches_here else self._of_owners


def _found(ledger: Ledger, owner: Owner, number: int) -> WebhookRecord:
    webhook = ledger.webhooks.find(_text(owner), number)
    if webhook is None:
        raise EntryUnknown("webhook", str(number))
    return webhook


def _about(webhook: WebhookRecord, action: str, **details: str) -> Happening:
    """The log knows the host: the rest of the address may be a secret."""
    host = parse_target(webhook.url).authority
    return Happening(action, host, webhook.owner, {"id": str(webhook.id), **details})


def _read(wish: WebhookEdit) -> tuple[WebhookEdit, Target | None]:
    """What was wished for, held to what can be; where it is to lead if that is told."""
    events = None if wish.events is None else parse_events(wish.events)
    secret = None if wish.secret is None else _secret(wish.secret)
    target = None if wish.url is None else parse_target(wish.url)
    return replace(wish, events=events, secret=secret), target


def _edited(old: WebhookRecord, edit: WebhookEdit, *, by_administrator: bool) -> WebhookRecord:
    """Who gives it another address answers for where it leads; who gives it the same one changes nothing."""
    url = old.url if edit.url is None else edit.url
    is_answered_for = edit.url is not None and by_administrator
    return replace(
        old,
        url=url,
        events=old.events if edit.events is None else edit.events,
        secret=old.secret if edit.secret is None else edit.secret,
        reaches_here=is_answered_for or (url == old.url and old.reaches_here),
        is_active=old.is_active if edit.active is None else edit.active,
    )


def _differences(old: WebhookRecord, new: WebhookRecord) -> Iterator[Happening]:
    changed = {
        "url": (old.url, old.reaches_here) != (new.url, new.reaches_here),
        "events": old.events != new.events,
        "secret": old.secret != new.secret,
    }
    if any(changed.values()):
        told = " ".join(name for name, is_changed in changed.items() if is_changed)
        yield _about(new, "webhook.edit", changed=told, events=" ".join(new.events))
    if old.is_active != new.is_active:
        yield _about(new, "webhook.resume" if new.is_active else "webhook.pause")


def _text(owner: Owner) -> str:
    return "" if owner is None else str(owner)


def _secret(given: str) -> str:
    if not given:
        return secrets.token_urlsafe(_CHANCE_BYTES)
    if not SHORTEST_SECRET <= len(given) <= LONGEST_SECRET:
        raise MalformedField("secret", f"a secret has {SHORTEST_SECRET} to {LONGEST_SECRET} characters")
    return given
