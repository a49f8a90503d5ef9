"""The bytes of a layer as they were before they were compressed.

What they are is seen from their beginning, as container engines do it. Members and frames that follow one another are
one layer. What is cut short, damaged or followed by something else is refused; so is what grows beyond a limit, before
memory is found for it.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Final, cast

from wharf.errors import MalformedArchive, TooLarge
from wharf.images.compression import Compression, announced, sniffed
from wharf.images.reading import BlobReader
from wharf.images.zstd_frames import FrameFollower

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

LARGEST_LAYER: Final = 1 << 40
_PIECE: Final = 128 * 1024
_LARGEST_WINDOW: Final = 128 * 1024 * 1024
_HEAD: Final = 4


def decompressed(reader: BlobReader, media_type: str | None = None, *, limit: int = LARGEST_LAYER) -> BlobReader:
    """With a media type that names a compression, the bytes must be in it."""
    return _Decompressed(reader, announced(media_type or ""), limit)


class _Decompressed:
    def __init__(self, reader: BlobReader, said: Compression | None, limit: int) -> None:
        self._reader = reader
        self._said = said
        self._limit = limit
        self._plain: BlobReader | None = None
        self._size = 0

    def readinto(self, buffer: memoryview, /) -> int:
        if self._plain is None:
            self._plain = self._opened()
        with _own_errors():
            count = self._plain.readinto(buffer) or 0
        self._size += count
        if self._size > self._limit:
            raise TooLarge("uncompressed layer", self._limit)
        return count

    def close(self) -> None:
        if self._plain is not None:
            self._plain.close()
        self._reader.close()

    def _opened(self) -> BlobReader:
        source = _Source(self._reader)
        found = sniffed(source.peek())
        if self._said is not None and found is not self._said:
            is_so = "not compressed" if found is Compression.NONE else found.value
            raise MalformedArchive("", f"this is said to be {self._said.value}, and it is {is_so}")
        match found:
            case Compression.NONE:
                return source
            case Compression.GZIP:
                from isal import igzip  # noqa: PLC0415 - start-up time

                file: BlobReader = igzip.IGzipFile(fileobj=source, mode="rb")  # type: ignore[no-untyped-call]
                return file
            case Compression.ZSTD:
                return _Unzstd(source)


class _Source(io.RawIOBase):
    """The compressed bytes as a file, with a look at the first of them."""

    def __init__(self, reader: BlobReader) -> None:
        super().__init__()
        self._reader = reader
        self._head = b""
        self._follower: FrameFollower | None = None

    def readable(self) -> bool:
        return True

    def peek(self) -> bytes:
        piece = memoryview(bytearray(_HEAD))
        while len(self._head) < _HEAD and (count := self._reader.readinto(piece[len(self._head) :]) or 0):
            self._head += piece[len(self._head) : len(self._head) + count]
        return self._head

    def follow(self, follower: FrameFollower) -> None:
        self._follower = follower

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        view = memoryview(buffer).cast("B")
        if self._head:
            count = min(len(view), len(self._head))
            view[:count], self._head = self._head[:count], self._head[count:]
        else:
            count = self._reader.readinto(view) or 0
        if self._follower is not None:
            self._follower.see(view[:count])
        return count


class _Unzstd:
    def __init__(self, source: _Source) -> None:
        import zstandard  # noqa: PLC0415 - start-up time

        self._follower = FrameFollower()
        source.follow(self._follower)
        unpacker = zstandard.ZstdDecompressor(max_window_size=_LARGEST_WINDOW)
        file = cast("IO[bytes]", source)
        self._stream = unpacker.stream_reader(file, read_size=_PIECE, read_across_frames=True, closefd=False)

    def readinto(self, buffer: memoryview, /) -> int:
        count = self._stream.readinto(buffer)
        if buffer and not count and not self._follower.is_between_frames:
            raise EOFError
        return count

    def close(self) -> None:
        pass  # the library holds nothing that must be let go


@contextmanager
def _own_errors() -> Iterator[None]:
    """The libraries' errors are known when they happen: none of them need be imported before."""
    try:
        yield
    except EOFError as problem:
        raise MalformedArchive("", "the compressed data ends in the middle") from problem
    except Exception as problem:
        if type(problem).__module__.partition(".")[0] not in _LIBRARIES:
            raise
        raise MalformedArchive("", f"the compressed data is damaged: {problem}") from problem


_LIBRARIES: Final = frozenset({"isal", "igzip_lib", "isal_zlib", "zlib", "gzip", "zstd", "zstandard"})
