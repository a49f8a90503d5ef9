"""What was changed, as it is looked through: of one owner by who governs it, of everything by administrators."""

import asyncio
from dataclasses import dataclass, replace
from enum import Enum
from typing import Final

from wharf.access.login import Login
from wharf.metadata.audit import AuditFilter, Span
from wharf.metadata.records import AuditRecord, Moment
from wharf.metadata.store import MetadataStore
from wharf.registry.services.access import Caller, Gate
from wharf.registry.services.governing import is_administrator, require_governor

_STRETCH: Final = 500


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
        """A rare thing in a long log is looked for stretch by stretch; others have their turn in between."""
        await require_governor(self._gate, caller, owner)
        wanted = question.wanted if owner is None else await self._within(caller, owner, question.wanted)
        span = _common(question.span, await self._metadata.read(lambda ledger: ledger.audit.span(wanted)))
        newest_first = question.direction is Direction.NEWEST_FIRST
        found: list[AuditRecord] = []
        size = question.limit + 1
        while len(found) <= question.limit:
            stretch = await self._stretch(wanted, span, size, newest_first=newest_first)
            found += [record for record in stretch if wanted.lets(record)]
            if len(stretch) < size:
                break
            span, size = _behind(span, stretch[-1].id, newest_first=newest_first), _STRETCH
            await asyncio.sleep(0)
        return AuditPage(found[: question.limit], len(found) > question.limit)

    async def _within(self, caller: Caller, owner: Login, wanted: AuditFilter) -> AuditFilter:
        """Whoever was given a name that somebody had before does not see what that one did."""
        wanted = replace(wanted, owner=str(owner))
        if await is_administrator(self._gate, caller):
            return wanted
        account = await self._metadata.read(lambda ledger: ledger.accounts.find(owner))
        begun = account.created_at if account else Moment(0)
        return replace(wanted, since=max(begun, wanted.since or begun))

    async def _stretch(self, wanted: AuditFilter, span: Span, size: int, *, newest_first: bool) -> list[AuditRecord]:
        return await self._metadata.read(
            lambda ledger: ledger.audit.stretch(wanted, span, size, newest_first=newest_first)
        )


def _behind(span: Span, number: int, *, newest_first: bool) -> Span:
    return replace(span, before=number) if newest_first else replace(span, after=number)


def _common(one: Span, other: Span) -> Span:
    return Span(max(one.after, other.after), min(one.before, other.before))
