"""A file that all processes of a registry open, to lock it or to share what it holds.

An administrator may be the first to need it, as root beside a registry that runs as somebody else. So what root makes
here belongs to whom the folder belongs to, as SQLite does it with its own files: else the registry could never open it.
"""

import os
from contextlib import suppress
from pathlib import Path
from typing import Final

_ROOT: Final = 0


def opened(path: Path, mode: int = 0o640) -> int:
    """Made where it is missing. Raises OSError."""
    fd = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, mode)
    if os.geteuid() == _ROOT:
        _hand_over(fd, path.parent)
    return fd


def _hand_over(fd: int, folder: Path) -> None:
    owner = folder.stat()
    if os.fstat(fd).st_uid == _ROOT != owner.st_uid:
        with suppress(OSError):  # where even root may not, it stays root's
            os.fchown(fd, owner.st_uid, owner.st_gid)
