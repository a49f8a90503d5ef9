"""Room: how large an upload may at most become, which is known before its bytes are here.

What cannot fit is refused as soon as that is certain. Where the digest is not known yet, the bytes may be those of a
blob that the owner holds already, which costs nothing; so only what is larger than each of them, and than the room that
is left, is certain not to fit. All of it is asked again in the change that publishes, which alone decides.
"""

import sys
from functools import partial
from typing import Final

from wharf.errors import QuotaExceeded
from wharf.metadata.ledger import Ledger
from wharf.metadata.records import QuotaRecord
from wharf.metadata.store import MetadataStore
from wharf.oci.digest import Digest
from wharf.oci.reference import RepositoryName
from wharf.registry.services.rules.quota import ALL, count_anew

_NOT_ASKED: Final = -1


class Room:
    """For one upload. Asked piece by piece, so it asks the store only when there is more than was known to fit."""

    def __init__(self, metadata: MetadataStore, name: RepositoryName, digest: Digest | None) -> None:
        self._metadata = metadata
        self._name = name
        self._digest = digest
        self._fits = _NOT_ASKED

    async def require(self, size: int) -> None:
        """That a blob of this size may yet fit. Raises QuotaExceeded."""
        if size > self._fits:
            self._fits = await self._ask(size)

    async def _ask(self, size: int) -> int:
        """What is looked up gets dearer from step to step, and most uploads need the first one alone."""
        quotas = await self._metadata.read(self._quotas)
        if size > _least_left(quotas) and await count_anew(self._metadata, self._name):
            quotas = await self._metadata.read(self._quotas)
        if size > _least_left(quotas) and self._digest is None:
            return await self._fit_if_held(quotas, size)
        for quota in quotas:
            _require(quota, _left(quota), size)
        return _least_left(quotas)

    async def _fit_if_held(self, quotas: list[QuotaRecord], size: int) -> int:
        """No blob is larger than all that the owner uses; only below that is it worth to look for the largest."""
        most = sys.maxsize
        for quota in quotas:
            fits = _left(quota)
            if fits < size <= quota.used:
                fits = max(fits, await self._metadata.survey(partial(_largest, quota.owner)))
            _require(quota, fits, size)
            most = min(most, fits)
        return most

    def _quotas(self, ledger: Ledger) -> list[QuotaRecord]:
        """Those that this would count for."""
        found = ledger.quotas.concerning(self._name.owner or "")
        digest = self._digest
        if digest is None:
            return found
        return [quota for quota in found if not ledger.stock.counts_blob(quota.owner, digest)]


def _largest(owner: str, ledger: Ledger) -> int:
    return ledger.stock.largest_blob(owner)


def _left(quota: QuotaRecord) -> int:
    return max(0, quota.most - quota.used)


def _least_left(quotas: list[QuotaRecord]) -> int:
    return min(map(_left, quotas), default=sys.maxsize)


def _require(quota: QuotaRecord, fits: int, size: int) -> None:
    if size > fits:
        raise QuotaExceeded(quota.owner or ALL, quota.most, quota.used, size)
