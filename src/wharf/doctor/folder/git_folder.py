"""What git keeps beside the files of a repository: where HEAD is, branches and tags, and the address of its remote.

All of it is read from git's own files; git itself is not asked about a repository whose settings may tell it to run
something.
"""

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_LARGEST: Final = 16 << 20
_MOST_LOOSE: Final = 20_000
_LONGEST_REF: Final = 1_000
_DEEPEST_LINK: Final = 5
_digest = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_section = re.compile(r'\[\s*([\w.-]+)(?:\s+"((?:[^"\\]|\\.)*)")?\s*\]')


@dataclass(frozen=True, slots=True)
class Ref:
    """`commit`: what an annotated tag is put on, where that is written down; else what the name stands for."""

    target: str
    commit: str


class GitFolder:
    """`own` belongs to this working copy alone; `common` is shared by all of them."""

    def __init__(self, own: Path, common: Path) -> None:
        self.own = own
        self.common = common

    @classmethod
    def of(cls, root: Path) -> "GitFolder | None":
        place = root / ".git"
        if _is_file(place):
            place = root / read(place).partition("gitdir:")[2].strip()
        if not _is_file(place / "HEAD"):
            return None
        common = read(place / "commondir").strip()
        return cls(place, place / common if common else place)

    def head(self) -> tuple[str, str]:
        """The branch, if it is on one, and the commit."""
        content = read(self.own / "HEAD").strip()
        if not content.startswith("ref:"):
            return "", _as_digest(content)
        name = content.removeprefix("ref:").strip()
        return name.removeprefix("refs/heads/"), self._commit_of(name)

    def remote_head(self) -> str:
        """The default branch, as the remote named it when it was cloned."""
        content = read(self.common / "refs/remotes/origin/HEAD").strip()
        prefix = "ref: refs/remotes/origin/"
        return content.removeprefix(prefix) if content.startswith(prefix) else ""

    def refs(self, prefix: str) -> Mapping[str, Ref]:
        """By what follows the prefix. A loose one comes before a packed one."""
        found = {name: ref for name, ref in self._packed() if name.startswith(prefix)}
        found |= dict(self._loose(prefix))
        return {name.removeprefix(prefix): ref for name, ref in found.items()}

    def address(self) -> str:
        """Of the remote `origin`, or else of the only one."""
        remotes: dict[str, str] = {}
        section = ""
        for line in read(self.common / "config").splitlines():
            if header := _section.match(line.strip()):
                section = header[2] or "" if header[1].lower() == "remote" else ""
            name, _, value = line.partition("=")
            if section and name.strip().lower() == "url":
                remotes.setdefault(section, value.strip().strip('"'))
        return remotes.get("origin", next(iter(remotes.values()), "") if len(remotes) == 1 else "")

    def _commit_of(self, name: str, depth: int = 0) -> str:
        if not is_ref_name(name) or depth > _DEEPEST_LINK:
            return ""
        content = read(self.common / name).strip()
        if content.startswith("ref:"):
            return self._commit_of(content.removeprefix("ref:").strip(), depth + 1)
        return _as_digest(content) or next((ref.target for each, ref in self._packed() if each == name), "")

    def _packed(self) -> Iterator[tuple[str, Ref]]:
        name, target = "", ""
        for line in [*read(self.common / "packed-refs").splitlines(), "end"]:
            if line.startswith("^") and name:
                yield name, Ref(target, _as_digest(line[1:]))
                name = ""
            elif not line.startswith("#"):
                if name:
                    yield name, Ref(target, target)
                target, _, name = line.partition(" ")

    def _loose(self, prefix: str) -> Iterator[tuple[str, Ref]]:
        waiting, seen = [self.common / prefix], 0
        while waiting and seen < _MOST_LOOSE:
            with suppress(OSError, ValueError):
                for path in sorted(waiting.pop().iterdir()):
                    seen += 1
                    if path.is_dir() and not path.is_symlink():
                        waiting.append(path)
                    elif target := _as_digest(read(path, _LONGEST_REF).strip()):
                        yield path.relative_to(self.common).as_posix(), Ref(target, target)


def is_ref_name(name: str) -> bool:
    return name.startswith("refs/") and not {"", ".", ".."} & set(name.split("/")) and name.isprintable()


def read(path: Path, largest: int = _LARGEST) -> str:
    """Empty, where there is nothing that can be read. Nothing is waited for."""
    with suppress(OSError):
        if _is_file(path):
            opened = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
            with os.fdopen(opened, "rb") as file:
                return (file.read(largest) or b"").decode("utf-8", "replace")
    return ""


def _is_file(path: Path) -> bool:
    """Of what may not be seen, or has a name that no file can have, nothing is known."""
    with suppress(OSError, ValueError):
        return path.is_file()
    return False


def _as_digest(text: str) -> str:
    return text if _digest.fullmatch(text) else ""
