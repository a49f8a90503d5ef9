"""Quotas: how many bytes an owner may hold. What it holds in several repositories counts once.

Room is asked for within the change that takes it, so that two pushes at once cannot both have the last of it.
"""

from collections.abc import Iterable

from wharf.errors import QuotaExceeded
from wharf.metadata.ledger import Ledger
from wharf.metadata.records import QuotaRecord
from wharf.oci.digest import Digest
from wharf.oci.reference import RepositoryName

_ALL = "this registry"


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
        more = 0 if ledger.stock.counts_manifest(quota.owner, digest) else size
        returning = (blob for blob in needed if not ledger.stock.counts_blob(quota.owner, blob))
        _take(ledger, quota, more + sum(map(ledger.stock.size_of_blob, returning)))


def require_within(ledger: Ledger, name: RepositoryName) -> None:
    """After what was deleted came back: raises QuotaExceeded, which undoes it, if it is too much now."""
    for quota in ledger.quotas.concerning(name.owner or ""):
        used = ledger.stock.bytes_used(quota.owner)
        if used > quota.most:
            raise QuotaExceeded(quota.owner or _ALL, quota.most, used, 0)
        ledger.quotas.set_used(quota.owner, used)


def _take(ledger: Ledger, quota: QuotaRecord, more: int) -> None:
    if not more:
        return
    used = quota.used
    if used + more > quota.most:  # what has gone meanwhile was not taken off: count anew before saying no
        used = ledger.stock.bytes_used(quota.owner)
    if used + more > quota.most:
        raise QuotaExceeded(quota.owner or _ALL, quota.most, used, more)
    ledger.quotas.set_used(quota.owner, used + more)
