"""A place for images that is nothing but memory: source and sink in one, and it remembers what was asked of it."""

import io
from collections.abc import Sequence
from dataclasses import dataclass, field

from wharf.errors import BlobUnknown, ImageNotThere, PartsMissing
from wharf.images.reading import CHUNK, BlobReader
from wharf.images.sink import Arrival, Cargo, Moved
from wharf.images.verified import Verified
from wharf.oci.descriptor import Descriptor
from wharf.oci.digest import Algorithm, Digest, Hasher
from wharf.oci.manifest import Manifest
from wharf.oci.reference import Tag


@dataclass(slots=True)
class MemoryImages:
    """`arrivals`: each blob that was put, in order, and how it came; `opened`: each that was read."""

    name: str = "memory"
    contents: dict[Digest, bytes] = field(default_factory=dict)
    manifests: dict[Digest, Manifest] = field(default_factory=dict)
    names: dict[Tag, Digest] = field(default_factory=dict)
    arrivals: list[tuple[Digest, Arrival]] = field(default_factory=list)
    opened: list[Digest] = field(default_factory=list)
    is_closed: bool = False

    # --- as a source -------------------------------------------------------------------------------------------------

    async def manifest(self, which: Tag | Digest | None) -> Manifest:
        found = self._only() if which is None else self._found(which)
        if found is None:
            raise ImageNotThere(self.name, "" if which is None else str(which), sorted(map(str, self.names)))
        return found

    async def blob(self, descriptor: Descriptor, offset: int = 0) -> io.BytesIO:
        if descriptor.digest not in self.contents:
            raise BlobUnknown(self.name, str(descriptor.digest))
        self.opened.append(descriptor.digest)
        reader = io.BytesIO(self.contents[descriptor.digest])
        reader.seek(offset)
        return reader

    async def tags(self) -> tuple[Tag, ...]:
        return tuple(sorted(self.names))

    async def referrers(self, subject: Digest) -> tuple[Descriptor, ...]:
        return tuple(
            Descriptor(
                manifest.media_type,
                digest,
                len(manifest.raw),
                annotations=manifest.annotations,
                artifact_type=manifest.artifact_type,
            )
            for digest, manifest in self.manifests.items()
            if manifest.subject is not None and manifest.subject.digest == subject
        )

    # --- as a sink ---------------------------------------------------------------------------------------------------

    async def digest_of(self, which: Tag | Digest) -> Digest | None:
        found = self._found(which)
        if found is None:
            return None
        return which if isinstance(which, Digest) else found.digest()

    async def put_blob(self, cargo: Cargo, moved: Moved) -> Arrival:
        digest = cargo.descriptor.digest
        arrival = Arrival.PRESENT if digest in self.contents else Arrival.SENT
        if arrival is Arrival.SENT:
            self.contents[digest] = _read(Verified(await cargo.open(0), cargo.descriptor), moved)
        self.arrivals.append((digest, arrival))
        return arrival

    async def put_stream(self, media_type: str, reader: BlobReader, moved: Moved) -> Descriptor:
        content = _read(reader, moved)
        hasher = Hasher()
        hasher.update(content)
        self.contents[hasher.digest()] = content
        self.arrivals.append((hasher.digest(), Arrival.SENT))
        return Descriptor(media_type, hasher.digest(), len(content))

    async def put_manifest(self, manifest: Manifest, tags: Sequence[Tag]) -> None:
        missing = [str(blob.digest) for blob in manifest.required_blobs if blob.digest not in self.contents]
        if missing:
            raise PartsMissing(self.name, missing)
        self.manifests[manifest.digest()] = manifest
        self.names.update(dict.fromkeys(tags, manifest.digest()))

    async def close(self) -> None:
        self.is_closed = True

    def _found(self, which: Tag | Digest) -> Manifest | None:
        """A manifest may be asked for by its digest in either algorithm."""
        digest = self.names.get(which) if isinstance(which, Tag) else which
        return next(
            (each for each in self.manifests.values() if digest and digest == each.digest(digest.algorithm)), None
        )

    def _only(self) -> Manifest | None:
        """The one image that is no part of another and about no other."""
        parts = {child.digest for manifest in self.manifests.values() for child in manifest.children}
        whole = [
            manifest
            for manifest in self.manifests.values()
            if manifest.subject is None and not any(manifest.digest(kind) in parts for kind in Algorithm)
        ]
        return whole[0] if len(whole) == 1 else None


def _read(reader: BlobReader, moved: Moved) -> bytes:
    content = bytearray()
    buffer = memoryview(bytearray(CHUNK))
    try:
        while count := reader.readinto(buffer) or 0:
            content += buffer[:count]
            moved(count)
    finally:
        reader.close()
    return bytes(content)
