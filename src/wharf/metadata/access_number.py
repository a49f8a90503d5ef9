"""The number of access, where all processes of this machine see it without asking the database.

Eight bytes in a file that each of them has mapped. While a change of it is on its way to the disk they are zero, and
whoever reads zero asks the database, which alone is right. A process that dies in between leaves the zero: then
everybody asks the database, until the next change or the next who opens the store.

The file is nothing that must last. Who removes it, or puts another in its place, parts those who have it from those
who come later; so each process asks the database and looks at the file again once a second, and before each change.

On a disk without room for eight bytes nobody has it. Whoever could not have it tries again before each change: others
may have it by then, and would go by a number that they are not told has changed.
"""

import ctypes
import errno
import mmap
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from wharf.metadata.lock_file import opened

_Identity = tuple[int, int]
_UNKNOWN: Final = 0
_SECONDS_BELIEVED: Final = 1.0
_BYTES: Final = ctypes.sizeof(ctypes.c_uint64)
_OURS: Final = 0o600
# Where the file cannot be had for one of these, no other process of this registry has it either.
_NOBODY_HAS_IT: Final = {errno.ENOENT, errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EPERM, errno.EROFS}


class AccessNumber:
    def __init__(self, path: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self._path = path
        self._clock = clock
        self._map: mmap.mmap | None = None
        self._identity: _Identity | None = None
        self._cell = ctypes.c_uint64(_UNKNOWN)
        self._believed_until = clock() + _SECONDS_BELIEVED
        with suppress(OSError):
            self._have()

    def known(self) -> int | None:
        """None while it is changing, and now and then, so that somebody compares it with the database."""
        return (self._cell.value or None) if self._clock() < self._believed_until else None

    def compared(self, number: int) -> None:
        """With what was just read in the database. Where something is wrong nobody knows it until the next change.

        It may have changed between the two: then nobody knows it either, which does no harm.
        """
        now = self._clock()
        if now < self._believed_until:
            return
        self._believed_until = now + _SECONDS_BELIEVED
        if self._map is not None and (self._cell.value != number or not self._is_in_place()):
            self.tell(_UNKNOWN)

    def tell(self, number: int) -> None:
        """Only by who holds the turn to write, and has read it in the database."""
        if self._map is not None:
            self._cell.value = number

    @contextmanager
    def becoming(self, number: int) -> Iterator[None]:
        """Around the commit that makes it so. Where that fails, nobody knows it for now.

        Raises OSError where others might know it and could not be told: then it must not change.
        """
        if self._map is None or not self._is_in_place():
            self._try_again()
        if self._cell.value == number:
            yield
            return
        self.tell(_UNKNOWN)
        yield
        self.tell(number)

    def _try_again(self) -> None:
        """Those who have the same as we had until now learn nothing more by it."""
        self.tell(_UNKNOWN)
        try:
            self._have()
        except OSError as problem:
            if problem.errno not in _NOBODY_HAS_IT:
                raise
            return
        self.tell(_UNKNOWN)

    def _have(self) -> None:
        """What was had before ends with its last reader, who may be another thread that asks at this moment."""
        self._map, self._identity = _mapped(self._path)
        self._cell = _cell_of(self._map)

    def _is_in_place(self) -> bool:
        try:
            return _identity(self._path.stat()) == self._identity
        except OSError:
            return False

    def close(self) -> None:
        self._cell = ctypes.c_uint64(_UNKNOWN)
        if self._map is not None:
            self._map.close()
            self._map = None


def _cell_of(mapped: mmap.mmap) -> ctypes.c_uint64:
    """Written and read in one piece, as bytes may not be."""
    return ctypes.c_uint64.from_buffer(mapped)


def _identity(found: os.stat_result) -> _Identity:
    return found.st_dev, found.st_ino


def _mapped(path: Path) -> tuple[mmap.mmap, _Identity]:
    """Its bytes are on the disk before they are written to: a disk that is full says so here, or never."""
    fd = opened(path, _OURS)
    try:
        found = os.fstat(fd)
        if found.st_size < _BYTES:
            os.pwrite(fd, bytes(_BYTES), 0)
        return mmap.mmap(fd, _BYTES), _identity(found)
    finally:
        os.close(fd)
