"""The outbox: what webhooks are still to be sent, what they were sent, and what they never took."""

from dataclasses import dataclass, field
from enum import Enum
from typing import NewType

from wharf.metadata.records import Moment
from wharf.metadata.session import Row, Session
from wharf.metadata.webhooks import WebhookId, WebhookRecord, webhook_record

DeliveryId = NewType("DeliveryId", int)

_COLUMNS = (
    "deliveries.id, deliveries.webhook, deliveries.guid, deliveries.event, deliveries.payload, deliveries.state,"
    " deliveries.attempts, deliveries.due_at, deliveries.created_at, deliveries.finished_at, deliveries.status,"
    " deliveries.problem"
)
_WIDTH = 12
_NEVER = Moment((1 << 63) - 1)
_WEBHOOK = (
    "webhooks.id, webhooks.owner, webhooks.url, webhooks.secret, webhooks.events, webhooks.reaches_here,"
    " webhooks.created_at, webhooks.created_by, webhooks.is_active"
)
_PUT = (
    "INSERT INTO deliveries (webhook, guid, event, payload, state, attempts, due_at, created_at, problem)"
    " VALUES (?, ?, ?, ?, 'waiting', 0, ?, ?, '')"
)
# One webhook is told one thing after another: only the oldest that it is still to be sent may be due. What was never
# tried comes before what was not taken, since receivers that take nothing are many times due.
_DUE = (
    f"SELECT {_COLUMNS}, {_WEBHOOK} FROM webhooks JOIN deliveries ON deliveries.id ="
    " (SELECT head.id FROM deliveries head WHERE head.webhook = webhooks.id AND head.state = 'waiting'"
    " ORDER BY head.id LIMIT 1) WHERE webhooks.is_active = 1"
    " AND (deliveries.due_at <= ? OR deliveries.due_at > ?)"
    " ORDER BY deliveries.attempts > 0, deliveries.due_at, deliveries.id LIMIT ?"
)
_FINISH = "UPDATE deliveries SET state = ?, attempts = ?, finished_at = ?, status = ?, problem = ? WHERE id = ?"
_POSTPONE = "UPDATE deliveries SET attempts = ?, due_at = ?, status = ?, problem = ? WHERE id = ?"
_HASTEN = "UPDATE deliveries SET due_at = ? WHERE webhook = ? AND state = 'waiting' AND due_at > ?"
_GIVE_UP_PAUSED = (
    "UPDATE deliveries SET state = 'dead', finished_at = ?, problem = ? WHERE id IN"
    " (SELECT id FROM deliveries WHERE webhook IN (SELECT id FROM webhooks WHERE is_active = 0)"
    " AND state = 'waiting' AND created_at < ? LIMIT ?)"
)
_FIND = f"SELECT {_COLUMNS} FROM deliveries WHERE webhook = ? AND id = ?"
_LATEST = f"SELECT {_COLUMNS} FROM deliveries WHERE id = (SELECT MAX(id) FROM deliveries WHERE webhook = ?)"
_COUNT = "SELECT COUNT(*) FROM deliveries WHERE webhook = ?"
_COUNT_IN_STATE = "SELECT COUNT(*) FROM deliveries WHERE webhook = ? AND state = ?"
# The numbers first, which stand in an index: what was sent is only read where it is shown.
_SHOWN = f"SELECT {_COLUMNS} FROM deliveries WHERE id IN ({{numbers}}) ORDER BY id DESC"
_PAGE = _SHOWN.format(numbers="SELECT id FROM deliveries WHERE webhook = ? ORDER BY id DESC LIMIT ? OFFSET ?")
_PAGE_IN_STATE = _SHOWN.format(
    numbers="SELECT id FROM deliveries WHERE webhook = ? AND state = ? ORDER BY id DESC LIMIT ? OFFSET ?"
)
_FORGET = (
    "DELETE FROM deliveries WHERE id IN"
    " (SELECT id FROM deliveries WHERE state = ? AND finished_at IS NOT NULL AND finished_at < ? LIMIT ?)"
)


