"""What `.gitignore` says is no part of a repository, in git's own grammar.

A pattern with a slash in it holds from its file's folder on, one without holds anywhere below. The last pattern that
fits decides, and one that begins with `!` takes back what was ignored.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

_LONGEST: Final = 500
_ANY: Final = "**"
_SPECIAL: Final = "*?[\\"


@dataclass(frozen=True, slots=True)
class IgnoreLine:
    """`folder` is where its file stands, with a slash at the end; that of the root is empty."""

    folder: str
    parts: tuple[str, ...]
    is_anchored: bool
    for_folders_only: bool
    takes_back: bool

    def fits(self, path: str, *, is_folder: bool) -> bool:
        if (self.for_folders_only and not is_folder) or not path.startswith(self.folder):
            return False
        names = path[len(self.folder) :].split("/")
        return _fit(self.parts, names) if self.is_anchored else _fits(self.parts[0], names[-1])


def read_ignore_file(text: str, folder: str = "") -> tuple[IgnoreLine, ...]:
    lines = (_line(line, folder) for line in text.split("\n") if len(line) <= _LONGEST)
    return tuple(line for line in lines if line is not None)


def is_ignored(path: str, lines: Sequence[IgnoreLine], *, is_folder: bool) -> bool:
    """Lines of files further down come after those further up."""
    last = next((line for line in reversed(lines) if line.fits(path, is_folder=is_folder)), None)
    return last is not None and not last.takes_back


def _line(text: str, folder: str) -> IgnoreLine | None:
    text = _without_blanks_behind(text)
    if not text or text.startswith("#"):
        return None
    takes_back = text.startswith("!")
    pattern = text[takes_back:]
    trimmed = pattern.removesuffix("/")
    parts = tuple(trimmed.removeprefix("/").split("/"))
    return IgnoreLine(folder, parts, "/" in trimmed, pattern != trimmed, takes_back) if trimmed else None


def _without_blanks_behind(text: str) -> str:
    """A blank after a backslash stays."""
    kept = text.rstrip(" \t\r")
    return kept + " " if kept.endswith("\\") and len(kept) < len(text) else kept


def _fit(parts: Sequence[str], names: Sequence[str]) -> bool:
    """`reached`: how many parts may be used up by the names so far; `**` stands for any number of names."""
    end = len(parts)
    reached = _opened(parts, {0})
    for name in names:
        on = {at for at in reached if at < end and parts[at] == _ANY}
        on |= {at + 1 for at in reached if at < end and (at + 1 == end or at not in on) and _fits(parts[at], name)}
        reached = _opened(parts, on)
    return end in reached


def _opened(parts: Sequence[str], reached: set[int]) -> set[int]:
    """`**` may stand for no name at all, unless it is the last one."""
    for at, part in enumerate(parts[:-1]):
        if at in reached and part == _ANY:
            reached.add(at + 1)
    return reached


def _fits(part: str, name: str) -> bool:
    if not any(each in part for each in _SPECIAL):
        return part == name
    return _fits_in_turn(_between_stars(part), name)


def _fits_in_turn(pieces: Sequence[re.Pattern[str]], name: str) -> bool:
    """Each piece has a fixed length, so that the first place where it fits is always the right one."""
    if len(pieces) == 1:
        return pieces[0].fullmatch(name) is not None
    begin = pieces[0].match(name)
    at = begin.end() if begin else -1
    for piece in pieces[1:-1] if begin else ():
        found = piece.search(name, at)
        if found is None:
            return False
        at = found.end()
    return begin is not None and _ends(pieces[-1], name, at)


def _ends(piece: re.Pattern[str], name: str, start: int) -> bool:
    return any(piece.fullmatch(name, at) for at in range(start, len(name) + 1))


@cache
def _between_stars(part: str) -> tuple[re.Pattern[str], ...]:
    pieces, at = [""], 0
    while at < len(part):
        if part[at] == "*":
            pieces.append("")
            at += 1
            continue
        piece, at = _one(part, at)
        pieces[-1] += piece
    return tuple(re.compile(piece, re.DOTALL) for piece in pieces)


def _one(part: str, at: int) -> tuple[str, int]:
    """What stands for one character, and where the next one begins."""
    character = part[at]
    if character == "?":
        return ".", at + 1
    if character == "\\" and at + 1 < len(part):
        return re.escape(part[at + 1]), at + 2
    if character == "[" and (end := part.find("]", at + 2)) > 0:
        return _bracket(part[at + 1 : end]), end + 1
    return re.escape(character), at + 1


def _bracket(inside: str) -> str:
    is_not = inside[0] in "!^"
    escaped = "".join(f"\\{each}" if each in "\\[]^&~|" else each for each in inside[is_not:])
    try:
        return re.compile(f"[{'^' if is_not else ''}{escaped}]").pattern
    except re.error:
        return "(?!)"
