"""A file of the system as it stands: its beginning, or nothing where it cannot be read. Pipes are not waited for."""

import os
import stat
from contextlib import suppress
from pathlib import Path
from typing import Final

from wharf.doctor.scene import Scene

_LARGEST: Final = 256 * 1024


def of_system(scene: Scene, path: str) -> Path:
    """A path as the system writes it, below the root of the scene."""
    return scene.root / path.lstrip("/")


def beginning_of(path: Path, largest: int = _LARGEST) -> str | None:
    """Files of /proc say that they are empty, so it is read in any case."""
    with suppress(OSError, ValueError):
        opened = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with os.fdopen(opened, "rb") as file:
            if stat.S_ISREG(os.fstat(opened).st_mode):
                return file.read(largest).decode("utf-8", "replace")
    return None


def is_there(path: Path) -> bool:
    with suppress(OSError, ValueError):
        return path.exists()
    return False
