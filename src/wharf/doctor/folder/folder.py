"""The files of a folder that is a repository, as they lie on the disk.

What git leaves out is left out here: what is ignored and was never added, git's own folder, and folders of packages
that others wrote. Nothing is read that lies outside, that is no file, or that is larger than any file of settings.
"""

import os
import stat
from collections import deque
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from wharf.doctor.folder.ignored import IgnoreLine, is_ignored, read_ignore_file
from wharf.doctor.folder.tracked import tracked_in
from wharf.errors import FileNotThere, UnreadableFile
from wharf.formats.text import Text

LARGEST: Final = 4 << 20
MOST_LINES: Final = 50_000
_LARGEST_INDEX: Final = 64 << 20
MOST_FILES: Final = 200_000
_DEEPEST: Final = 60
_IGNORE: Final = ".gitignore"
_EXCLUDED: Final = ".git/info/exclude"
NEVER_WALKED: Final = frozenset({".git", ".hg", ".svn", "node_modules", "__pycache__", ".venv", ".terraform"})
"""Unless git keeps a file in it: then that one file is seen."""


class Folder:
    """`is_cut_off`: there are more files than anybody looks at."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._real = os.path.realpath(root)
        self._texts: dict[str, Text] = {}
        self.is_cut_off = False
        self._paths = dict.fromkeys(self._listed())

    def paths(self) -> Collection[str]:
        return self._paths.keys()

    def read(self, path: str) -> Text:
        if path not in self._paths:
            raise FileNotThere(path)
        if path not in self._texts:
            content = _decoded(path, self._bytes(path))
            if content.count("\n") > MOST_LINES:
                raise UnreadableFile(path, f"it has more than {MOST_LINES:,} lines")
            self._texts[path] = Text.of_file(path, content)
        return self._texts[path]

    def _listed(self) -> Iterator[str]:
        walked = dict.fromkeys(self._walked())
        yield from walked
        for path in sorted(tracked_in(self._index())):
            if path not in walked and self._is_there(path):
                yield path

    def _is_there(self, path: str) -> bool:
        """What an index that was made to harm lists may have a name that no file can have, or lie elsewhere."""
        with suppress(OSError, ValueError):
            return ".." not in path.split("/") and not path.startswith("/") and (self._root / path).is_file()
        return False

    def _index(self) -> bytes:
        with suppress(OSError, UnreadableFile):
            return _read(self._root / ".git" / "index", _LARGEST_INDEX)
        return b""

    def _walked(self) -> Iterator[str]:
        """Folder by folder, so that what stands at the top is seen even where there is far too much below."""
        seen = 0
        waiting = deque([("", self._ignore_lines(_EXCLUDED, ""))])
        while waiting:
            folder, lines = waiting.popleft()
            entries = self._entries(folder)
            if any(entry.name == _IGNORE for entry in entries):
                lines += self._ignore_lines(folder + _IGNORE, folder)
            for entry in entries:
                path = folder + entry.name
                is_folder = entry.is_dir(follow_symlinks=False)
                if entry.name in NEVER_WALKED or is_ignored(path, lines, is_folder=is_folder):
                    continue
                if is_folder and path.count("/") < _DEEPEST:
                    waiting.append((f"{path}/", lines))
                elif _is_file(entry):
                    seen += 1
                    yield path
                if seen >= MOST_FILES:
                    self.is_cut_off = True
                    return

    def _entries(self, folder: str) -> Sequence["os.DirEntry[str]"]:
        with suppress(OSError), os.scandir(self._root / folder) as entries:
            return sorted(filter(_has_a_name, entries), key=lambda entry: entry.name)
        return ()

    def _ignore_lines(self, path: str, folder: str) -> tuple[IgnoreLine, ...]:
        with suppress(FileNotThere, UnreadableFile):
            return read_ignore_file(self._bytes(path).decode("utf-8", "replace"), folder)
        return ()

    def _bytes(self, path: str) -> bytes:
        full = os.path.realpath(self._root / path)
        if os.path.commonpath([full, self._real]) != self._real:
            raise UnreadableFile(path, "it is a link that leads out of the repository")
        try:
            return _read(Path(full), LARGEST, path)
        except FileNotFoundError:
            raise FileNotThere(path) from None
        except OSError as problem:
            raise UnreadableFile(path, (problem.strerror or "it cannot be opened").lower()) from None


def _has_a_name(entry: "os.DirEntry[str]") -> bool:
    """Names that are no UTF-8 cannot be said."""
    return entry.name.isprintable() or entry.name.encode("utf-8", "replace").decode() == entry.name


def _is_file(entry: "os.DirEntry[str]") -> bool:
    """A link that leads in a circle leads to none."""
    with suppress(OSError):
        return entry.is_file()
    return False


def _read(place: Path, largest: int, path: str = "") -> bytes:
    """Devices and pipes are not waited for."""
    opened = os.open(place, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with os.fdopen(opened, "rb") as file:
        is_a_file = stat.S_ISREG(os.fstat(opened).st_mode)
        content = file.read(largest + 1) if is_a_file else b""
    if not is_a_file:
        raise UnreadableFile(path, "it is no file")
    if len(content) > largest:
        raise UnreadableFile(path, f"it is larger than {largest >> 20} MiB")
    return content


def _decoded(path: str, content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        with suppress(UnicodeDecodeError):
            return content.decode("utf-16")
    if b"\0" in content:
        raise UnreadableFile(path, "it is no text")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        raise UnreadableFile(path, "it is not written in UTF-8") from None
