"""One writer at a time in a folder, among all processes of this machine.

The system ends the turn of a process that dies. Nothing is left on the disk, but on Windows an empty file.
"""

import errno
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_PAUSE_SECONDS = 0.02
_NO_LOCKS_HERE = {errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS, errno.EACCES, errno.EPERM, errno.EBADF, errno.EINVAL}


@contextmanager
def turn_in(folder: Path, patience_seconds: float) -> Iterator[bool]:
    """Whether the turn was had in time. Where a file system knows no locks it is given at once."""
    try:
        descriptor = _opened(folder)
    except OSError:
        yield True
        return
    try:
        yield turn_on(descriptor, patience_seconds)
    finally:
        os.close(descriptor)


def turn_on(descriptor: int, patience_seconds: float) -> bool:
    """The turn ends when the file is closed, or with the process."""
    deadline = time.monotonic() + patience_seconds
    while not _taken(descriptor):
        if time.monotonic() >= deadline:
            return False
        time.sleep(_PAUSE_SECONDS)
    return True


if sys.platform == "win32":
    import msvcrt

    def _opened(folder: Path) -> int:
        """A folder cannot be locked there; a file in it can."""
        return os.open(folder / ".wharf-turn", os.O_RDWR | os.O_CREAT, 0o600)

    def _taken(descriptor: int) -> bool:
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError as problem:
            return problem.errno not in {errno.EACCES, errno.EDEADLOCK}
        return True

else:
    import fcntl

    def _opened(folder: Path) -> int:
        return os.open(folder, os.O_RDONLY)

    def _taken(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError as problem:
            if problem.errno in _NO_LOCKS_HERE:
                return True
            raise
        return True
