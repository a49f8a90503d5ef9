"""Cleaning: what an owner's rules of retention do when they are followed, repository by repository.

What goes is decided within the change that takes it away: what was pushed, pulled or tagged a moment ago counts. It
goes into the trash, from which it can come back.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import partial
from typing import Final

from wharf.metadata.ledger import Ledger
from wharf.metadata.records import Moment, RepositoryId, RuleKind
from wharf.metadata.store import MetadataStore
from wharf.oci.reference import RepositoryName
from wharf.registry.services.access import Caller, Gate
from wharf.registry.services.clock import Clock
from wharf.registry.services.happenings import Happening, in_repository, note
from wharf.registry.services.packages import trash
from wharf.registry.services.rules.immutable import immutable_rules
from wharf.registry.services.rules.retention import Decision, Situation, decide, some_of
from wharf.registry.services.rules.rulebook import Owner, kept_as, require_settling
from wharf.registry.services.rules.terms import Retention, read

_STEP: Final = 100
_AT_ONCE: Final = 500  # deletions, while nobody else can write
# No account can have this name: nobody is taken for it.
BY_ITSELF: Final = Caller(name="wharf", credential="none")


@dataclass(frozen=True, slots=True)
class Judged:
    """What was decided about the versions of one repository."""

    name: RepositoryName
    decisions: tuple[Decision, ...]

    @property
    def going(self) -> int:
        return sum(not decision.stays for decision in self.decisions)


class Cleaning:
    def __init__(self, metadata: MetadataStore, gate: Gate, clock: Clock, at_once: int = _AT_ONCE) -> None:
        self._metadata = metadata
        self._gate = gate
        self._clock = clock
        self._at_once = at_once

    async def rehearse(self, caller: Caller, owner: Owner) -> list[Judged]:
        """What would be done, and why."""
        await require_settling(self._gate, caller, owner)
        return [judged async for judged in self._walked(kept_as(owner))]

    async def run(self, caller: Caller, owner: Owner) -> list[Judged]:
        await require_settling(self._gate, caller, owner)
        return [judged async for judged in self._cleaned(caller, kept_as(owner))]

    async def run_everywhere(self) -> AsyncIterator[Judged]:
        """For every owner that has such rules, by the registry itself."""
        owners = await self._metadata.read(lambda ledger: ledger.rules.owners(RuleKind.RETENTION))
        for owner in [""] if "" in owners else owners:  # those of the registry as a whole are about everybody's
            async for judged in self._cleaned(BY_ITSELF, owner):
                yield judged

    async def _cleaned(self, caller: Caller, owner: str) -> AsyncIterator[Judged]:
        gone = 0
        async for judged in self._walked(owner):
            if judged.going:
                done = await self._emptied(caller, judged.name)
                gone += done.going
                yield done
            else:
                yield judged
        if gone or caller is not BY_ITSELF:  # what is done each day and changes nothing is no news
            now = self._clock()
            happening = Happening("retention.run", owner or "-", owner, {"deleted": gone})
            await self._metadata.write(lambda ledger: note(ledger, caller, happening, now))

    async def _emptied(self, caller: Caller, name: RepositoryName) -> Judged:
        """In steps, between which others push; each decides anew."""
        gone: list[Decision] = []
        while True:
            judged, now_gone = await self._metadata.write(partial(_clean, caller, name, self._clock(), self._at_once))
            gone += now_gone
            if judged.going == len(now_gone):
                return Judged(name, (*(each for each in judged.decisions if each.stays), *gone))

    async def _walked(self, owner: str) -> AsyncIterator[Judged]:
        after = ""
        while found := await self._metadata.read(partial(_repositories, owner, after)):
            for repository, name in found:
                yield await self._metadata.survey(partial(_judge, repository, name, self._clock()))
            after = str(found[-1][1])


def _repositories(owner: str, after: str, ledger: Ledger) -> list[tuple[RepositoryId, RepositoryName]]:
    return ledger.stock.repositories(owner, after, _STEP)


def _judge(repository: RepositoryId, name: RepositoryName, now: Moment, ledger: Ledger) -> Judged:
    return Judged(name, tuple(decide(ledger.stock.versions(repository), _situation(ledger, name, now))))


def _situation(ledger: Ledger, name: RepositoryName, now: Moment) -> Situation:
    found = ledger.rules.concerning(name.owner or "", RuleKind.RETENTION)
    retention = {
        record.id: terms for record in found if isinstance(terms := read(record.kind, record.terms), Retention)
    }
    immutable = {record.id: terms for record, terms in immutable_rules(ledger, name)}
    return Situation(name, retention, immutable, now, ledger.stock.first_day_with_pulls())


def _clean(
    caller: Caller, name: RepositoryName, now: Moment, at_once: int, ledger: Ledger
) -> tuple[Judged, list[Decision]]:
    """What was decided about all, and what went of it."""
    repository = ledger.repositories.find(name)
    if repository is None:
        return Judged(name, ()), []
    judged = _judge(repository, name, now, ledger)
    going = some_of([decision for decision in judged.decisions if not decision.stays], at_once)
    for decision in going:
        _delete(ledger, repository, name, decision, caller, now)
    return judged, going


def _delete(
    ledger: Ledger, repository: RepositoryId, name: RepositoryName, decision: Decision, caller: Caller, now: Moment
) -> None:
    version = decision.version
    if trash.put(ledger, repository, version.digest, caller.actor, now, f"retention: {decision.why}"):
        tags = " ".join(map(str, version.tags))
        gone = in_repository("version.delete", name, digest=str(version.digest), tags=tags, reason="retention")
        note(ledger, caller, gone, now)
