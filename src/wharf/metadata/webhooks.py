"""Webhooks: addresses that are told of what happens at an owner, or (owner empty) anywhere in the registry."""

from dataclasses import dataclass, field
from typing import NewType

from wharf.metadata.records import Moment
from wharf.metadata.session import Row, Session

WebhookId = NewType("WebhookId", int)

_COLUMNS = "id, owner, url, secret, events, reaches_here, created_at, created_by, is_active"
_ADD = (
    "INSERT INTO webhooks (owner, url, secret, events, reaches_here, created_at, created_by, is_active)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
)
_CHANGE = "UPDATE webhooks SET url = ?, secret = ?, events = ?, reaches_here = ?, is_active = ? WHERE id = ?"
_NEWEST = f"SELECT {_COLUMNS} FROM webhooks WHERE owner = ? ORDER BY id DESC LIMIT 1"
_FIND = f"SELECT {_COLUMNS} FROM webhooks WHERE owner = ? AND id = ?"
_OF_OWNER = f"SELECT {_COLUMNS} FROM webhooks WHERE owner = ? ORDER BY id"
_LISTENING = "SELECT id, events FROM webhooks WHERE owner IN ('', ?) AND is_active = 1 ORDER BY id"
_DROP_DELIVERIES = "DELETE FROM deliveries WHERE webhook = ?"
_DROP = "DELETE FROM webhooks WHERE id = ?"


@dataclass(frozen=True, slots=True)
class NewWebhook:
    """An address may hold a secret of its own, so it is not shown either."""

    owner: str
    url: str = field(repr=False)
    secret: str = field(repr=False)
    events: tuple[str, ...]
    reaches_here: bool
    created_by: str
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class WebhookRecord:
    id: WebhookId
    owner: str
    url: str = field(repr=False)
    secret: str = field(repr=False)
    events: tuple[str, ...]
    reaches_here: bool
    created_at: Moment
    created_by: str
    is_active: bool


@dataclass(frozen=True, slots=True)
class Listener:
    """As much of a webhook as it takes to know whether it wants to hear of something."""

    id: WebhookId
    events: tuple[str, ...]


class Webhooks:
    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, webhook: NewWebhook, now: Moment) -> WebhookRecord:
        facts = (" ".join(webhook.events), int(webhook.reaches_here), now, webhook.created_by, int(webhook.is_active))
        self._session.run(_ADD, webhook.owner, webhook.url, webhook.secret, *facts)
        return webhook_record(self._session.rows(_NEWEST, webhook.owner)[0])

    def find(self, owner: str, webhook: int) -> WebhookRecord | None:
        rows = self._session.rows(_FIND, owner, webhook)
        return webhook_record(rows[0]) if rows else None

    def of_owner(self, owner: str) -> list[WebhookRecord]:
        return [webhook_record(row) for row in self._session.rows(_OF_OWNER, owner)]

    def listening(self, owner: str) -> list[Listener]:
        """Those of the owner and those of the whole registry, without those that are paused."""
        return [Listener(WebhookId(row[0]), tuple(row[1].split())) for row in self._session.rows(_LISTENING, owner)]

    def change(self, webhook: WebhookRecord) -> None:
        """All of it but whose it is, and who made it when."""
        facts = (webhook.url, webhook.secret, " ".join(webhook.events), int(webhook.reaches_here))
        self._session.run(_CHANGE, *facts, int(webhook.is_active), webhook.id)

    def drop(self, webhook: WebhookId) -> None:
        """With all that it was sent, and all that it was to be sent."""
        self._session.run(_DROP_DELIVERIES, webhook)
        self._session.run(_DROP, webhook)


def webhook_record(row: Row) -> WebhookRecord:
    owner, url, secret, events = row[1:5]
    return WebhookRecord(
        WebhookId(row[0]), owner, url, secret, tuple(events.split()), bool(row[5]), Moment(row[6]), row[7], bool(row[8])
    )
