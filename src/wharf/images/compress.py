"""A layer that is compressed while it is read.

gzip: blocks of one size are compressed on several cores and put together in their order, as one stream whose blocks
know the text before them. The same bytes give the same stream on every machine, however many cores it has.
zstd: the library's own threads do the same.

Measured with 500 MB of /usr, in seconds of processor time, both digests included: gzip 1.8 to 2.0 (to 45 % of the
size), zstd 2.3 to 2.5 (to 40 %).
"""

import os
from collections import deque
from collections.abc import Callable, Generator, Iterator
from typing import TYPE_CHECKING, Final, TypeAlias

from wharf.images.compression import Compression
from wharf.images.reading import CHUNK, BlobReader
from wharf.oci.digest import Digest, Hasher

if TYPE_CHECKING:
    from concurrent.futures import Future

__all__ = ["Compressed", "Compression"]

Pieces: TypeAlias = Generator[bytes | memoryview, None, None]

_MOST_THREADS: Final = 4
"""One thread reads and hashes for all of them: more could not be fed."""
_GZIP_LEVEL: Final = 2
_GZIP_HEAD: Final = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"  # deflate, no time, no system
_LAST_BLOCK: Final = b"\x03\x00"
_DICTIONARY: Final = 32 * 1024
_ZSTD_LEVEL: Final = 3
_ZSTD_JOB: Final = 2 * 1024 * 1024


class Compressed:
    """Reads compressed what its reader gives plain. At the end it knows what went in."""

    def __init__(self, reader: BlobReader, compression: Compression) -> None:
        self._blocks = _Blocks(reader)
        self._pieces = _PACKERS[compression](self._blocks)
        self._rest = memoryview(b"")

    @property
    def diff_id(self) -> Digest:
        """Of the bytes that went in so far; of all of them once the end was read."""
        return self._blocks.hasher.digest()

    @property
    def size(self) -> int:
        """How many bytes went in so far."""
        return self._blocks.hasher.size

    def readinto(self, buffer: memoryview, /) -> int:
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._rest = memoryview(piece)
        count = min(len(buffer), len(self._rest))
        buffer[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count

    def close(self) -> None:
        self._pieces.close()
        self._blocks.reader.close()


class _Blocks:
    """What goes in, in blocks of one size but for the last: what comes out must not depend on how it is read."""

    def __init__(self, reader: BlobReader) -> None:
        self.reader = reader
        self.hasher = Hasher()
        self._spare: list[memoryview] = []

    def __iter__(self) -> Iterator[memoryview]:
        while block := self._filled(self._spare.pop() if self._spare else memoryview(bytearray(CHUNK))):
            self.hasher.update(block)
            yield block

    def give_back(self, block: memoryview) -> None:
        """Its memory is used again: to find new memory for each block costs a tenth of all time."""
        if len(block) == CHUNK:
            self._spare.append(block)

    def _filled(self, block: memoryview) -> memoryview:
        filled = 0
        while filled < CHUNK and (count := self.reader.readinto(block[filled:]) or 0):
            filled += count
        return block[:filled]


def threads() -> int:
    """How many cores a compression uses here."""
    return max(1, min(os.cpu_count() or 1, _MOST_THREADS))


def _plain(blocks: _Blocks) -> Pieces:
    for block in blocks:
        yield block
        blocks.give_back(block)


def _gzip(blocks: _Blocks) -> Pieces:
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 - start-up time

    from isal import isal_zlib  # noqa: PLC0415 - start-up time

    checksum = size = 0
    before = b""
    under_way: deque[tuple[Future[bytes], memoryview]] = deque()

    def finished() -> bytes:
        packed, block = under_way.popleft()
        piece = packed.result()
        blocks.give_back(block)
        return piece

    yield _GZIP_HEAD
    with ThreadPoolExecutor(threads(), "gzip") as pool:
        for block in blocks:
            under_way.append((pool.submit(deflated, block, before), block))
            checksum, size = isal_zlib.crc32(block, checksum), size + len(block)
            before = bytes(block[-_DICTIONARY:])
            if len(under_way) > threads() + 1:
                yield finished()
        while under_way:
            yield finished()
    yield _LAST_BLOCK + checksum.to_bytes(4, "little") + (size % 2**32).to_bytes(4, "little")


def deflated(block: memoryview, before: bytes) -> bytes:
    """One block that ends at a byte, and may refer to the text before it."""
    from isal import isal_zlib  # noqa: PLC0415 - start-up time

    packer = isal_zlib.compressobj(
        _GZIP_LEVEL, isal_zlib.DEFLATED, -15, isal_zlib.DEF_MEM_LEVEL, isal_zlib.Z_DEFAULT_STRATEGY, before
    )
    return packer.compress(block) + packer.flush(isal_zlib.Z_SYNC_FLUSH)


def _zstd(blocks: _Blocks) -> Pieces:
    import zstandard  # noqa: PLC0415 - start-up time

    parameters = zstandard.ZstdCompressionParameters.from_level(
        _ZSTD_LEVEL, threads=threads(), job_size=_ZSTD_JOB, write_checksum=1
    )
    packer = zstandard.ZstdCompressor(compression_params=parameters).compressobj()
    for block in blocks:
        yield packer.compress(block)
        blocks.give_back(block)
    yield packer.flush()


_PACKERS: Final[dict[Compression, Callable[[_Blocks], Pieces]]] = {
    Compression.NONE: _plain,
    Compression.GZIP: _gzip,
    Compression.ZSTD: _zstd,
}
