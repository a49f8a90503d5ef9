"""Files of this machine that hold images: regular ones only, opened without following links, written whole or not.

What is being written has a name of its own that begins with a dot, and gets its real name when all of it is on the
disk. So a reader sees the old or the new, and a crash leaves at worst a file that nobody looks for.
"""

import errno
import os
import stat
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from wharf.errors import MalformedArchive, StoreProblem
from wharf.images.reading import CHUNK, BlobReader

_NO_LINKS: Final = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
_TO_READ: Final = os.O_RDONLY | getattr(os, "O_BINARY", 0) | _NO_LINKS
_TO_WRITE: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | _NO_LINKS
_TEMPORARY: Final = ".wharf-"
_FORGOTTEN_SECONDS: Final = 24 * 3600
_one_at_a_time: Final = threading.Lock()


class FileReader:
    """A window of a regular file, with a place of its own in it, though others may read the same open file; whoever
    has it closes it."""

    __slots__ = ("_fd", "_left", "_position", "_start", "size")

    def __init__(self, fd: int, start: int, size: int) -> None:
        self._fd = fd
        self._start = self._position = start
        self._left = size
        self.size = size

    def readinto(self, buffer: memoryview, /) -> int:
        count = _read_into(self._fd, buffer[: self._left], self._position)
        self._position += count
        self._left -= count
        return count

    def seek(self, offset: int) -> None:
        self._left = max(0, self.size - offset)
        self._position = self._start + offset

    def window(self, start: int, size: int) -> "FileReader":
        """The same open file, of which only a part is seen from now on."""
        self._start, self.size = start, size
        self.seek(0)
        return self

    def close(self) -> None:
        fd, self._fd = self._fd, -1
        if fd >= 0:
            os.close(fd)


def _read_into(fd: int, buffer: memoryview, position: int) -> int:
    if hasattr(os, "preadv"):
        return os.preadv(fd, [buffer], position) if buffer else 0
    with _one_at_a_time:  # two numbers for one open file have one place in it
        os.lseek(fd, position, os.SEEK_SET)
        content = os.read(fd, len(buffer))
    buffer[: len(content)] = content
    return len(content)


def open_regular(path: Path) -> FileReader | None:
    """None where nothing is. Links, pipes, devices and folders are refused before anything of them is read."""
    try:
        fd = os.open(path, _TO_READ)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as problem:
        raise _unreadable(path, problem) from problem
    found = os.fstat(fd)
    if not stat.S_ISREG(found.st_mode):
        os.close(fd)
        raise not_regular(path)
    return FileReader(fd, 0, found.st_size)


def regular_size(path: Path) -> int | None:
    """None where nothing is."""
    found = _what_is_at(path)
    if found is not None and not stat.S_ISREG(found.st_mode):
        raise not_regular(path)
    return None if found is None else found.st_size


def refuse_links(folder: Path) -> None:
    """A folder on the way to a file must be one, and not point elsewhere."""
    found = _what_is_at(folder)
    if found is not None and not stat.S_ISDIR(found.st_mode):
        raise not_regular(folder, "folder")


def _what_is_at(path: Path) -> os.stat_result | None:
    try:
        return path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as problem:
        raise in_words(path, problem) from problem


def not_regular(path: Path, wanted: str = "file") -> MalformedArchive:
    return MalformedArchive(
        str(path),
        f"this is not a regular {wanted}: links, pipes and devices inside an image are not followed",
        next_step="look who made it; copy the image again from where it came",
    )


def _unreadable(path: Path, problem: OSError) -> MalformedArchive | StoreProblem:
    if problem.errno == errno.ELOOP:
        return not_regular(path)
    return in_words(path, problem)


@contextmanager
def writing_to(place: Path) -> Iterator[None]:
    """What the disk says against writing is an answer, not a crash."""
    try:
        yield
    except OSError as problem:
        raise in_words(place, problem) from problem


def in_words(place: Path, problem: OSError) -> StoreProblem:
    if problem.errno in {errno.ENOSPC, errno.EDQUOT}:
        return StoreProblem("the disk is full", evidence=[f"at: {place}"], next_step="free space, and do it again")
    said = (problem.strerror or str(problem)).lower()
    return StoreProblem(
        f"{place} cannot be used: {said}", next_step="look at its owner, its rights, and the disk it is on"
    )