class DeliveryState(Enum):
    WAITING = "waiting"
    DELIVERED = "delivered"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class DeliveryRecord:
    """`status`: what the receiver answered the last time; `problem`: why it was not good enough, empty where it was."""

    id: DeliveryId
    webhook: WebhookId
    guid: str
    event: str
    payload: str = field(repr=False)
    state: DeliveryState
    attempts: int
    due_at: Moment
    created_at: Moment
    finished_at: Moment | None
    status: int | None
    problem: str


@dataclass(frozen=True, slots=True)
class DueDelivery:
    delivery: DeliveryRecord
    webhook: WebhookRecord


@dataclass(frozen=True, slots=True)
class Attempt:
    """How one attempt ended; `number` counts from one."""

    number: int
    status: int | None
    problem: str


class Outbox:
    def __init__(self, session: Session) -> None:
        self._session = session

    def put(self, webhook: WebhookId, guid: str, event: str, payload: str, now: Moment) -> None:
        self._session.run(_PUT, webhook, guid, event, payload, now, now)

    def due(self, now: Moment, limit: int, latest: Moment = _NEVER) -> list[DueDelivery]:
        """At most one of each webhook that is active.

        `latest`: nothing is ever put off beyond it; what seems to be was so by a clock that was set back since.
        """
        rows = self._session.rows(_DUE, now, latest, limit)
        return [DueDelivery(_delivery(row), webhook_record(row[_WIDTH:])) for row in rows]

    def finish(self, delivery: DeliveryId, state: DeliveryState, attempt: Attempt, now: Moment) -> None:
        self._session.run(_FINISH, state.value, attempt.number, now, attempt.status, attempt.problem, delivery)

    def postpone(self, delivery: DeliveryId, until: Moment, attempt: Attempt) -> None:
        self._session.run(_POSTPONE, attempt.number, until, attempt.status, attempt.problem, delivery)

    def hasten(self, webhook: WebhookId, now: Moment) -> None:
        """What was put off is due now: something was mended."""
        self._session.run(_HASTEN, now, webhook, now)

    def give_up_paused(self, made_before: Moment, problem: str, now: Moment, limit: int) -> int:
        """What waited too long for webhooks that are paused is dead; how much that was."""
        return self._session.run(_GIVE_UP_PAUSED, now, problem, made_before, limit)

    def latest(self, webhook: WebhookId) -> DeliveryRecord:
        """What was put in last; there is something."""
        return _delivery(self._session.rows(_LATEST, webhook)[0])

    def find(self, webhook: WebhookId, delivery: int) -> DeliveryRecord | None:
        rows = self._session.rows(_FIND, webhook, delivery)
        return _delivery(rows[0]) if rows else None

    def again(self, delivery: DeliveryRecord, now: Moment) -> DeliveryRecord:
        """The same thing once more, behind all that the webhook is still to be sent."""
        self.put(delivery.webhook, delivery.guid, delivery.event, delivery.payload, now)
        return self.latest(delivery.webhook)

    def page(
        self, webhook: WebhookId, state: DeliveryState | None, start: int, limit: int
    ) -> tuple[list[DeliveryRecord], int]:
        """The newest first, and how many there are in all."""
        if state is None:
            rows = self._session.rows(_PAGE, webhook, limit, start)
            total = self._session.rows(_COUNT, webhook)[0][0]
        else:
            rows = self._session.rows(_PAGE_IN_STATE, webhook, state.value, limit, start)
            total = self._session.rows(_COUNT_IN_STATE, webhook, state.value)[0][0]
        return [_delivery(row) for row in rows], int(total)

    def forget(self, state: DeliveryState, before: Moment, limit: int) -> int:
        """Those that ended so long ago that nobody asks for them any more."""
        return self._session.run(_FORGET, state.value, before, limit)


def _delivery(row: Row) -> DeliveryRecord:
    guid, event, payload, state, attempts, due_at, created_at, finished_at, status, problem = row[2:_WIDTH]
    return DeliveryRecord(
        id=DeliveryId(row[0]),
        webhook=WebhookId(row[1]),
        guid=guid,
        event=event,
        payload=payload,
        state=DeliveryState(state),
        attempts=attempts,
        due_at=Moment(due_at),
        created_at=Moment(created_at),
        finished_at=None if finished_at is None else Moment(finished_at),
        status=status,
        problem=problem,
    )
