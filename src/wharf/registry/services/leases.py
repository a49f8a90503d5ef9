"""Leases: who was told that a blob is here may rely on it for a while.

Garbage collection spares what was touched within its grace period. Whoever is told that a blob is here was told so at
most a minute after its lease was renewed, so nearly all of the grace is theirs, also where a collection is run by hand
with a shorter one than the registry's own. What is asked for again within that minute is only read.
"""

from wharf.errors import StoreFull
from wharf.metadata.records import BlobRecord
from wharf.metadata.store import MetadataStore
from wharf.registry.services.clock import Clock, before

_RENEW_AFTER_PART = 0.25
_RENEW_AFTER_SECONDS = 60.0


class Leases:
    def __init__(self, metadata: MetadataStore, clock: Clock, grace_seconds: float) -> None:
        self._metadata = metadata
        self._clock = clock
        self._renew_after = min(grace_seconds * _RENEW_AFTER_PART, _RENEW_AFTER_SECONDS)

    async def renewed(self, blob: BlobRecord) -> bool:
        """False where the blob went away in between."""
        now = self._clock()
        if blob.touched_at >= before(now, self._renew_after):
            return True
        try:
            return await self._metadata.write(lambda ledger: ledger.blobs.touch(blob.repository, blob.digest, now))
        except StoreFull:  # a full disk also keeps garbage collection from taking it
            return True
