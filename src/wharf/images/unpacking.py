"""Layers as they are read: held against their descriptor, unpacked, and hashed as the configuration names them."""

from collections.abc import Callable, Iterator
from contextlib import closing
from typing import TypeVar

from wharf.images.layer_files import Keeps, LayerFile, read_layer
from wharf.images.reading import BlobReader
from wharf.images.source import ImageSource
from wharf.images.verified import Verified
from wharf.oci.descriptor import Descriptor
from wharf.oci.digest import Algorithm, Digest, Hasher

T = TypeVar("T")


class Hashed:
    """A reader that knows the digest of all that was read from it."""

    __slots__ = ("_hasher", "_reader")

    def __init__(self, reader: BlobReader, algorithm: Algorithm) -> None:
        self._reader = reader
        self._hasher = Hasher(algorithm)

    def readinto(self, buffer: memoryview, /) -> int:
        count = self._reader.readinto(buffer) or 0
        self._hasher.update(buffer[:count])
        return count

    def close(self) -> None:
        self._reader.close()

    @property
    def size(self) -> int:
        return self._hasher.size

    def digest(self) -> Digest:
        return self._hasher.digest()


async def read_files(
    source: ImageSource,
    layer: Descriptor,
    keeps: Keeps,
    use: Callable[[Iterator[LayerFile], Hashed], T],
    algorithm: Algorithm = Algorithm.SHA256,
) -> T:
    """What `use` makes of the files of a layer, in a thread; the reader's digest is true once all were taken."""
    import asyncio  # noqa: PLC0415 - start-up time

    from wharf.images.decompress import decompressed  # noqa: PLC0415 - start-up time

    packed = Verified(await source.blob(layer), layer)

    def work() -> T:
        with closing(Hashed(decompressed(packed, layer.media_type), algorithm)) as reader:
            return use(read_layer(reader, keeps), reader)

    return await asyncio.to_thread(work)
