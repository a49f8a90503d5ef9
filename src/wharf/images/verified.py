"""Bytes that are held against their descriptor while they pass: counted and hashed in the buffer they are read into.

Nothing that is longer than announced goes on, and the last byte is handed out only if all of them together have the
announced digest.
"""

from wharf.errors import DigestMismatch, SizeMismatch, TooLarge
from wharf.images.reading import CHUNK, BlobReader
from wharf.images.source import ImageSource
from wharf.oci.descriptor import Descriptor
from wharf.oci.digest import Hasher


class Verified:
    """A reader from the first byte of a blob on; what it raises, it raises again."""

    __slots__ = ("_descriptor", "_hasher", "_is_true", "_reader")

    def __init__(self, reader: BlobReader, descriptor: Descriptor) -> None:
        self._reader = reader
        self._descriptor = descriptor
        self._hasher = Hasher(descriptor.digest.algorithm)
        self._is_true = False

    def readinto(self, buffer: memoryview, /) -> int:
        if len(buffer) == 0:
            return 0
        count = self._reader.readinto(buffer) or 0
        if count:
            self._hasher.update(buffer[:count])
        self._judge(is_end=count == 0)
        return count

    def close(self) -> None:
        self._reader.close()

    def _judge(self, *, is_end: bool) -> None:
        announced, received = self._descriptor.size, self._hasher.size
        if received > announced or (is_end and received < announced):
            raise SizeMismatch(announced, received)
        if received == announced and not self._is_true:
            self._compare_digests()

    def _compare_digests(self) -> None:
        computed = self._hasher.digest()
        if computed != self._descriptor.digest:
            raise DigestMismatch(str(self._descriptor.digest), str(computed))
        self._is_true = True


def read_whole(reader: BlobReader, limit: int, what: str) -> bytes:
    """All of a small blob, to its end, and the reader closed."""
    buffer = bytearray(min(limit + 1, CHUNK))
    content = bytearray()
    try:
        while count := reader.readinto(memoryview(buffer)) or 0:
            content += memoryview(buffer)[:count]
            if len(content) > limit:
                raise TooLarge(what, limit)
    finally:
        reader.close()
    return bytes(content)


async def read_small(source: ImageSource, descriptor: Descriptor, limit: int, what: str) -> bytes:
    """A blob that is held in memory, such as a configuration; `what` it is, for the error."""
    import asyncio  # noqa: PLC0415 - start-up time

    if descriptor.size > limit:
        raise TooLarge(what, limit)
    if descriptor.data is not None:
        return descriptor.data
    reader = Verified(await source.blob(descriptor), descriptor)
    return await asyncio.to_thread(read_whole, reader, limit, what)
