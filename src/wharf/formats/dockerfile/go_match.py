"""Whether Go would say that a pattern is no pattern: `filepath.Match(pattern, ".")`, which Docker asks for every one.

Only the answer's error is used, and Go does not look at the rest of a pattern once it knows that it does not match.
So some bad patterns pass, and which ones depends on what stands before the first star.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from wharf.formats.dockerfile.go_expression import NotAPattern

_ASKED: Final = "."
_LONGEST: Final = 1_000
_MOST_STARS: Final = 4
"""Of a source of COPY. More of them would be nobody's wish, and could take for ever."""


@dataclass(frozen=True, slots=True)
class _Character:
    """One that is between any of these, or between none of them."""

    ranges: tuple[tuple[str, str], ...]
    is_without: bool = False

    def takes(self, character: str) -> bool:
        return any(low <= character <= high for low, high in self.ranges) is not self.is_without


_NO_SLASH: Final = _Character((("/", "/"),), is_without=True)


def check_pattern(pattern: str) -> None:
    """Raises NotAPattern where Go does."""
    name = _ASKED
    while pattern:
        has_star, length = _chunk_length(pattern)
        chunk, pattern = pattern[:length].lstrip("*") if has_star else pattern[:length], pattern[length:]
        if has_star and not chunk:
            return
        characters = _characters(chunk)
        left = _left(characters, name, has_star=has_star, is_last=not pattern)
        if left is None:
            return
        name = left


def _left(characters: list[_Character], name: str, *, has_star: bool, is_last: bool) -> str | None:
    """What of the name is left after them; None, where they are not in it."""
    for start in range(len(name) + 1 if has_star else 1):
        rest = name[start:]
        is_there = len(characters) <= len(rest) and all(map(_Character.takes, characters, rest))
        left = rest[len(characters) :]
        if is_there and not (is_last and left):
            return left
    return None


def _chunk_length(pattern: str) -> tuple[bool, int]:
    """Whether it begins with stars, and where the next ones are."""
    at = len(pattern) - len(pattern.lstrip("*"))
    has_star, is_within = at > 0, False
    while at < len(pattern):
        if pattern[at] == "\\":
            at += 1
        elif pattern[at] == "*" and not is_within:
            break
        elif pattern[at] in "[]":
            is_within = pattern[at] == "["
        at += 1
    return has_star, min(at, len(pattern))


def _characters(chunk: str) -> list[_Character]:
    found: list[_Character] = []
    at = 0
    while at < len(chunk):
        if chunk[at] == "[":
            character, at = _brackets(chunk, at + 1)
        elif chunk[at] == "?":
            character, at = _NO_SLASH, at + 1
        else:
            at += chunk[at] == "\\"
            if at == len(chunk):
                raise NotAPattern("it ends with a backslash")
            character, at = _Character(((chunk[at], chunk[at]),)), at + 1
        found.append(character)
    return found


def _brackets(chunk: str, at: int) -> tuple[_Character, int]:
    is_without = chunk[at : at + 1] == "^"
    at += is_without
    ranges: list[tuple[str, str]] = []
    while not (chunk[at : at + 1] == "]" and ranges):
        low, at = _member(chunk, at)
        high = low
        if chunk[at] == "-":
            high, at = _member(chunk, at + 1)
        ranges.append((low, high))
    return _Character(tuple(ranges), is_without), at + 1


def _member(chunk: str, at: int) -> tuple[str, int]:
    if chunk[at : at + 1] in {"", "-", "]"}:
        raise NotAPattern("a [ is not closed, or has nothing in it")
    at += chunk[at] == "\\"
    if at + 1 >= len(chunk):
        raise NotAPattern("a [ is not closed")
    return chunk[at], at + 1


def path_matcher(pattern: str) -> Callable[[str], bool]:
    """`filepath.Match(pattern, …)` itself, as COPY takes wildcards: no `**`, and no star goes past a slash."""
    written = "".join("[^/]*" if part is None else _expression(part) for part in _parts(pattern))
    return lambda path: len(path) <= _LONGEST and re.fullmatch(written, path, re.DOTALL) is not None


def _parts(pattern: str) -> Iterator[_Character | None]:
    """None for a star."""
    stars = 0
    while pattern:
        has_star, length = _chunk_length(pattern)
        if has_star and (stars := stars + 1) <= _MOST_STARS:
            yield None
        yield from _characters(pattern[:length].lstrip("*") if has_star else pattern[:length])
        pattern = pattern[length:]


def _expression(character: _Character) -> str:
    ranges = "".join(f"{_escaped(low)}-{_escaped(high)}" for low, high in character.ranges if low <= high)
    return f"[{'^' if character.is_without else ''}{ranges}]" if ranges else "(?!)"


def _escaped(character: str) -> str:
    return "\\" + character if character in r"\]^-[&~|" else character
