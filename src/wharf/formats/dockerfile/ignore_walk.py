"""Which files of a folder are sent to a build, and by which line of the ignore file the others are not.

Folders are gone through from the top. What a pattern said of a folder it says of all that is in it, and a folder that
is left out is not looked into if no exception can be about something in it. How that is judged differs between
BuildKit and the builder before it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Final

from wharf.formats.dockerfile.ignore import IgnoreFile, IgnoreLine

MOST_WORK: Final = 3_000_000
_FEW_STARS: Final = 3
_SLOWER: Final = 8
_GLOB_CHARACTERS: Final = frozenset("*[]?^\\")


class Builder(Enum):
    BUILDKIT = "buildkit"
    """Docker's own since release 23."""
    CLASSIC = "classic"
    """Docker's before that, and still where `DOCKER_BUILDKIT=0` is set or buildx is missing."""


@dataclass(frozen=True, slots=True)
class Decision:
    is_sent: bool
    line: IgnoreLine | None = None
    """The line that decides; None, where none is about it, or where there was too much to compare."""


@dataclass(frozen=True, slots=True)
class _Folder:
    said: tuple[bool, ...]
    """For each line, whether it is about the folder. Empty at the root."""
    closed_by: IgnoreLine | None = None


class IgnoreWalk:
    def __init__(self, ignore: IgnoreFile, builder: Builder = Builder.BUILDKIT, most_work: int = MOST_WORK) -> None:
        self._lines = ignore.lines
        self._exceptions = tuple(line.pattern for line in ignore.lines if line.is_exception)
        self._always_looks_in = False
        if builder is Builder.BUILDKIT:
            self._exceptions = tuple(map(_without_last_glob, self._exceptions))
            self._always_looks_in = any(_GLOB_CHARACTERS & set(pattern) for pattern in self._exceptions)
        self._folders: dict[str, _Folder] = {"": _Folder(())}
        self.refused: IgnoreLine | None = None
        """The first line that was met and cannot be understood: Docker gives up there."""
        self._work = 0
        self._most_work = most_work

    def decision(self, path: str) -> Decision:
        """`path` is a file's."""
        folder = self._folder(path.rpartition("/")[0])
        if folder.closed_by:
            return Decision(is_sent=False, line=folder.closed_by)
        is_left_out, line, _ = self._judged(path, folder)
        return Decision(not is_left_out, line)

    def sent(self, paths: Iterable[str]) -> tuple[str, ...]:
        return tuple(path for path in paths if self.decision(path).is_sent)

    def _folder(self, path: str) -> _Folder:
        missing = []
        while path not in self._folders:
            missing.append(path)
            path = path.rpartition("/")[0]
        for folder in reversed(missing):
            self._folders[folder] = self._entered(folder, self._folders[folder.rpartition("/")[0]])
        return self._folders[missing[0] if missing else path]

    def _entered(self, path: str, parent: _Folder) -> _Folder:
        if parent.closed_by:
            return parent
        is_left_out, line, said = self._judged(path, parent)
        return _Folder(said, line if is_left_out and not self._looks_into(path) else None)

    def _looks_into(self, path: str) -> bool:
        return self._always_looks_in or any(f"{pattern}/".startswith(f"{path}/") for pattern in self._exceptions)

    def _judged(self, path: str, parent: _Folder) -> tuple[bool, IgnoreLine | None, tuple[bool, ...]]:
        is_left_out, decisive, said = False, None, []
        for at, line in enumerate(self._lines):
            is_meant = bool(parent.said) and parent.said[at]
            if not is_meant and line.is_exception is is_left_out:
                self._work += 1 if line.stars <= _FEW_STARS else len(path) * line.stars * _SLOWER
                if self._work > self._most_work:
                    return True, None, ()
                is_meant = line.matches(path)
                self.refused = self.refused or (line if line.problem else None)
            said.append(is_meant)
            if is_meant:
                is_left_out, decisive = not line.is_exception, line
        return is_left_out, decisive, tuple(said)


def _without_last_glob(pattern: str) -> str:
    return pattern.removesuffix("/**").removesuffix("/*")
