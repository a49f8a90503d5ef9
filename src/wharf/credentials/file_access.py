"""Reading a file of credentials: its bytes and its age, or why there are none."""

import contextlib
import os
import stat
import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

LARGEST = 16 << 20


@dataclass(frozen=True, slots=True)
class FileFound:
    raw: bytes | None = field(default=None, repr=False)
    since: datetime | None = None
    """When it was last written."""
    problem: str = ""
    is_missing: bool = False


def look_at(path: Path) -> FileFound:
    try:
        about = path.stat()
        if not stat.S_ISREG(about.st_mode) and str(path) != os.devnull:
            return FileFound(problem="it is no file")
        with path.open("rb") as file:
            raw = file.read(LARGEST + 1)
    except FileNotFoundError:
        return FileFound(problem=_missing(path), is_missing=True)
    except NotADirectoryError:
        return FileFound(problem=f"{path.parent} is no folder")
    except OSError as problem:
        return FileFound(problem=_told(problem, path))
    if len(raw) > LARGEST:
        return FileFound(problem=f"it is larger than {LARGEST} bytes")
    return FileFound(raw, datetime.fromtimestamp(about.st_mtime, UTC))


def _missing(path: Path) -> str:
    """A variable that names a folder which is not there is a common mistake."""
    place = path.parent.parent
    return "it does not exist" if place.exists() else f"it does not exist, and neither does {place}"


def _told(problem: OSError, path: Path) -> str:
    reason = (problem.strerror or "it cannot be read").lower()
    owner = _owner(path)
    return f"{reason}; it belongs to {owner}" if isinstance(problem, PermissionError) and owner else reason


def _owner(path: Path) -> str:
    if sys.platform != "win32":
        with contextlib.suppress(OSError, KeyError):
            return path.owner()
    return ""
