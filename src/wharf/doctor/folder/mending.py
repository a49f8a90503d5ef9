"""Changes written to the files of a folder, each whole or not at all, and only where nobody changed them meanwhile."""

import os
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from wharf.doctor.edits import Change
from wharf.formats.text import HOLE, Text

_MARK: Final = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Mended:
    """`problem`: why it was not written; empty, where it was."""

    change: Change
    problem: str = ""


def mend(root: Path, changes: Iterable[Change]) -> tuple[Mended, ...]:
    return tuple(Mended(change, _written(root, change)) for change in changes)


def _written(root: Path, change: Change) -> str:
    target = Path(os.path.realpath(root / change.path))
    if not target.is_relative_to(os.path.realpath(root)):
        return "it is a link that leads out of the repository"
    try:
        if target.exists() and not target.is_file():
            return "it is no file"
        before = target.read_bytes() if target.exists() else b""
        mark = _MARK if before.startswith(_MARK) else b""
        text = before.decode("utf-8")
        if HOLE in text:  # was read as another character, which would be written in its place
            return f"U+{ord(HOLE):04X} stands in it, which is not read as it is"
        if Text.of_file(change.path, text).flat != change.before:
            return "it was changed while it was looked at"
        _put(target, mark + change.after.encode())
    except UnicodeDecodeError:
        return "it is not written in UTF-8"
    except OSError as problem:
        return (problem.strerror or str(problem)).lower()
    return ""


def _put(target: Path, content: bytes) -> None:
    """Beside it first: what is cut off in between leaves the old one."""
    target.parent.mkdir(parents=True, exist_ok=True)
    opened, name = tempfile.mkstemp(prefix=f".{target.name}-", dir=target.parent)
    beside = Path(name)
    try:
        with os.fdopen(opened, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(opened)
        beside.chmod(target.stat().st_mode & 0o7777 if target.exists() else 0o644)
        beside.replace(target)
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
