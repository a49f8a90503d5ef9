"""Quotas: how many bytes an owner may hold. What it holds in several repositories counts once.

Room is asked for within the change that takes it, so that two pushes at once cannot both have the last of it. To count
all that an owner holds takes a while, so it is done only before somebody is refused, and only if something went since;
and beside the changes of others, whose pushes are added to what was counted.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from wharf.errors import QuotaExceeded
from wharf.metadata.ledger import Ledger
from wharf.metadata.quotas import Standing
from wharf.metadata.records import QuotaRecord, RepositoryId
from wharf.metadata.store import MetadataStore
from wharf.oci.digest import Digest
from wharf.oci.reference import RepositoryName

ALL = "this registry"

T = TypeVar("T")


async def write_within_quota(metadata: MetadataStore, name: RepositoryName, change: Callable[[Ledger], T]) -> T:
    """The change, which takes room in this repository. Raises QuotaExceeded when that is certain."""
    try:
        return await metadata.write(change)
    except QuotaExceeded:
        if not await count_anew(metadata, name):
            raise
        return await metadata.write(change)


async def count_anew(metadata: MetadataStore, name: RepositoryName) -> bool:
    """What is used of the quotas that concern this repository. False where all that is known was certain already."""
    concerning = await metadata.read(partial(_concerning, name))
    doubtful = [quota.owner for quota in concerning if quota.is_doubtful]
    for owner in doubtful:
        await metadata.write(partial(write_count, await metadata.survey(partial(count, owner))))
    return bool(doubtful)


@dataclass(frozen=True, slots=True)
class Count:
    """What an owner held, or what came to it, when its quota stood there or a little later."""

    owner: str
    used: int
    since: Standing


def count(owner: str, ledger: Ledger) -> Count:
    """In this order: what comes while it is counted is rather counted twice than never."""
    since = ledger.quotas.standing(owner)
    return Count(owner, ledger.stock.bytes_used(owner), since)


def write_count(counted: Count, ledger: Ledger) -> None:
    ledger.quotas.counted(counted.owner, counted.used, counted.since)


def take_room_for_blob(ledger: Ledger, name: RepositoryName, digest: Digest, size: int) -> None:
    """Raises QuotaExceeded; asked before the repository holds it."""
    for quota in ledger.quotas.concerning(name.owner or ""):
        if not ledger.stock.counts_blob(quota.owner, digest):
            _take(ledger, quota, size)


def take_room_for_manifest(
    ledger: Ledger, name: RepositoryName, digest: Digest, size: int, blobs: Iterable[Digest]
) -> None:
    """With it come back, into what is counted, blobs that only deleted versions needed."""
    quotas = ledger.quotas.concerning(name.owner or "")
    needed = tuple(blobs) if quotas else ()
    for quota in quotas:
        own = 0 if ledger.stock.counts_manifest(quota.owner, digest) else size
        returning = [blob for blob in needed if not ledger.stock.counts_blob(quota.owner, blob)]
        _take(ledger, quota, own + sum(map(ledger.stock.size_of_blob, returning)))
        if returning:  # one that was sent again nevertheless was counted when it came
            ledger.quotas.doubt(quota.owner)


@dataclass(frozen=True, slots=True)
class Deletion:
    """All that went in one deletion of a repository."""

    name: RepositoryName
    repository: RepositoryId
    word: str


@dataclass(frozen=True, slots=True)
class Return:
    """By how much more each owner would use if all of it came back."""

    of: Deletion
    counts: Mapping[str, Count]


def count_return(deletion: Deletion, ledger: Ledger) -> Return:
    """It takes a while, so it is done beside the changes of others."""
    quotas = ledger.quotas.concerning(deletion.name.owner or "")
    return Return(deletion, {quota.owner: _count_return(ledger, deletion, quota.owner) for quota in quotas})


def take_room_for_return(ledger: Ledger, deletion: Deletion, counted: Return) -> None:
    """Raises QuotaExceeded; asked before it comes back.

    If something went since it was counted, more of it may count by now than was thought: then it is counted once more.
    """
    for quota in ledger.quotas.concerning(deletion.name.owner or ""):
        known = counted.counts.get(quota.owner) if counted.of == deletion else None
        if known is None or known.since.doubts != ledger.quotas.standing(quota.owner).doubts:
            known = _count_return(ledger, deletion, quota.owner)
        _take(ledger, quota, known.used)
        if known.used:  # what was sent again meanwhile was counted when it came
            ledger.quotas.doubt(quota.owner)


def _count_return(ledger: Ledger, deletion: Deletion, owner: str) -> Count:
    since = ledger.quotas.standing(owner)
    return Count(owner, ledger.stock.bytes_returning(owner, deletion.repository, deletion.word), since)


def _take(ledger: Ledger, quota: QuotaRecord, more: int) -> None:
    if more and quota.used + more > quota.most:
        raise QuotaExceeded(quota.owner or ALL, quota.most, quota.used, more)
    if more:
        ledger.quotas.add(quota.owner, more)


def _concerning(name: RepositoryName, ledger: Ledger) -> list[QuotaRecord]:
    return ledger.quotas.concerning(name.owner or "")
