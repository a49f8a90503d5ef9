"""Taking away: a tag, a manifest with its tags, a blob that no manifest needs.

A manifest moves aside and can come back for a while. A blob that only manifests in the trash name may be deleted all
the same: whoever does that wants it gone, and they cannot come back without it.
"""

from wharf.errors import BlobUnknown, ManifestUnknown, StillInUse
from wharf.metadata.ledger import Ledger
from wharf.metadata.records import RepositoryId
from wharf.metadata.store import MetadataStore
from wharf.oci.digest import Digest
from wharf.oci.reference import RepositoryName, Tag
from wharf.registry.services.access import Action, Caller, Gate
from wharf.registry.services.clock import Clock
from wharf.registry.services.happenings import Happening, in_repository, note
from wharf.registry.services.packages.trash import put
from wharf.registry.services.rules.immutable import hold_fast

_USERS_SHOWN = 3
_REASON = "deleted by its digest"


def _gone(ledger: Ledger, repository: RepositoryId, name: RepositoryName, reference: Tag | Digest) -> Happening:
    if isinstance(reference, Tag):
        previous = str(ledger.tags.find(repository, reference))
        return in_repository("tag.delete", name, tag=str(reference), previous=previous)
    tags = " ".join(map(str, ledger.tags.of_digest(repository, reference)))
    return in_repository("version.delete", name, digest=str(reference), tags=tags)


class Deletion:
    def __init__(self, metadata: MetadataStore, gate: Gate, clock: Clock) -> None:
        self._metadata = metadata
        self._gate = gate
        self._clock = clock

    async def manifest(self, caller: Caller, name: RepositoryName, reference: Tag | Digest) -> None:
        await self._gate.require(caller, Action.DELETE, name)
        now = self._clock()

        def change(ledger: Ledger) -> bool:
            repository = ledger.repositories.find(name)
            if repository is None:
                return False
            gone = _gone(ledger, repository, name, reference)
            if isinstance(reference, Tag):
                hold_fast(ledger, name, [reference])
                removed = ledger.tags.remove(repository, reference, caller.actor, now)
            else:
                removed = put(ledger, repository, reference, caller.actor, now, _REASON)
            if removed:
                note(ledger, caller, gone, now)
            return removed

        if not await self._metadata.write(change):
            raise ManifestUnknown(str(name), str(reference))

    async def blob(self, caller: Caller, name: RepositoryName, digest: Digest) -> None:
        await self._gate.require(caller, Action.DELETE, name)

        def change(ledger: Ledger) -> bool:
            repository = ledger.repositories.find(name)
            if repository is None or ledger.blobs.missing(repository, [digest]):  # even if a sparse index names it
                return False
            users = ledger.blobs.named_by(repository, digest, _USERS_SHOWN)
            if users:
                raise StillInUse(str(digest), [str(user) for user in users])
            ledger.quotas.doubt(name.owner or "")
            return ledger.blobs.release(repository, digest)

        if not await self._metadata.write(change):
            raise BlobUnknown(str(name), str(digest))
