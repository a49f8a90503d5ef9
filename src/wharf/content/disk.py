"""What a disk does to us: it fills up, turns out to be broken, and remembers only what was forced out to it."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from wharf.errors import StoreFull, StoreProblem

NO_ROOM: Final = {errno.ENOSPC, errno.EDQUOT}
TAKES_NOTHING: Final = {errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO}


@contextmanager
def disk_errors(place: Path) -> Iterator[None]:
    """A full disk is an answer, not a crash; so is one that takes nothing any more, or is somebody else's."""
    try:
        with room_errors(place):
            yield
    except OSError as error:
        if error.errno not in TAKES_NOTHING:
            raise
        raise StoreProblem(
            f"the registry's disk takes nothing: {error.strerror}",
            evidence=[f"while at: {error.filename or place}"],
            next_step="look at the disk, and at whom the registry's folder belongs to",
        ) from error


@contextmanager
def room_errors(place: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in NO_ROOM:
            raise StoreFull(str(place)) from error
        raise


def require_ours(folder: Path) -> None:
    """That files can be made there. Raises OSError: better at the start than at the first push."""
    if os.access(folder, os.W_OK | os.X_OK):
        return
    is_read_only = os.statvfs(folder).f_flag & os.ST_RDONLY
    reason = errno.EROFS if is_read_only else errno.EACCES
    raise OSError(reason, os.strerror(reason), str(folder))


def sync_folder(folder: Path) -> None:
    """Make the names in a folder survive power loss."""
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
