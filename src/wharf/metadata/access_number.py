"""The number of access, where all processes of this machine see it without asking the database.

Eight bytes in a file that each of them has mapped. While a change of it is on its way to the disk they are zero, and
whoever reads zero asks the database, which alone is right. A process that dies in between leaves the zero: then
everybody asks the database, until the next change or the next who opens the store.

On a disk without room for eight bytes nobody has it. Whoever could not have it tries again before each change: others
may have it by then, and would go by a number that they are not told has changed.
"""

import ctypes
import errno
import mmap
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from wharf.metadata.lock_file import opened

_UNKNOWN: Final = 0
_BYTES: Final = ctypes.sizeof(ctypes.c_uint64)
_OURS: Final = 0o600
# Where the file cannot be had for one of these, no other process of this registry has it either.
_NOBODY_HAS_IT: Final = {errno.ENOENT, errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EPERM, errno.EROFS}


class AccessNumber:
    def __init__(self, path: Path) -> None:
        self._path = path
        self._map: mmap.mmap | None = None
        self._cell = ctypes.c_uint64(_UNKNOWN)
        with suppress(OSError):
            self._map = _mapped(path)
            self._cell = _cell_of(self._map)

    def known(self) -> int | None:
        """None while it is changing."""
        return self._cell.value or None

    def tell(self, number: int) -> None:
        """Only by who holds the turn to write, and has read it in the database."""
        if self._map is not None:
            self._cell.value = number

    @contextmanager
    def becoming(self, number: int) -> Iterator[None]:
        """Around the commit that makes it so. Where that fails, nobody knows it for now.

        Raises OSError where others might know it and could not be told: then it must not change.
        """
        if self._map is None:
            self._try_again()
        if self._cell.value == number:
            yield
            return
        self.tell(_UNKNOWN)
        yield
        self.tell(number)

    def _try_again(self) -> None:
        try:
            self._map = _mapped(self._path)
        except OSError as problem:
            if problem.errno not in _NOBODY_HAS_IT:
                raise
            return
        found = _cell_of(self._map)
        found.value = _UNKNOWN
        self._cell = found

    def close(self) -> None:
        self._cell = ctypes.c_uint64(_UNKNOWN)
        if self._map is not None:
            self._map.close()
            self._map = None


def _cell_of(mapped: mmap.mmap) -> ctypes.c_uint64:
    """Written and read in one piece, as bytes may not be."""
    return ctypes.c_uint64.from_buffer(mapped)


def _mapped(path: Path) -> mmap.mmap:
    """Its bytes are on the disk before they are written to: a disk that is full says so here, or never."""
    fd = opened(path, _OURS)
    try:
        if os.fstat(fd).st_size < _BYTES:
            os.pwrite(fd, bytes(_BYTES), 0)
        return mmap.mmap(fd, _BYTES)
    finally:
        os.close(fd)
