"""What a disk does to us: it fills up, and it remembers only what was forced out to it."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from wharf.errors import StoreFull


@contextmanager
def disk_errors(place: Path) -> Iterator[None]:
    """A full disk is an answer, not a crash."""
    try:
        yield
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise StoreFull(str(place)) from error
        raise


def sync_folder(folder: Path) -> None:
    """Make the names in a folder survive power loss."""
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
