"""A reserve: a little of the disk kept aside, because taking things away needs room too.

On a disk that is full to the last byte the database cannot write down that something went. So the server keeps a file
of a few MiB that holds nothing. A collection, a start, and a deletion that finds no room give it up first, and keep it
again when they are done.
"""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from wharf.content.disk import NO_ROOM, TAKES_NOTHING

_SIZE: Final = 8 << 20
_LEFT_OVER: Final = 64 << 10
# Where the disk takes nothing there is nothing to be gained here, and what is written next says what is wrong.
_NOT_KEPT: Final = {*NO_ROOM, *TAKES_NOTHING, errno.EOPNOTSUPP}


class Reserve:
    def __init__(self, data: Path) -> None:
        self._file = data / "reserve"

    @contextmanager
    def given_up(self) -> Iterator[None]:
        self.give_up()
        try:
            yield
        finally:
            self.keep()

    def keep(self) -> None:
        """As much of it as there is room for; where there is none, the next one who takes away tries again."""
        if self._kept(_SIZE):
            return
        free = os.statvfs(self._file.parent)
        self._kept(min(_SIZE, free.f_bavail * free.f_frsize - _LEFT_OVER))

    def give_up(self) -> None:
        try:
            self._file.unlink(missing_ok=True)
        except OSError as error:
            if error.errno not in TAKES_NOTHING:
                raise

    def _kept(self, size: int) -> bool:
        if size <= 0:
            return False
        try:
            fd = os.open(self._file, os.O_CREAT | os.O_WRONLY, 0o640)
            try:
                os.posix_fallocate(fd, 0, size)
            finally:
                os.close(fd)
        except OSError as error:
            if error.errno not in _NOT_KEPT:
                raise
            self.give_up()
            return False
        return True