# --- writing ---------------------------------------------------------------------------------------------------------


class NewFile:
    """A file in the making, beside the place where it will be."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / f"{_TEMPORARY}{os.urandom(8).hex()}"
        with writing_to(folder):
            folder.mkdir(parents=True, exist_ok=True)  # another writer may have taken it back, when it gave up
            self._fd = os.open(self.path, _TO_WRITE, 0o666)  # less what the umask takes away
        take_lock(self._fd)

    def write(self, content: bytes | memoryview) -> None:
        with writing_to(self.path.parent):
            write_all(self._fd, memoryview(content))

    def write_at(self, offset: int, content: bytes) -> None:
        """Over what is there, and go on at the end."""
        with writing_to(self.path.parent):
            os.lseek(self._fd, offset, os.SEEK_SET)
            write_all(self._fd, memoryview(content))
            os.lseek(self._fd, 0, os.SEEK_END)

    def cut(self, size: int) -> None:
        """Forget what was written behind this."""
        with writing_to(self.path.parent):
            os.ftruncate(self._fd, size)
            os.lseek(self._fd, 0, os.SEEK_END)

    def put(self, target: Path) -> None:
        """Give it its name, with its bytes on the disk. What had that name is gone only then."""
        with writing_to(target):
            os.fsync(self._fd)
            if sys.platform == "win32":  # there nothing that is open is renamed, and nothing is locked
                self._close()
            self.path.replace(target)
            self._close()

    def drop(self) -> None:
        """No harm after `put`."""
        self._close()
        with suppress(OSError):
            self.path.unlink()

    def _close(self) -> None:
        fd, self._fd = self._fd, -1
        if fd >= 0:
            os.close(fd)


def write_all(fd: int, content: memoryview) -> None:
    while content:
        content = content[os.write(fd, content) :]


def write_new(folder: Path, target: Path, content: bytes) -> None:
    """`folder` is where it lies while it is written: on the same disk as the target."""
    file = NewFile(folder)
    try:
        file.write(content)
        file.put(target)
    finally:
        file.drop()


def write_whole(target: Path, content: bytes) -> None:
    """What is there under this name is replaced, durably."""
    write_new(target.parent, target, content)
    sync_folder(target.parent)


def write_stream(reader: BlobReader, folder: Path, place: Callable[[], Path], moved: Callable[[int], None]) -> None:
    """All that the reader gives, under the name that is asked for at its end; nothing of it if it fails."""
    file = NewFile(folder)
    buffer = memoryview(bytearray(CHUNK))
    try:
        while count := reader.readinto(buffer) or 0:
            file.write(buffer[:count])
            moved(count)
        file.put(place())
    finally:
        file.drop()


def sync_folder(folder: Path) -> None:
    """Make the names in a folder survive power loss, where folders can be opened."""
    with suppress(OSError):
        fd = os.open(folder, os.O_RDONLY | getattr(os, "O_DIRECTORY", 0))
        try:
            os.fsync(fd)
        finally:
            os.close(fd)


def make_folders(folder: Path) -> list[Path]:
    """Those that were missing, the outermost first."""
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    with writing_to(folder):
        folder.mkdir(parents=True, exist_ok=True)
    return missing[::-1]


def remove_empty(folders: list[Path]) -> None:
    """Take back what was made for nothing, the innermost first; what somebody has put something into stays."""
    while folders:
        with suppress(OSError):
            folders.pop().rmdir()


def sweep(folder: Path) -> None:
    """Take away what was being written by somebody who was shot."""
    for left in folder.glob(f"{_TEMPORARY}{'[0-9a-f]' * 16}"):
        with suppress(OSError):
            fd = os.open(left, _TO_READ)
            try:
                if _is_forgotten(os.fstat(fd)) or (os.fstat(fd).st_size > 0 and take_lock(fd)):
                    left.unlink()
            finally:
                os.close(fd)


def _is_forgotten(found: os.stat_result) -> bool:
    return time.time() - found.st_mtime > _FORGOTTEN_SECONDS


def take_lock(fd: int) -> bool:
    """Whoever writes a file holds it from before its first byte; the system lets go of it when they die."""
    if sys.platform == "win32":
        return False
    import fcntl  # noqa: PLC0415 - not on every system

    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:  # somebody holds it, or this disk knows no locks
        return False
    return True
