"""What COPY and ADD take: the sources of an instruction, and the files of a folder that one of them means."""

import posixpath
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from wharf.formats.dockerfile.go_expression import NotAPattern
from wharf.formats.dockerfile.go_match import path_matcher
from wharf.formats.dockerfile.scopes import Seen
from wharf.formats.text import Text

_is_remote = re.compile(r"[a-z][a-z0-9+.-]*://|git@", re.IGNORECASE).match
_WILD: Final = frozenset("*?[")


@dataclass(frozen=True)
class Source:
    """One source in the context of the build."""

    seen: Seen
    written: Text
    path: str
    """Relative to the context, whose root is the empty text. It may have wildcards."""
    leaves_context: bool = False
    """It is written so that it would lead out of the context, which BuildKit does not let it do."""

    @property
    def has_wildcards(self) -> bool:
        return any(character in _WILD for character in self.path)


def sources(seen: Seen, escape: str = "\\") -> Iterator[Source]:
    """None where it takes from another stage or image. Those that are not known are left out."""
    instruction = seen.instruction
    if instruction.name not in {"COPY", "ADD"} or instruction.flag("from"):
        return
    for word in instruction.words[:-1]:
        if word.flat.startswith("<<") or _is_remote(word.flat):
            continue
        expanded = seen.expanded(word, escape)
        value = expanded.text.value
        if value is not None and not expanded.unset and not expanded.problem and not _is_remote(value):
            yield _source(seen, word, value)


def _source(seen: Seen, word: Text, value: str) -> Source:
    path = posixpath.normpath(posixpath.join("/", value)).lstrip("/")
    plain = posixpath.normpath(value.lstrip("/") or ".")
    return Source(seen, word, path, plain == ".." or plain.startswith("../"))


class FileTree:
    """Files of a folder, by their paths in it, and the folders that they make."""

    def __init__(self, files: Iterable[str]) -> None:
        self.files = frozenset(files)
        self._below: dict[str, list[str]] = {"": []}
        for file in sorted(self.files):
            parts = file.split("/")
            for depth in range(len(parts)):
                self._below.setdefault("/".join(parts[:depth]), []).append(file)

    def otherwise_spelled(self, path: str) -> tuple[str, ...]:
        """Files and folders that are called so but for small and capital letters."""
        return tuple(self._spellings.get(path.lower(), ()))

    @cached_property
    def _spellings(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for name in sorted(self.files | self._below.keys()):
            found.setdefault(name.lower(), []).append(name)
        return found

    def below(self, folder: str) -> tuple[str, ...]:
        return tuple(self._below.get(folder, ()))

    def meant(self, path: str) -> tuple[str, ...]:
        """The files that a source means: itself, all below it, and that for each match of its wildcards."""
        if not any(character in _WILD for character in path):
            return (path,) if path in self.files else self.below(path)
        try:
            matches = path_matcher(path)
        except NotAPattern:
            return ()
        depth = path.count("/")
        names = {"/".join(file.split("/")[: depth + 1]) for file in self.files if file.count("/") >= depth}
        found = (self.meant_exactly(name) for name in sorted(names) if matches(name))
        return tuple(file for files in found for file in files)

    def meant_exactly(self, path: str) -> tuple[str, ...]:
        return (path,) if path in self.files else self.below(path)
