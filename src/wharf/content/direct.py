"""Writing past the page cache.

A pushed blob must be on the disk before its push is acknowledged, so keeping its pages in memory first only means to
pay for them twice: once to allocate and fill them, once to write them out. Large blobs therefore go from a small
buffer of ours straight to the disk. The kernel asks that such writes begin and end at block boundaries; what is left
over at either end goes the ordinary way. Not every file system can do this; those that cannot get ordinary writes.
"""

import mmap
import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final

BLOCK: Final = 4096
BUFFER: Final = 1 << 20


class DirectFile:
    """Appends to a file that nobody else writes. What `flush` has not written yet lies in the buffer."""

    def __init__(self, path: Path, fd: int) -> None:
        self._fd = fd
        self._direct = _opened(path)
        self._end = os.fstat(fd).st_size
        self._buffer = mmap.mmap(-1, BUFFER)
        self._view = memoryview(self._buffer)
        self._held = 0

    def append(self, pieces: Iterable[bytes]) -> None:
        for piece in pieces:
            rest = memoryview(piece)
            while rest:
                taken = min(len(rest), self._room())
                self._view[self._held : self._held + taken] = rest[:taken]
                self._held += taken
                rest = rest[taken:]
                if self._room() == 0:
                    self._write_out()

    def flush(self) -> None:
        """Write what is held, block or no block."""
        whole = self._held - self._held % BLOCK if self._end % BLOCK == 0 else 0
        self._write(self._direct, 0, whole)
        self._write(self._fd, whole, self._held)
        self._held = 0

    def close(self) -> None:
        self._view.release()
        self._buffer.close()
        if self._direct >= 0:
            os.close(self._direct)

    def _room(self) -> int:
        """Up to the end of the buffer; at first only up to the next block of the file."""
        return (BUFFER if self._end % BLOCK == 0 else -self._end % BLOCK) - self._held

    def _write_out(self) -> None:
        self._write(self._direct if self._end % BLOCK == 0 else self._fd, 0, self._held)
        self._held = 0

    def _write(self, fd: int, start: int, stop: int) -> None:
        while start < stop:
            written = os.pwrite(fd if fd >= 0 else self._fd, self._view[start:stop], self._end)
            start += written
            self._end += written
            if written % BLOCK:  # a direct write was cut short: the rest is no longer aligned
                fd = self._fd


def _opened(path: Path) -> int:
    with suppress(OSError):
        return os.open(path, os.O_WRONLY | os.O_DIRECT)
    return -1
