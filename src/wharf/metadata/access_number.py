"""The number of access, where all processes of this machine see it without asking the database.

Eight bytes in a file that each of them has mapped. While a change of it is on its way to the disk they are zero, and
whoever reads zero asks the database, which alone is right. A process that dies in between leaves the zero: then
everybody asks the database, until the next change or the next who opens the store. On a disk without room for eight
bytes it stays zero.
"""

import ctypes
import mmap
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

_UNKNOWN: Final = 0
_BYTES: Final = ctypes.sizeof(ctypes.c_uint64)
_OURS: Final = 0o600


class AccessNumber:
    def __init__(self, path: Path) -> None:
        self._map: mmap.mmap | None = None
        self._cell = ctypes.c_uint64(_UNKNOWN)
        with suppress(OSError):
            self._map = _mapped(path)
            self._cell = ctypes.c_uint64.from_buffer(self._map)  # written and read in one piece, as bytes may not be

    def known(self) -> int | None:
        """None while it is changing."""
        return self._cell.value or None

    def tell(self, number: int) -> None:
        """Only by who holds the turn to write, and has read it in the database."""
        if self._map is not None:
            self._cell.value = number

    @contextmanager
    def becoming(self, number: int) -> Iterator[None]:
        """Around the commit that makes it so. Where that fails, nobody knows it for now."""
        if self._cell.value == number:
            yield
            return
        self.tell(_UNKNOWN)
        yield
        self.tell(number)

    def close(self) -> None:
        self._cell = ctypes.c_uint64(_UNKNOWN)
        if self._map is not None:
            self._map.close()
            self._map = None


def _mapped(path: Path) -> mmap.mmap:
    """Its bytes are on the disk before they are written to: a disk that is full says so here, or never."""
    fd = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, _OURS)
    try:
        if os.fstat(fd).st_size < _BYTES:
            os.pwrite(fd, bytes(_BYTES), 0)
        return mmap.mmap(fd, _BYTES)
    finally:
        os.close(fd)
