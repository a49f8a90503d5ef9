"""Changing a file of credentials so that nobody ever sees half of it and no other writer's change is lost.

The new text is written beside the old one, forced to disk, and takes its place by a rename: mode 0600, same owner.
Writers of wharf take turns. Docker takes none, so what was read is compared once more right before the rename, and
the change is made again upon what docker wrote. A file that is itself a mount cannot be renamed over; nor can one in
a folder that may not be written. It is written in place then, under a lock of its own, and put back if that fails.
"""

import errno
import os
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from wharf.credentials.turns import turn_in, turn_on
from wharf.errors import CredentialFileRefused

_ATTEMPTS = 100
_LEFT_BEHIND_SECONDS = 60
_PATIENCE_SECONDS = 10.0
_READERS_SECONDS = 5.0
_PAUSE_SECONDS = 0.05
_CANNOT_TAKE_ITS_PLACE = {errno.EBUSY, errno.EXDEV}
_CANNOT_WRITE_BESIDE = {errno.EACCES, errno.EPERM, errno.EROFS}
_PRIVATE = 0o600
_PRIVATE_FOLDER = 0o700

Change = Callable[[bytes], bytes]
"""From what the file holds (nothing, if it is not there) to what it shall hold."""


def change_file(path: Path, place: str, change: Change, patience_seconds: float = _PATIENCE_SECONDS) -> bool:
    """Whether anything changed. An error of the change itself goes through, and leaves the file as it was."""
    try:
        target = path.resolve()
        _make_folder(target.parent)
        with turn_in(target.parent, patience_seconds) as is_ours:
            if not is_ours:
                raise _busy(place)
            _sweep(target)
            return _changed(target, place, change, patience_seconds)
    except (OSError, RuntimeError) as problem:
        raise _refused(place, problem) from problem


def _changed(target: Path, place: str, change: Change, patience_seconds: float) -> bool:
    for _ in range(_ATTEMPTS):
        before = _content(target, patience_seconds)
        after = change(before or b"")
        if after == (before or b""):
            return False
        if _put(target, before, after, patience_seconds):
            return True
    raise _busy(place)


def _put(target: Path, before: bytes | None, after: bytes, patience_seconds: float) -> bool:
    """False, if another writer was faster."""
    try:
        beside = _written_beside(target, after)
    except OSError as problem:
        if before is None or problem.errno not in _CANNOT_WRITE_BESIDE:
            raise
        return _write_in_place(target, before, after, patience_seconds)
    try:
        if _content(target, patience_seconds) != before:
            return False
        _rename(beside, target)
    except OSError as problem:
        if before is None or problem.errno not in _CANNOT_TAKE_ITS_PLACE:
            raise
        return _write_in_place(target, before, after, patience_seconds)
    finally:
        beside.unlink(missing_ok=True)
    _force_to_disk(target.parent)
    return True


def _content(target: Path, patience_seconds: float) -> bytes | None:
    """Not while somebody is in the middle of writing it in place: it is torn for that moment."""
    try:
        with target.open("rb", buffering=0) as file:
            if sys.platform != "win32":
                turn_on(file.fileno(), patience_seconds)
            return file.read()
    except FileNotFoundError:
        return None


def _written_beside(target: Path, data: bytes) -> Path:
    beside = target.with_name(f".{target.name}.wharf-{os.getpid()}-{time.monotonic_ns()}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            _keep_owner(file.fileno(), target)
            os.fsync(file.fileno())
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    return beside


def _keep_owner(descriptor: int, target: Path) -> None:
    """Written by root for somebody, as with sudo, it stays theirs; a new one belongs to the owner of its folder."""
    if sys.platform != "win32" and os.geteuid() == 0:
        about = (target if target.exists() else target.parent).stat()
        with suppress(OSError):
            os.fchown(descriptor, about.st_uid, about.st_gid)


def _rename(beside: Path, target: Path) -> None:
    """On Windows somebody who reads the file stands in the way, for a moment."""
    patience = _READERS_SECONDS if sys.platform == "win32" else 0.0
    deadline = time.monotonic() + patience
    while True:
        try:
            beside.replace(target)
        except PermissionError:
            if time.monotonic() >= deadline:
                raise
            time.sleep(_PAUSE_SECONDS)
        else:
            return


def _write_in_place(target: Path, before: bytes, after: bytes, patience_seconds: float) -> bool:
    with target.open("r+b", buffering=0) as file:
        if not turn_on(file.fileno(), patience_seconds) or file.read() != before:
            return False
        try:
            _overwrite(file.fileno(), after)
        except OSError:
            with suppress(OSError):
                _overwrite(file.fileno(), before)
            raise
        if hasattr(os, "fchmod"):
            with suppress(OSError):
                os.fchmod(file.fileno(), _PRIVATE)
    return True


def _overwrite(descriptor: int, data: bytes) -> None:
    os.lseek(descriptor, 0, os.SEEK_SET)
    left = memoryview(data)
    while left:
        left = left[os.write(descriptor, left) :]
    os.ftruncate(descriptor, len(data))
    os.fsync(descriptor)


def _make_folder(folder: Path) -> None:
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    for each in reversed(missing):
        each.mkdir(_PRIVATE_FOLDER, exist_ok=True)
        _give_to_owner_of_parent(each)


def _give_to_owner_of_parent(folder: Path) -> None:
    if sys.platform != "win32" and os.geteuid() == 0:
        about = folder.parent.stat()
        with suppress(OSError):
            os.chown(folder, about.st_uid, about.st_gid, follow_symlinks=False)


def _sweep(target: Path) -> None:
    """What a writer that was killed left behind holds secrets. Only one writer is here at a time: it is nobody's."""
    for left in target.parent.glob(f".{target.name}.wharf-*"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > _LEFT_BEHIND_SECONDS:
                left.unlink()


def _force_to_disk(folder: Path) -> None:
    if sys.platform != "win32":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _busy(place: str) -> CredentialFileRefused:
    return CredentialFileRefused(
        place,
        "another program writes it all the time",
        next_step="let jobs that run side by side have a folder each: --config DIR",
    )


def _refused(place: str, problem: Exception) -> CredentialFileRefused:
    reason = (getattr(problem, "strerror", None) or str(problem)).lower()
    return CredentialFileRefused(
        place, f"it cannot be written: {reason}", next_step="write to a folder of your own: --config DIR"
    )
