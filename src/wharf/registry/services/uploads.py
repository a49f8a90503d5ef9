"""Blobs on their way in: begun, continued in order, finished with a digest, given up; or mounted from elsewhere."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial

from wharf.content.store import ContentStore, Location, Upload, UploadId
from wharf.errors import QuotaExceeded, Refused, SizeMismatch, StoreFull
from wharf.metadata.ledger import Ledger
from wharf.metadata.records import ListedRepository
from wharf.metadata.store import MetadataStore
from wharf.oci.digest import Algorithm, Digest
from wharf.oci.reference import RepositoryName
from wharf.protocol.ranges import ByteRange
from wharf.protocol.upload import UploadProgress
from wharf.registry.services.access import Action, Caller, Gate
from wharf.registry.services.clock import Clock
from wharf.registry.services.identity.standing import require_still
from wharf.registry.services.rules.quota import take_room_for_blob, write_within_quota
from wharf.registry.services.rules.room import Room
from wharf.registry.services.sight import may_see

_SOME_HOLDERS = 50
_MOST_HOLDERS = 50_000


@dataclass(frozen=True, slots=True)
class Chunk:
    """A part of a blob as a request brings it: where it says it belongs, how long it says it is, and the bytes."""

    span: ByteRange | None
    length: int | None
    pieces: AsyncIterator[bytes]


@dataclass(frozen=True, slots=True)
class Addressed:
    """An upload and the repository it was begun in."""

    name: RepositoryName
    upload: UploadId


@dataclass(frozen=True, slots=True)
class Copy:
    """The bytes of a blob, whole and checked, at a place that nobody knows yet."""

    digest: Digest
    size: int
    location: Location


class Uploads:
    def __init__(self, content: ContentStore, metadata: MetadataStore, gate: Gate, clock: Clock) -> None:
        self._content = content
        self._metadata = metadata
        self._gate = gate
        self._clock = clock

    async def begin(self, caller: Caller, name: RepositoryName, algorithm: Algorithm) -> Addressed:
        await self._gate.require(caller, Action.PUSH, name)
        return Addressed(name, await self._content.begin(name, algorithm))

    async def received(self, caller: Caller, at: Addressed) -> int:
        await self._gate.require(caller, Action.PUSH, at.name)
        return await self._content.received(at.upload, at.name)

    async def append(self, caller: Caller, at: Addressed, chunk: Chunk) -> int:
        await self._gate.require(caller, Action.PUSH, at.name)
        upload = await self._content.open(at.upload, at.name)
        async with _paused_at_last(upload):
            await _take_in(upload, chunk, Room(self._metadata, at.name, None))
        return upload.received

    async def push_whole(self, caller: Caller, name: RepositoryName, digest: Digest, chunk: Chunk) -> None:
        """A blob in one request: what fails leaves nothing, for the client knows no upload to go on with."""
        await self._gate.require(caller, Action.PUSH, name)
        upload = await self._content.open(await self._content.begin(name, digest.algorithm), name)
        try:
            await _take_in(upload, chunk, Room(self._metadata, name, digest))
            await self._publish(caller, name, Copy(digest, upload.received, await upload.commit(digest)))
        finally:
            await upload.cancel()

    async def finish(self, caller: Caller, at: Addressed, digest: Digest, chunk: Chunk) -> None:
        await self._gate.require(caller, Action.PUSH, at.name)
        upload = await self._content.open(at.upload, at.name)
        async with _paused_at_last(upload):
            await _take_in(upload, chunk, Room(self._metadata, at.name, digest))
            await self._publish(caller, at.name, Copy(digest, upload.received, await upload.commit(digest)))

    async def cancel(self, caller: Caller, at: Addressed) -> None:
        await self._gate.require(caller, Action.PUSH, at.name)
        upload = await self._content.open(at.upload, at.name)
        await upload.cancel()

    async def mount(self, caller: Caller, name: RepositoryName, digest: Digest, source: RepositoryName | None) -> bool:
        """Hold a blob here that another repository holds. False where the caller may not read any that does."""
        await self._gate.require(caller, Action.PUSH, name)
        for holder in [source] if source else await self._holders(caller, digest):
            if await self._gate.may(caller, Action.PULL, holder) and await self._hold(caller, name, digest, holder):
                return True
        return False

    async def _holders(self, caller: Caller, digest: Digest) -> list[RepositoryName]:
        """Some that the caller may read: however many others hold it too, they must not stand before these."""
        limit = _SOME_HOLDERS
        while True:
            found = await self._metadata.read(partial(_holders, digest, limit))
            readable = [each.name for each in self._gate.readable(caller, found)]
            if readable or len(found) < limit or limit >= _MOST_HOLDERS:
                return readable
            limit *= 10

    async def _hold(self, caller: Caller, name: RepositoryName, digest: Digest, holder: RepositoryName) -> bool:
        now = self._clock()
        found = await self._metadata.read(lambda ledger: ledger.blobs.find(holder, digest))
        if found is None or not await may_see(self._gate, caller, holder, found):
            return False

        def change(ledger: Ledger) -> bool:
            if ledger.blobs.find(holder, digest) is None:  # asked again, now that nobody else writes
                return False
            require_still(ledger, caller, Action.PUSH, name)
            take_room_for_blob(ledger, name, digest, found.size)
            ledger.blobs.hold(ledger.repositories.ensure(name, now), digest, now)
            return True

        return await write_within_quota(self._metadata, name, change)

    async def _publish(self, caller: Caller, name: RepositoryName, copy: Copy) -> None:
        """Make the copy known.

        Where the disk fails under the change, a crash may yet bring the change back out of the database's log. So the
        copy stays then; where nothing came of it, garbage collection takes it.
        """
        now = self._clock()

        def change(ledger: Ledger) -> str:
            require_still(ledger, caller, Action.PUSH, name)
            take_room_for_blob(ledger, name, copy.digest, copy.size)
            repository = ledger.repositories.ensure(name, now)
            return ledger.blobs.publish(repository, copy.digest, copy.size, copy.location.text, now)

        try:
            serving = await write_within_quota(self._metadata, name, change)
            serves = serving == copy.location.text or await self._replaced(serving, copy)
        except (StoreFull, Refused):
            await asyncio.to_thread(self._content.remove, copy.location)
            raise
        if not serves:
            await asyncio.to_thread(self._content.remove, copy.location)

    async def _replaced(self, serving: str, fresh: Copy) -> bool:
        """A copy that is known and yet not there (a lost file, a restored backup) is healed by the next push."""
        digest, size, place = fresh.digest, fresh.size, fresh.location.text
        if self._content.size(Location(serving)) == size:
            return False
        return await self._metadata.write(lambda ledger: ledger.blobs.relocate(digest, size, serving, place))


def _holders(digest: Digest, limit: int, ledger: Ledger) -> list[ListedRepository]:
    return ledger.blobs.holders(digest, limit)


@asynccontextmanager
async def _paused_at_last(upload: Upload) -> AsyncIterator[None]:
    """What there is no room for is not kept for a client that goes on with it."""
    try:
        yield
    except QuotaExceeded:
        await upload.cancel()
        raise
    finally:
        await upload.pause()


async def _take_in(upload: Upload, chunk: Chunk, room: Room) -> None:
    end = UploadProgress(upload.received).accept(chunk.span, chunk.length)
    await room.require(upload.received if end is None else end)
    async for piece in chunk.pieces:
        if end is not None and upload.received + len(piece) > end:
            raise SizeMismatch(end, upload.received + len(piece))
        await room.require(upload.received + len(piece))
        await upload.write(piece)
    if end is not None and upload.received != end:
        raise SizeMismatch(end, upload.received)
