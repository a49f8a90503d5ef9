"""The API of webhooks: addresses that are told of what happens, and what became of each delivery. Wharf's own."""

from collections.abc import Mapping
from typing import Final

from wharf.errors import MalformedField
from wharf.metadata.outbox import DeliveryRecord, DeliveryState
from wharf.metadata.webhooks import WebhookRecord
from wharf.oci.strict_json import JsonValue
from wharf.registry.http.api import moments
from wharf.registry.http.api.operation import ApiReply, ApiRequest, Operation
from wharf.registry.http.api.owner_path import AT_OWNER, OWNER, owner_in, shown
from wharf.registry.http.api.paging import linked
from wharf.registry.http.api.parameters import (
    PAGE,
    PER_PAGE,
    choice,
    in_path,
    number,
    page,
    text_in,
    texts_in,
    truth_in,
)
from wharf.registry.http.api.schemas import (
    COUNT,
    ID,
    MAYBE_MOMENT,
    MOMENT,
    TEXT,
    TEXTS,
    TRUTH,
    Shape,
    listed,
    one_of,
    sent,
    told,
)
from wharf.registry.services.webhooks.webhooks import (
    LONGEST_SECRET,
    SHORTEST_SECRET,
    MadeWebhook,
    WebhookAffairs,
    WebhookEdit,
    WebhookWish,
)

_AT: Final = f"{AT_OWNER}/webhooks"
_ONE: Final = f"{_AT}/{{webhook_id}}"
_WEBHOOK_ID: Final = in_path("webhook_id", "The webhook's id.", ID)
_DELIVERY_ID: Final = in_path("delivery_id", "The delivery's id.", ID)
_STATE: Final = choice("state", "Only those in this state.", *(state.value for state in DeliveryState))
_NEEDS: Final = "admin, and the role owner; of the registry as a whole: to be its administrator"
_FIELDS: Final[Shape] = {
    "id": ID,
    "owner": TEXT,
    "url": TEXT,
    "events": TEXTS,
    "active": TRUTH,
    "created_at": MOMENT,
    "created_by": TEXT,
}
_WEBHOOK: Final = told(_FIELDS, at_times={"secret": TEXT})
_WISHED: Final[Shape] = {
    "url": {"type": "string", "minLength": 1, "maxLength": 2000},
    "events": listed({"type": "string", "minLength": 1}, maxItems=100),
    "secret": {"type": "string", "minLength": SHORTEST_SECRET, "maxLength": LONGEST_SECRET},
    "active": TRUTH,
}
_NEW: Final = sent(_WISHED, required=["url"])
_EDIT: Final = sent({**_WISHED, "renew_secret": TRUTH})
_DELIVERY: Final = told(
    {
        "id": ID,
        "guid": TEXT,
        "event": TEXT,
        "state": one_of(state.value for state in DeliveryState),
        "attempts": COUNT,
        "created_at": MOMENT,
        "due_at": MAYBE_MOMENT,
        "finished_at": MAYBE_MOMENT,
        "status": {"type": ["integer", "null"]},
        "problem": TEXT,
    }
)


