"""Blobs in memory: for simulators and tests. The same promises as the folder keeps, but for the end of the process."""

import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

from wharf.content.keys import fresh_location
from wharf.content.store import Location, OpenUpload, StoredCopy, UploadId
from wharf.errors import DigestMismatch, StoreBusy, UploadUnknown
from wharf.oci.digest import Algorithm, Digest
from wharf.oci.reference import RepositoryName
from wharf.protocol.ranges import ByteRange


class MemoryContent:
    """Serves ContentStore and BlobKeeper."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._blobs: dict[Location, tuple[bytes, float]] = {}
        self._uploads: dict[UploadId, MemoryUpload] = {}
        self._in_hand: set[Location] = set()

    async def begin(self, name: RepositoryName, algorithm: Algorithm) -> UploadId:
        upload = UploadId.fresh(algorithm)
        self._uploads[upload] = MemoryUpload(upload, name, self)
        return upload

    async def open(self, upload: UploadId, name: RepositoryName) -> "MemoryUpload":
        found = self._find(upload, name)
        if found.held:
            raise StoreBusy(f"upload {upload}")
        found.held = True
        return found

    async def received(self, upload: UploadId, name: RepositoryName) -> int:
        return self._find(upload, name).received

    def size(self, location: Location) -> int | None:
        found = self._blobs.get(location)
        return len(found[0]) if found else None

    def file(self, location: Location) -> Path | None:
        return None

    async def read(self, location: Location, window: ByteRange) -> AsyncIterator[bytes]:
        yield self._blobs[location][0][window.start : window.stop]

    def copies(self) -> Iterator[StoredCopy]:
        for location, (data, written_at) in list(self._blobs.items()):
            yield StoredCopy(location, len(data), written_at)

    def uploads(self) -> Iterator[OpenUpload]:
        for upload, state in list(self._uploads.items()):
            yield OpenUpload(str(upload), state.received, state.touched_at)

    def remove(self, location: Location) -> None:
        self._blobs.pop(location, None)

    def claim(self, location: Location) -> "MemoryClaim | None":
        return None if location in self._in_hand or location not in self._blobs else MemoryClaim(self, location)

    def abandon(self, upload: OpenUpload) -> bool:
        known = UploadId.parse(upload.name)
        now = self._uploads.get(known)
        if now is None or now.held or (now.received, now.touched_at) != (upload.size, upload.touched_at):
            return False
        del self._uploads[known]
        return True

    def close(self) -> None:
        """Nothing is held open."""

    def now(self) -> float:
        return self._clock()

    def keep(self, digest: Digest, data: bytes) -> Location:
        location = fresh_location(digest)
        self._blobs[location] = (data, self._clock())
        self._in_hand.add(location)
        return location

    def let_go(self, location: Location) -> None:
        self._in_hand.discard(location)

    def forget(self, upload: UploadId) -> None:
        self._uploads.pop(upload, None)

    def _find(self, upload: UploadId, name: RepositoryName) -> "MemoryUpload":
        found = self._uploads.get(upload)
        if found is None or found.name != name:
            raise UploadUnknown(str(upload))
        return found


class MemoryClaim:
    def __init__(self, store: MemoryContent, location: Location) -> None:
        self._store = store
        self._location = location

    def remove(self) -> None:
        self._store.remove(self._location)

    def release(self) -> None:
        """Nothing is held open."""


class MemoryUpload:
    def __init__(self, upload: UploadId, name: RepositoryName, store: MemoryContent) -> None:
        self.name = name
        self.held = False
        self.touched_at = store.now()
        self._upload = upload
        self._store = store
        self._data = bytearray()
        self._location: Location | None = None

    @property
    def received(self) -> int:
        return len(self._data)

    async def write(self, chunk: bytes) -> None:
        self._data += chunk
        self.touched_at = self._store.now()

    async def commit(self, digest: Digest) -> Location:
        await self.cancel()
        computed = Digest.of(bytes(self._data), digest.algorithm)
        if computed != digest:
            raise DigestMismatch(str(digest), str(computed))
        self._location = self._store.keep(digest, bytes(self._data))
        return self._location

    async def pause(self) -> None:
        self.held = False
        self._let_go()

    async def cancel(self) -> None:
        self._store.forget(self._upload)
        self._let_go()

    def _let_go(self) -> None:
        if self._location is not None:
            self._store.let_go(self._location)
