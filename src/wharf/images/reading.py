"""The bytes of a blob on their way: read in one thread at a time, into a buffer that the reader's user owns.

A file opened with `buffering=0` is such a reader.
"""

from typing import Final, Protocol

CHUNK: Final = 1024 * 1024
"""What is read at once. Larger gains nothing; smaller costs a call into the kernel each time."""


class BlobReader(Protocol):
    def readinto(self, buffer: memoryview, /) -> int | None:
        """How many bytes were put into the buffer; 0 at the end. It blocks."""

    def close(self) -> None:
        """Twice does no harm."""
