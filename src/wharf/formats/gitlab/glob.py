"""Patterns for paths, as `include`, `exists` and others have them: `*`, `**`, `?`, `[ab]` and `{a,b}`.

A path is compared part by part, so that no pattern takes long, whatever it looks like.
"""

from collections.abc import Iterable
from fnmatch import fnmatchcase
from typing import Final

_MOST_ALTERNATIVES: Final = 64
_LONGEST: Final = 400
_MOST_STARS: Final = 4
"""In one part of a path; fnmatch tries every split of the others."""


def matching(pattern: str, paths: Iterable[str]) -> list[str]:
    alternatives = [each.split("/") for each in _alternatives(pattern) if len(each) <= _LONGEST]
    alternatives = [parts for parts in alternatives if all(part.count("*") <= _MOST_STARS for part in parts)]
    return [path for path in paths if any(_matches(parts, path.split("/")) for parts in alternatives)]


def _alternatives(pattern: str) -> list[str]:
    """`a.{yml,yaml}` is two patterns. Braces within braces are taken as they stand."""
    ready: list[str] = []
    waiting = [pattern]
    while waiting and len(ready) + len(waiting) <= _MOST_ALTERNATIVES:
        each = waiting.pop()
        start, end = each.find("{"), each.find("}")
        if 0 <= start < end:
            waiting += [each[:start] + choice + each[end + 1 :] for choice in each[start + 1 : end].split(",")]
        else:
            ready.append(each)
    return ready


def _matches(parts: list[str], path: list[str]) -> bool:
    """Which beginnings of the pattern can have been used up, after each part of the path."""
    reached = _past_stars({0}, parts)
    for name in path:
        following = {at for at in reached if at < len(parts) and parts[at] == "**"}
        following |= {
            at + 1 for at in reached if at < len(parts) and parts[at] != "**" and fnmatchcase(name, parts[at])
        }
        reached = _past_stars(following, parts)
    return len(parts) in reached


def _past_stars(reached: set[int], parts: list[str]) -> set[int]:
    """`**` may stand for nothing."""
    for at in sorted(reached):
        while at < len(parts) and parts[at] == "**":
            at += 1  # noqa: PLW2901 - the next place that is reached with it
            reached.add(at)
    return reached
