"""The API of the audit log: what was changed, by whom, when and from where. Wharf's own.

It grows while it is read, so its pages are no numbers: each begins after an entry, or before one.
"""

from datetime import UTC, datetime
from typing import Final
from urllib.parse import quote, urlencode

from wharf.errors import MalformedField
from wharf.metadata.audit import AuditFilter, Span
from wharf.metadata.records import AuditRecord, Moment
from wharf.registry.http.api import moments
from wharf.registry.http.api.operation import OWN, ApiReply, ApiRequest, Operation, Parameter, Place
from wharf.registry.http.api.owner_path import AT_OWNER, OWNER, owner_in, shown
from wharf.registry.http.api.parameters import PER_PAGE, page
from wharf.registry.http.api.schemas import COUNT, ID, LARGEST_NUMBER, MOMENT, TEXT, Shape, listed, told
from wharf.registry.http.message import Headers, Query, headers
from wharf.registry.services.audit_log import AuditLog, AuditPage, AuditQuestion, Direction

_LONGEST: Final = 400
_NUMBER: Final[Shape] = {**COUNT, "maximum": LARGEST_NUMBER}
_WORD: Final[Shape] = {"type": "string", "minLength": 1, "maxLength": _LONGEST}
_FILTERS: Final = (
    Parameter("after", Place.QUERY, "Only entries with a larger id; the oldest come first then.", _NUMBER),
    Parameter("before", Place.QUERY, "Only entries with a smaller id.", _NUMBER),
    Parameter("action", Place.QUERY, "Such as package.push; package is all that is done to packages.", _WORD),
    Parameter("actor", Place.QUERY, "Who did it: a login.", _WORD),
    Parameter("target", Place.QUERY, "What it was done to, such as the whole name of a repository.", _WORD),
    Parameter("since", Place.QUERY, "From this moment on, such as 2026-11-21T20:40:00Z.", MOMENT),
    Parameter("until", Place.QUERY, "Before this moment.", MOMENT),
    PER_PAGE,
)
_ENTRY: Final = told(
    {
        "id": ID,
        "happened_at": MOMENT,
        "actor": TEXT,
        "credential": TEXT,
        "address": TEXT,
        "action": TEXT,
        "owner": TEXT,
        "target": TEXT,
        "details": {"type": "object", "additionalProperties": {"type": ["string", "integer", "boolean", "null"]}},
    }
)


class AuditApi:
    def __init__(self, log: AuditLog) -> None:
        self._log = log

    def operations(self) -> tuple[Operation, ...]:
        return (
            Operation(
                id="wharf/list-audit",
                method="GET",
                path=f"{OWN}/audit",
                about="Every change in the registry, the newest first.",
                needs="admin, and to be an administrator",
                handler=self._all,
                answers={200: listed(_ENTRY)},
                parameters=_FILTERS,
            ),
            Operation(
                id="wharf/list-audit-of-owner",
                method="GET",
                path=f"{AT_OWNER}/audit",
                about="Every change that concerns an owner, the newest first.",
                needs="admin, and the role owner; of the registry as a whole: to be its administrator",
                handler=self._of_owner,
                answers={200: listed(_ENTRY)},
                parameters=(OWNER, *_FILTERS),
            ),
        )

    async def _all(self, request: ApiRequest) -> ApiReply:
        question = _question(request.query)
        return _reply(request, question, await self._log.page(request.caller, None, question))

    async def _of_owner(self, request: ApiRequest) -> ApiReply:
        question = _question(request.query)
        return _reply(request, question, await self._log.page(request.caller, owner_in(request), question))


def _question(query: Query) -> AuditQuestion:
    wanted = AuditFilter(
        action=query.get("action") or "",
        actor=query.get("actor") or "",
        target=query.get("target") or "",
        since=_moment(query, "since"),
        until=_moment(query, "until"),
    )
    after, before = query.get("after"), query.get("before")
    whole = Span()
    span = Span(whole.after if after is None else int(after), whole.before if before is None else int(before))
    direction = Direction.NEWEST_FIRST if after is None else Direction.OLDEST_FIRST
    return AuditQuestion(wanted, span, direction, page(query).size)


def _moment(query: Query, name: str) -> Moment | None:
    text = query.get(name)
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text)
        return Moment(int((found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp() * 1000))
    except (ValueError, OverflowError):
        raise MalformedField(name, f"{name} is a moment such as 2026-11-21T20:40:00Z") from None


def _reply(request: ApiRequest, question: AuditQuestion, found: AuditPage) -> ApiReply:
    return ApiReply(200, [_entry(record) for record in found.rows], _next(request, question, found))


def _next(request: ApiRequest, question: AuditQuestion, found: AuditPage) -> Headers:
    if not found.has_more:
        return ()
    turned = "before" if question.direction is Direction.NEWEST_FIRST else "after"
    others = [(name, value) for name, value in request.query.pairs if name != turned]
    query = urlencode([*others, (turned, str(found.rows[-1].id))], quote_via=quote)
    path = request.wire.raw_path.decode("latin-1") or quote(request.wire.path)
    return headers(((b"link", f'<{request.base}{path}?{query}>; rel="next"'),))


def _entry(record: AuditRecord) -> dict[str, object]:
    entry = record.entry
    return {
        "id": record.id,
        "happened_at": moments.written(record.happened_at),
        "actor": entry.actor,
        "credential": entry.credential,
        "address": entry.address,
        "action": entry.action,
        "owner": shown(entry.owner),
        "target": entry.target,
        "details": dict(entry.details),
    }
