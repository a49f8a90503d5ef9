"""The rulebook: which rules an owner has, and how much room; asked by who may know, changed by who may decide.

An owner is a login. None stands for the registry as a whole, which its administrators look after.
"""

from dataclasses import dataclass
from functools import partial
from typing import Final

from wharf.access.login import Login
from wharf.errors import EntryUnknown, MalformedField, TooMany
from wharf.metadata.ledger import Ledger
from wharf.metadata.records import Moment, RuleId, RuleRecord
from wharf.metadata.store import MetadataStore
from wharf.registry.services.access import Action, Caller, Gate
from wharf.registry.services.clock import Clock
from wharf.registry.services.happenings import Happening, note
from wharf.registry.services.more_room import Growing
from wharf.registry.services.rules.quota import Count, count, write_count
from wharf.registry.services.rules.terms import Terms, read, written

MOST_RULES: Final = 100
MOST_BYTES: Final = 1 << 60

Owner = Login | None


@dataclass(frozen=True, slots=True)
class Rule:
    id: RuleId
    owner: str
    terms: Terms
    created_at: Moment
    created_by: str


@dataclass(frozen=True, slots=True)
class Room:
    """How much an owner may hold, nothing where that is not bounded, and how much it does."""

    owner: str
    most: int | None
    used: int


class Rulebook:
    def __init__(self, metadata: MetadataStore, gate: Gate, clock: Clock) -> None:
        self._metadata = metadata
        self._gate = gate
        self._clock = clock

    async def rules(self, caller: Caller, owner: Owner, start: int, limit: int) -> tuple[list[Rule], int]:
        """Some of them, and how many there are."""
        await require_settling(self._gate, caller, owner)
        return await self._metadata.read(partial(_page, kept_as(owner), start, limit))

    async def add(self, caller: Caller, owner: Owner, terms: Terms) -> Rule:
        await require_settling(self._gate, caller, owner)
        return _rule(await self._metadata.write(Growing(partial(_add, caller, kept_as(owner), terms, self._clock()))))

    async def drop(self, caller: Caller, owner: Owner, rule: RuleId) -> None:
        await require_settling(self._gate, caller, owner)
        await self._metadata.write(partial(_drop, caller, kept_as(owner), rule, self._clock()))

    async def room(self, caller: Caller, owner: Owner) -> Room:
        """Known to whoever may read what the owner has."""
        await _require_over(self._gate, caller, owner, Action.PULL)
        return await self._metadata.survey(partial(_room, kept_as(owner)))

    async def set_quota(self, caller: Caller, owner: Owner, most: int) -> Room:
        await self._gate.require_over_all(caller)
        if not 0 <= most <= MOST_BYTES:
            raise MalformedField("bytes", f"bytes is a whole number from 0 to {MOST_BYTES}")
        await self._metadata.write(lambda ledger: ledger.quotas.begin(kept_as(owner)))
        counted = await self._metadata.survey(partial(count, kept_as(owner)))
        return await self._metadata.write(partial(_set_quota, caller, counted, most, self._clock()))

    async def drop_quota(self, caller: Caller, owner: Owner) -> None:
        await self._gate.require_over_all(caller)
        await self._metadata.write(partial(_drop_quota, caller, kept_as(owner), self._clock()))


async def require_settling(gate: Gate, caller: Caller, owner: Owner) -> None:
    await _require_over(gate, caller, owner, Action.SETTLE)


def kept_as(owner: Owner) -> str:
    return "" if owner is None else str(owner)


async def _require_over(gate: Gate, caller: Caller, owner: Owner, action: Action) -> None:
    if owner is None:
        await gate.require_over_all(caller)
    else:
        await gate.require_over(caller, action, owner)


def _rule(record: RuleRecord) -> Rule:
    return Rule(record.id, record.owner, read(record.kind, record.terms), record.created_at, record.created_by)


def _page(owner: str, start: int, limit: int, ledger: Ledger) -> tuple[list[Rule], int]:
    return list(map(_rule, ledger.rules.page(owner, start, limit))), ledger.rules.count(owner)


def _add(caller: Caller, owner: str, terms: Terms, now: Moment, ledger: Ledger) -> RuleRecord:
    if ledger.rules.count(owner) >= MOST_RULES:
        raise TooMany("rules", MOST_RULES)
    number = ledger.rules.add(owner, terms.kind, written(terms), caller.actor, now)
    note(ledger, caller, _happening("rule.create", owner, number, terms), now)
    return RuleRecord(number, owner, terms.kind, written(terms), now, caller.actor)


def _drop(caller: Caller, owner: str, number: RuleId, now: Moment, ledger: Ledger) -> None:
    found = ledger.rules.find(owner, number)
    if found is None:
        raise EntryUnknown("rule", str(number))
    ledger.rules.drop(owner, number)
    note(ledger, caller, _happening("rule.delete", owner, number, read(found.kind, found.terms)), now)


def _happening(action: str, owner: str, number: RuleId, terms: Terms) -> Happening:
    return Happening(action, f"rule {number}", owner, {"kind": terms.kind.value, "rule": str(terms)})


def _room(owner: str, ledger: Ledger) -> Room:
    """To count takes a while, and is not done where the figure is certain."""
    quota = ledger.quotas.find(owner)
    used = quota.used if quota and not quota.is_doubtful else ledger.stock.bytes_used(owner)
    return Room(owner, quota.most if quota else None, used)


def _set_quota(caller: Caller, counted: Count, most: int, now: Moment, ledger: Ledger) -> Room:
    """Others push while it is counted, and none of that is forgotten."""
    owner = counted.owner
    previous = ledger.quotas.find(owner)
    ledger.quotas.set(owner, most)
    write_count(counted, ledger)
    _note_quota(ledger, caller, owner, {"bytes": most, "previous": previous.most if previous else None}, now)
    found = ledger.quotas.find(owner)
    return Room(owner, most, found.used if found else counted.used)


def _drop_quota(caller: Caller, owner: str, now: Moment, ledger: Ledger) -> None:
    previous = ledger.quotas.find(owner)
    if previous is None:
        raise EntryUnknown("quota", owner or "-")
    ledger.quotas.drop(owner)
    _note_quota(ledger, caller, owner, {"bytes": None, "previous": previous.most}, now)


def _note_quota(ledger: Ledger, caller: Caller, owner: str, details: dict[str, int | None], now: Moment) -> None:
    note(ledger, caller, Happening("quota.set", owner or "-", owner, details), now)
