"""The number of access, where all processes of this machine see it without asking the database.

A few bytes in a file that each of them has open, with what proves that they were read in one piece. While a change of
it is on its way to the disk it is zero, and whoever reads that, or no such bytes, asks the database, which alone is
right. A process that dies in between leaves the zero: then everybody asks the database, until the next change or the
next who opens the store. The file is not mapped into memory: who cut it short would end all who look at it.

The file is nothing that must last. Who removes it, or puts another in its place, parts those who have it from those
who come later; so each process asks the database and looks at the file again once a second, and before each change.

On a disk without room for these bytes nobody has it. Whoever could not have it tries again before each change: others
may have it by then, and would go by a number that they are not told has changed.
"""

import errno
import os
import struct
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from wharf.metadata.lock_file import opened

_UNKNOWN: Final = 0
_SECONDS_BELIEVED: Final = 1.0
_FORM: Final = struct.Struct("=QQ")
_ALL_BITS: Final = (1 << 64) - 1
_OURS: Final = 0o600
# Where the file cannot be had for one of these, no other process of this registry has it either.
_NOBODY_HAS_IT: Final = {errno.ENOENT, errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EPERM, errno.EROFS}


class AccessNumber:
    def __init__(self, path: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self._path = path
        self._clock = clock
        self._file: _NumberFile | None = None
        self._believed_until = clock() + _SECONDS_BELIEVED
        with suppress(OSError):
            self._file = _NumberFile(path)

    def known(self) -> int | None:
        """None while it is changing, and now and then, so that somebody compares it with the database."""
        return (self._told() or None) if self._clock() < self._believed_until else None

    def compared(self, number: int) -> None:
        """With what was just read in the database. Where something is wrong nobody knows it until the next change.

        It may have changed between the two: then nobody knows it either, which does no harm.
        """
        now = self._clock()
        if now < self._believed_until:
            return
        if self._file is not None and (self._told() != number or not self._file.is_at(self._path)):
            with suppress(OSError):  # where it cannot be said either, it is asked again each time
                self._tell(_UNKNOWN)
                self._believed_until = now + _SECONDS_BELIEVED
            return
        self._believed_until = now + _SECONDS_BELIEVED

    def tell(self, number: int) -> None:
        """Only by who holds the turn to write, and has read it in the database."""
        try:
            self._tell(number)
        except OSError:
            self._file = None  # what stands in it may be of long ago

    @contextmanager
    def becoming(self, number: int) -> Iterator[None]:
        """Around the commit that makes it so. Where that fails, nobody knows it for now.

        Raises OSError where others might know it and could not be told: then it must not change.
        """
        if self._file is None or not self._file.is_at(self._path):
            self._try_again()
        if self._told() == number:
            yield
            return
        self._tell(_UNKNOWN)
        yield
        self.tell(number)

    def _try_again(self) -> None:
        """Those who have the same as we had until now learn nothing more by it."""
        self._tell(_UNKNOWN)
        try:
            self._file = _NumberFile(self._path)
        except OSError as problem:
            if problem.errno not in _NOBODY_HAS_IT:
                raise
            return
        self._tell(_UNKNOWN)

    def _told(self) -> int:
        file = self._file
        return _UNKNOWN if file is None else file.read()

    def _tell(self, number: int) -> None:
        if self._file is not None:
            self._file.write(number)

    def close(self) -> None:
        self._file = None


class _NumberFile:
    """It is closed with its last reader, who may be another thread that asks at this moment."""

    def __init__(self, path: Path) -> None:
        """Its bytes are on the disk before they are changed: a disk that is full says so here, or never."""
        self._fd = opened(path, _OURS)
        found = os.fstat(self._fd)
        self._identity = (found.st_dev, found.st_ino)
        if found.st_size < _FORM.size:
            self.write(_UNKNOWN)

    def __del__(self) -> None:
        if (fd := getattr(self, "_fd", None)) is not None:
            os.close(fd)

    def is_at(self, path: Path) -> bool:
        try:
            found = path.stat()
        except OSError:
            return False
        return (found.st_dev, found.st_ino) == self._identity

    def read(self) -> int:
        try:
            number, proof = _FORM.unpack(os.pread(self._fd, _FORM.size, 0))
        except (OSError, struct.error):
            return _UNKNOWN
        return int(number) if number ^ proof == _ALL_BITS else _UNKNOWN

    def write(self, number: int) -> None:
        os.pwrite(self._fd, _FORM.pack(number, number ^ _ALL_BITS), 0)
