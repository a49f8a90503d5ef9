"""A repository of a registry elsewhere, as a place that images are read from and written to."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from wharf.client.client import RegistryClient
from wharf.errors import ImageNotThere
from wharf.images.reading import BlobReader
from wharf.images.sink import Arrival, Cargo, Moved, Traits
from wharf.oci.descriptor import Descriptor
from wharf.oci.digest import Digest
from wharf.oci.manifest import Manifest
from wharf.oci.reference import RepositoryName, Tag

if TYPE_CHECKING:
    from wharf.client.blobs.push import Shipper


class RemoteRepository:
    """Source and sink. Whoever opened the connection behind it closes it: it serves other repositories too."""

    traits = Traits(packs_layers=True, keeps_whole=True)

    def __init__(self, client: RegistryClient, repository: RepositoryName) -> None:
        self.client = client
        self.repository = repository

    # --- source ------------------------------------------------------------------------------------------------------

    async def manifest(self, which: Tag | Digest | None) -> Manifest:
        return await self.client.manifest(self.repository, which or await self._only_tag())

    async def blob(self, descriptor: Descriptor, offset: int = 0) -> BlobReader:
        return await self.client.blob(self.repository, descriptor, offset)

    async def tags(self) -> tuple[Tag, ...]:
        return await self.client.tags(self.repository)

    async def referrers(self, subject: Digest) -> tuple[Descriptor, ...]:
        return await self.client.referrers(self.repository, subject)

    async def has(self, tag: Tag) -> bool:
        """Asked with the right to read alone, and without a list of all tags."""
        return await self.client.find_manifest(self.repository, tag) is not None

    # --- sink --------------------------------------------------------------------------------------------------------

    async def digest_of(self, which: Tag | Digest) -> Digest | None:
        found = await self.client.find_manifest(self.repository, which, for_push=True)
        return None if found is None else found.digest

    async def put_blob(self, cargo: Cargo, moved: Moved) -> Arrival:
        from wharf.client.blobs.delivery import Delivery  # noqa: PLC0415 - start-up time: often all is there

        habits, source = self.client.habits, self._neighbour(cargo)
        delivery = Delivery(
            self.client.registry,
            self.repository,
            cargo.descriptor,
            source,
            may_mount=source is not None or habits.mounts_without_from,
            pauses=self.client.pauses,
        )
        try:
            return await self._shipper().deliver(cargo, delivery, moved)
        finally:
            if delivery.mount_refused and source is None:
                habits.mounts_without_from = False

    async def put_stream(self, media_type: str, reader: BlobReader, moved: Moved) -> Descriptor:
        digest, size = await self._shipper().deliver_stream(reader, moved)
        return Descriptor(media_type, digest, size)

    async def put_manifest(self, manifest: Manifest, tags: Sequence[Tag]) -> None:
        await self.client.put_manifest(self.repository, manifest, tags)

    async def close(self) -> None:
        """Nothing is kept back here: what was put is there."""

    # --- within ------------------------------------------------------------------------------------------------------

    def _shipper(self) -> "Shipper":
        from wharf.client.blobs.push import Shipper  # noqa: PLC0415 - start-up time: as above

        return Shipper(self.client.exchange, self.repository)

    def _neighbour(self, cargo: Cargo) -> RepositoryName | None:
        """The repository of this same registry that the blob comes from."""
        origin = cargo.origin
        is_near = origin is not None and origin.registry == self.client.registry
        return origin.repository if origin and is_near and origin.repository != self.repository else None

    async def _only_tag(self) -> Tag:
        tags = await self.tags()
        if len(tags) != 1:
            place = f"{self.client.registry}/{self.repository}"
            raise ImageNotThere(place, "", [str(tag) for tag in tags[:10]])
        return tags[0]