class WebhooksApi:
    def __init__(self, webhooks: WebhookAffairs) -> None:
        self._webhooks = webhooks

    def operations(self) -> tuple[Operation, ...]:
        return (*self._about_webhooks(), *self._about_one(), *self._about_deliveries())

    def _about_webhooks(self) -> tuple[Operation, ...]:
        return (
            Operation(
                id="wharf/list-webhooks",
                method="GET",
                path=_AT,
                about="The webhooks of an owner, without their secrets.",
                needs=_NEEDS,
                handler=self._list,
                answers={200: listed(_WEBHOOK)},
                parameters=(OWNER, PAGE, PER_PAGE),
            ),
            Operation(
                id="wharf/create-webhook",
                method="POST",
                path=_AT,
                about="A new webhook, which is told of all that `events` says: words of the audit log, families of them"
                " such as `package`, or `*`. A secret that is not given is made, and told this once. One that is not"
                " active is told of nothing until it is.",
                needs=_NEEDS,
                handler=self._create,
                answers={201: _WEBHOOK},
                made_at={"webhook_id": "id"},
                parameters=(OWNER,),
                body=_NEW,
                example={"url": "https://ci.example/hook", "events": ["package.push"]},
            ),
        )

    def _about_one(self) -> tuple[Operation, ...]:
        return (
            Operation(
                id="wharf/get-webhook",
                method="GET",
                path=_ONE,
                about="One webhook, without its secret.",
                needs=_NEEDS,
                handler=self._show,
                answers={200: _WEBHOOK},
                parameters=(OWNER, _WEBHOOK_ID),
            ),
            Operation(
                id="wharf/update-webhook",
                method="PATCH",
                path=_ONE,
                about="Change a webhook; what is not given stays as it is. One that is not active is told of nothing"
                " new, and what it was to be sent before waits. With `renew_secret` a secret is made, and told once.",
                needs=_NEEDS,
                handler=self._edit,
                answers={200: _WEBHOOK},
                parameters=(OWNER, _WEBHOOK_ID),
                body=_EDIT,
                example={"active": False},
            ),
            Operation(
                id="wharf/delete-webhook",
                method="DELETE",
                path=_ONE,
                about="A webhook ends, with all that it was still to be sent.",
                needs=_NEEDS,
                handler=self._delete,
                answers={204: None},
                parameters=(OWNER, _WEBHOOK_ID),
            ),
        )

    def _about_deliveries(self) -> tuple[Operation, ...]:
        return (
            Operation(
                id="wharf/list-deliveries",
                method="GET",
                path=f"{_ONE}/deliveries",
                about="What a webhook was sent and is to be sent, the newest first. Dead is what it never took.",
                needs=_NEEDS,
                handler=self._deliveries,
                answers={200: listed(_DELIVERY)},
                parameters=(OWNER, _WEBHOOK_ID, _STATE, PAGE, PER_PAGE),
            ),
            Operation(
                id="wharf/ping-webhook",
                method="POST",
                path=f"{_ONE}/pings",
                about="Send a ping, behind all that the webhook is still to hear.",
                needs=_NEEDS,
                handler=self._ping,
                answers={202: _DELIVERY},
                parameters=(OWNER, _WEBHOOK_ID),
            ),
            Operation(
                id="wharf/redeliver",
                method="POST",
                path=f"{_ONE}/deliveries/{{delivery_id}}/redeliver",
                about="Send something once more, under the same number, behind all that the webhook is still to hear.",
                needs=_NEEDS,
                handler=self._redeliver,
                answers={202: _DELIVERY},
                parameters=(OWNER, _WEBHOOK_ID, _DELIVERY_ID),
            ),
        )

    async def _list(self, request: ApiRequest) -> ApiReply:
        wanted = page(request.query)
        found = await self._webhooks.every(request.caller, owner_in(request))
        rows = found[wanted.start : wanted.start + wanted.size]
        return ApiReply(200, [_webhook(row) for row in rows], linked(request, wanted, len(found)))

    async def _create(self, request: ApiRequest) -> ApiReply:
        body = request.body
        wish = WebhookWish(text_in(body, "url"), texts_in(body, "events"), text_in(body, "secret", ""), _active(body))
        return ApiReply(201, _made(await self._webhooks.create(request.caller, owner_in(request), wish)))

    async def _show(self, request: ApiRequest) -> ApiReply:
        webhook = number(request, "webhook_id", "webhook")
        return ApiReply(200, _webhook(await self._webhooks.show(request.caller, owner_in(request), webhook)))

    async def _edit(self, request: ApiRequest) -> ApiReply:
        webhook, wish = number(request, "webhook_id", "webhook"), _edit(request.body)
        return ApiReply(200, _made(await self._webhooks.edit(request.caller, owner_in(request), webhook, wish)))

    async def _ping(self, request: ApiRequest) -> ApiReply:
        webhook = number(request, "webhook_id", "webhook")
        return ApiReply(202, _delivery(await self._webhooks.ping(request.caller, owner_in(request), webhook)))

    async def _delete(self, request: ApiRequest) -> ApiReply:
        await self._webhooks.delete(request.caller, owner_in(request), number(request, "webhook_id", "webhook"))
        return ApiReply(204)

    async def _deliveries(self, request: ApiRequest) -> ApiReply:
        wanted, state = page(request.query), request.query.get("state")
        found = await self._webhooks.deliveries(
            request.caller,
            owner_in(request),
            number(request, "webhook_id", "webhook"),
            None if state is None else DeliveryState(state),
            wanted.start,
            wanted.size,
        )
        return ApiReply(200, [_delivery(row) for row in found.rows], linked(request, wanted, found.total))

    async def _redeliver(self, request: ApiRequest) -> ApiReply:
        webhook = number(request, "webhook_id", "webhook")
        delivery = number(request, "delivery_id", "delivery")
        again = await self._webhooks.redeliver(request.caller, owner_in(request), webhook, delivery)
        return ApiReply(202, _delivery(again))


def _edit(body: Mapping[str, JsonValue]) -> WebhookEdit:
    is_renewed = truth_in(body, "renew_secret", default=False)
    if is_renewed and "secret" in body:
        raise MalformedField("renew_secret", "a secret is given and one is to be made: say one of the two")
    given = text_in(body, "secret") if "secret" in body else None
    return WebhookEdit(
        url=text_in(body, "url") if "url" in body else None,
        events=texts_in(body, "events") if "events" in body else None,
        secret="" if is_renewed else given,
        active=_active(body) if "active" in body else None,
    )


def _active(body: Mapping[str, JsonValue]) -> bool:
    return truth_in(body, "active", default=True)


def _made(made: MadeWebhook) -> dict[str, object]:
    told_once = {} if made.secret is None else {"secret": made.secret}
    return {**_webhook(made.webhook), **told_once}


def _webhook(webhook: WebhookRecord) -> dict[str, object]:
    return {
        "id": webhook.id,
        "owner": shown(webhook.owner),
        "url": webhook.url,
        "events": list(webhook.events),
        "active": webhook.is_active,
        "created_at": moments.written(webhook.created_at),
        "created_by": webhook.created_by,
    }


def _delivery(delivery: DeliveryRecord) -> dict[str, object]:
    is_waiting = delivery.state is DeliveryState.WAITING
    return {
        "id": delivery.id,
        "guid": delivery.guid,
        "event": delivery.event,
        "state": delivery.state.value,
        "attempts": delivery.attempts,
        "created_at": moments.written(delivery.created_at),
        "due_at": moments.maybe_written(delivery.due_at if is_waiting else None),
        "finished_at": moments.maybe_written(delivery.finished_at),
        "status": delivery.status,
        "problem": delivery.problem,
    }
