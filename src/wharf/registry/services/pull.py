"""Pull: a manifest by tag or digest, then its blobs."""

from wharf.content.store import BlobReader, Location
from wharf.errors import BlobUnknown, ManifestUnknown, RepositoryUnknown
from wharf.metadata.records import BlobRecord, ManifestRecord
from wharf.metadata.store import MetadataStore
from wharf.oci.digest import Digest
from wharf.oci.reference import RepositoryName, Tag
from wharf.registry.services.access import Action, Caller, Gate
from wharf.registry.services.leases import Leases
from wharf.registry.services.sight import may_see


class Pull:
    def __init__(self, content: BlobReader, metadata: MetadataStore, gate: Gate, leases: Leases) -> None:
        self._content = content
        self._metadata = metadata
        self._gate = gate
        self._leases = leases

    async def manifest(self, caller: Caller, name: RepositoryName, reference: Tag | Digest) -> ManifestRecord:
        await self._gate.require(caller, Action.PULL, name)
        if isinstance(reference, Tag):
            found = await self._metadata.read(lambda ledger: ledger.manifests.by_tag(name, reference))
        else:
            found = await self._metadata.read(lambda ledger: ledger.manifests.by_digest(name, reference))
        if found is not None:
            return found
        if await self._metadata.read(lambda ledger: ledger.repositories.find(name)) is None:
            raise RepositoryUnknown(str(name))
        raise ManifestUnknown(str(name), str(reference))

    async def blob(self, caller: Caller, name: RepositoryName, digest: Digest) -> BlobRecord:
        await self._gate.require(caller, Action.PULL, name)
        found = await self._metadata.read(lambda ledger: ledger.blobs.find(name, digest))
        if found is None or self._content.size(Location(found.location)) != found.size:
            raise BlobUnknown(str(name), str(digest))
        if not await may_see(self._gate, caller, name, found):
            raise BlobUnknown(str(name), str(digest))
        return found

    async def presence(self, caller: Caller, name: RepositoryName, digest: Digest) -> BlobRecord:
        """The blob for one who asks whether it must be pushed: told yes, it stays until the push is over."""
        found = await self.blob(caller, name, digest)
        if not await self._leases.renewed(found):
            raise BlobUnknown(str(name), str(digest))
        return found
