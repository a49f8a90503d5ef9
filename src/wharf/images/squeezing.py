"""The way of one uncompressed layer into a sink that is to have it compressed.

If this machine has compressed it before, its digest is known and the sink is asked for it first. What has to be sent
is compressed while it is sent, and never lies on a disk.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from wharf.errors import DigestMismatch, SizeMismatch
from wharf.images.compression import Compression
from wharf.images.packed_layers import PackedLayers
from wharf.images.packing import Confirmed, packed_type
from wharf.images.progress import Counted
from wharf.images.reading import CHUNK, BlobReader
from wharf.images.sink import Arrival, Cargo, ImageSink, Moved, Origin
from wharf.images.verified import Verified
from wharf.oci.descriptor import Descriptor
from wharf.oci.digest import Digest


@dataclass(frozen=True, slots=True)
class Squeezing:
    """`open`: the layer as the source has it; `diff_id`: what its configuration calls it."""

    layer: Descriptor
    diff_id: Digest
    open: Callable[[], Awaitable[BlobReader]]
    moved: Moved
    compression: Compression
    memory: PackedLayers

    async def put_into(self, sink: ImageSink, origin: Origin | None) -> tuple[Descriptor, Arrival]:
        """What it is there, and how it came."""
        media_type = packed_type(self.layer.media_type, self.compression)
        known = self.memory.recall(self.diff_id, self.compression, media_type)
        if known is not None:
            try:
                return known, await sink.put_blob(self._cargo(known, origin), _uncounted)
            except (DigestMismatch, SizeMismatch):  # another version compresses otherwise, or the source lies
                self.memory.forget(self.diff_id, self.compression)
        packed = await sink.put_stream(media_type, await self._squeezed(), _uncounted)
        self.memory.remember(self.diff_id, self.compression, packed)
        return packed, Arrival.SENT

    def _cargo(self, known: Descriptor, origin: Origin | None) -> Cargo:
        async def opened(offset: int) -> BlobReader:
            return _From(Verified(await self._squeezed(), known), offset)

        return Cargo(known, opened, origin)

    async def _squeezed(self) -> BlobReader:
        counted = Counted(await self.open(), self.moved)
        return Confirmed(counted, self.compression, self.layer, self.diff_id)


class _From:
    """A reader that begins later: what lies before is read and dropped, in the thread that reads."""

    __slots__ = ("_offset", "_reader")

    def __init__(self, reader: BlobReader, offset: int) -> None:
        self._reader = reader
        self._offset = offset

    def readinto(self, buffer: memoryview, /) -> int:
        self._drop()
        return self._reader.readinto(buffer) or 0

    def close(self) -> None:
        self._reader.close()

    def _drop(self) -> None:
        dropped = memoryview(bytearray(min(CHUNK, self._offset)))
        while self._offset and (count := self._reader.readinto(dropped[: self._offset]) or 0):
            self._offset -= count


def _uncounted(size: int) -> None:
    """What is counted is what was read: the size of what comes out of it is not known before."""
