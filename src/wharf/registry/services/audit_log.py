"""What was changed, as it is looked through: of one owner by who governs it, of everything by administrators."""

from dataclasses import dataclass, replace
from enum import Enum

from wharf.access.login import Login
from wharf.metadata.audit import AuditFilter, Span
from wharf.metadata.ledger import Ledger
from wharf.metadata.records import AuditRecord, Moment
from wharf.metadata.store import MetadataStore
from wharf.registry.services.access import Caller, Gate
from wharf.registry.services.governing import is_administrator, require_governor


class Direction(Enum):
    NEWEST_FIRST = "newest first"
    OLDEST_FIRST = "oldest first"


@dataclass(frozen=True, slots=True)
class AuditQuestion:
    """`span`: between which numbers; `limit`: how many entries at the most."""

    wanted: AuditFilter
    span: Span
    direction: Direction
    limit: int


@dataclass(frozen=True, slots=True)
class AuditPage:
    rows: list[AuditRecord]
    has_more: bool


class AuditLog:
    def __init__(self, metadata: MetadataStore, gate: Gate) -> None:
        self._metadata = metadata
        self._gate = gate

    async def page(self, caller: Caller, owner: Login | None, question: AuditQuestion) -> AuditPage:
        await require_governor(self._gate, caller, owner)
        wanted = question.wanted if owner is None else await self._within(caller, owner, question.wanted)
        newest_first = question.direction is Direction.NEWEST_FIRST

        def look(ledger: Ledger) -> list[AuditRecord]:
            span = _common(question.span, ledger.audit.span(wanted))
            return ledger.audit.stretch(wanted, span, question.limit + 1, newest_first=newest_first)

        found = await self._metadata.survey(look)  # a rare thing in a long log takes a while
        return AuditPage(found[: question.limit], len(found) > question.limit)

    async def _within(self, caller: Caller, owner: Login, wanted: AuditFilter) -> AuditFilter:
        """Whoever was given a name that somebody had before does not see what that one did."""
        wanted = replace(wanted, owner=str(owner))
        if await is_administrator(self._gate, caller):
            return wanted
        account = await self._metadata.read(lambda ledger: ledger.accounts.find(owner))
        begun = account.created_at if account else Moment(0)
        return replace(wanted, since=max(begun, wanted.since or begun))


def _common(one: Span, other: Span) -> Span:
    return Span(max(one.after, other.after), min(one.before, other.before))
