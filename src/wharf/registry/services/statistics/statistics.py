"""Statistics: how often what was pulled in the last days, and how much room it takes.

Of a repository they may be asked by whoever may pull it, of an owner by its members, of the registry by administrators.
Who pulled is told to maintainers only.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol

from wharf.access.login import Login
from wharf.errors import EntryUnknown, RepositoryUnknown
from wharf.metadata.ledger import Ledger
from wharf.metadata.pulls import Selection, VersionPulls, day_of
from wharf.metadata.records import Moment, RepositoryId, VersionId
from wharf.metadata.store import MetadataStore
from wharf.metadata.usage import Room
from wharf.oci.digest import Digest
from wharf.oci.reference import RepositoryName
from wharf.registry.services.access import Action, Caller, Gate
from wharf.registry.services.clock import Clock
from wharf.registry.services.statistics.crowd import Crowd

MOST_ROWS: Final = 100
"""Of each list: those with the most pulls."""


class Notes(Protocol):
    """What is noted and not yet written down."""

    async def write(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Question:
    """The last so many days, today included; of one tag or manifest, where it is told."""

    days: int
    tag: str | None = None
    digest: Digest | None = None


@dataclass(frozen=True, slots=True)
class PulledVersion:
    """`id`: None where the manifest is not here any more."""

    id: VersionId | None
    pulls: int
    ever: VersionPulls


@dataclass(frozen=True, slots=True)
class Days:
    """One number for each day from `first` on, also where it is 0."""

    first: int
    pulls: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PackageStatistics:
    """`by_tag` has an empty name for pulls by digest; `by_account` one for nobody, and is None for who may not know."""

    ever: int
    latest: Moment | None
    days: Days
    by_tag: Sequence[tuple[str, int]]
    by_version: Sequence[PulledVersion]
    by_account: Sequence[tuple[str, int]] | None
    room: Room


@dataclass(frozen=True, slots=True)
class WholeStatistics:
    """Of an owner, or of the registry. `largest`: the bytes that each repository holds, shared ones included."""

    days: Days
    by_repository: Sequence[tuple[RepositoryName, int]]
    by_account: Sequence[tuple[str, int]] | None
    largest: Sequence[tuple[RepositoryName, int]]
    room: Room


class Statistics:
    def __init__(self, metadata: MetadataStore, gate: Gate, clock: Clock, notes: Notes) -> None:
        self._metadata = metadata
        self._gate = gate
        self._clock = clock
        self._notes = notes
        self._packages = Crowd[PackageStatistics | None](metadata)
        self._wholes = Crowd[WholeStatistics | None](metadata)

    async def of_package(self, caller: Caller, name: RepositoryName, question: Question) -> PackageStatistics:
        await self._gate.require(caller, Action.PULL, name)
        tells_names = await self._gate.may(caller, Action.SETTLE, name)
        await self._notes.write()
        today = day_of(self._clock())

        def answer(ledger: Ledger) -> PackageStatistics | None:
            repository = ledger.repositories.find(name)
            if repository is None:
                return None
            return _of_package(ledger, repository, name.owner or "", question, today)

        found = await self._packages.answer((name, question, today), answer)
        if found is None:
            raise RepositoryUnknown(str(name))
        return found if tells_names else replace(found, by_account=None)

    async def of_owner(self, caller: Caller, owner: Login, days: int) -> WholeStatistics:
        await self._gate.require_over(caller, Action.PULL, owner)
        tells_names = await self._gate.may_over(caller, Action.SETTLE, owner)
        await self._notes.write()
        today = day_of(self._clock())

        def answer(ledger: Ledger) -> WholeStatistics | None:
            found = _of_whole(ledger, str(owner), days, today)
            if not found.largest and ledger.accounts.find(owner) is None:
                return None
            return found

        found = await self._wholes.answer((owner, days, today), answer)
        if found is None:
            raise EntryUnknown("organisation", str(owner))
        return found if tells_names else replace(found, by_account=None)

    async def of_registry(self, caller: Caller, days: int) -> WholeStatistics:
        await self._gate.require_over_all(caller)
        await self._notes.write()
        today = day_of(self._clock())
        found = await self._wholes.answer((None, days, today), lambda ledger: _of_whole(ledger, None, days, today))
        assert found is not None
        return found


def _of_package(
    ledger: Ledger, repository: RepositoryId, owner: str, question: Question, today: int
) -> PackageStatistics:
    since = today - question.days + 1
    selection = Selection(since, repository=repository, digest=question.digest, tag=question.tag)
    ever, latest = ledger.pulls.ever(repository)
    return PackageStatistics(
        ever=ever,
        latest=latest,
        days=_days(ledger, selection, question.days),
        by_tag=ledger.pulls.by_tag(selection, MOST_ROWS),
        by_version=_versions(ledger, repository, ledger.pulls.by_digest(selection, MOST_ROWS)),
        by_account=ledger.pulls.by_account(selection, MOST_ROWS),
        room=ledger.usage.of_repository(repository, owner),
    )


def _of_whole(ledger: Ledger, owner: str | None, days: int, today: int) -> WholeStatistics:
    selection = Selection(today - days + 1, owner=owner)
    return WholeStatistics(
        days=_days(ledger, selection, days),
        by_repository=ledger.pulls.by_repository(selection, MOST_ROWS),
        by_account=ledger.pulls.by_account(selection, MOST_ROWS),
        largest=ledger.usage.largest(owner, MOST_ROWS),
        room=ledger.usage.of_owner(owner) if owner is not None else ledger.usage.of_all(),
    )


def _days(ledger: Ledger, selection: Selection, days: int) -> Days:
    """What was written down by a clock that was ahead is today's: all that is counted is shown."""
    found = [0] * days
    for day, pulls in ledger.pulls.by_day(selection):
        found[min(day - selection.since, days - 1)] += pulls
    return Days(selection.since, tuple(found))


def _versions(
    ledger: Ledger, repository: RepositoryId, counted: Sequence[tuple[Digest, int]]
) -> tuple[PulledVersion, ...]:
    rows = ((digest, pulls, ledger.pulls.of_version(repository, digest)) for digest, pulls in counted)
    return tuple(
        PulledVersion(ledger.versions.find(repository, digest), pulls, ever) for digest, pulls, ever in rows if ever
    )
