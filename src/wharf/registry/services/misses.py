"""Misses: what was probably meant, for somebody who asked for what is not here.

Only what the caller may read is ever named.
"""

from collections.abc import Collection
from functools import partial

from wharf.errors import ManifestUnknown, NotThere, RepositoryUnknown
from wharf.metadata.ledger import Ledger
from wharf.metadata.records import ListedRepository, TagRecord
from wharf.metadata.store import MetadataStore
from wharf.oci.nearness import nearest
from wharf.oci.reference import RepositoryName
from wharf.registry.services.access import Caller, Gate
from wharf.registry.services.clock import Clock, ago

_CANDIDATES = 200
_MOST_LOOKED_AT = 20_000


class Misses:
    def __init__(self, metadata: MetadataStore, gate: Gate, clock: Clock) -> None:
        self._metadata = metadata
        self._gate = gate
        self._clock = clock

    async def explained(self, caller: Caller, miss: NotThere) -> NotThere:
        if isinstance(miss, ManifestUnknown) and ":" not in miss.reference:
            return await self._tag(miss)
        if isinstance(miss, RepositoryUnknown):
            return await self._repository(caller, miss)
        return miss

    async def _tag(self, miss: ManifestUnknown) -> ManifestUnknown:
        name = RepositoryName(miss.name)

        def question(ledger: Ledger) -> list[TagRecord]:
            repository = ledger.repositories.find(name)
            return [] if repository is None else ledger.tags.resembling(repository, miss.reference, _CANDIDATES)

        found = {str(record.name): record for record in await self._metadata.read(question)}
        near = nearest(miss.reference, found)
        age = ago(found[near[0]].moved_at, self._clock()) if near else ""
        return ManifestUnknown(miss.name, miss.reference, near, age)

    async def _repository(self, caller: Caller, miss: RepositoryUnknown) -> RepositoryUnknown:
        name, owners = RepositoryName(miss.name), self._gate.owners(caller)
        limit = _CANDIDATES
        while True:
            found = await self._metadata.read(partial(_resembling, owners, name, limit))
            readable = [str(other.name) for other in self._gate.readable(caller, found)]
            if len(readable) >= _CANDIDATES or len(found) < limit or limit >= _MOST_LOOKED_AT:
                return RepositoryUnknown(miss.name, nearest(miss.name, readable[:_CANDIDATES]))
            limit *= 10  # those that the caller may not read must not stand before those that they may


def _resembling(
    owners: Collection[str] | None, name: RepositoryName, limit: int, ledger: Ledger
) -> list[ListedRepository]:
    return ledger.catalogue.resembling(owners, name, limit)
