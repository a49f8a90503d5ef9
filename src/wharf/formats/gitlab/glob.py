"""Patterns for paths, as `include`, `exists` and others have them: `*`, `**`, `?`, `[ab]` and `{a,b}`.

A path is compared part by part, so that no pattern takes long, whatever it looks like.
"""

import re
from collections.abc import Callable, Iterable
from fnmatch import translate
from typing import Final

Part = Callable[[str], re.Match[str] | None] | None
"""Of a pattern, one name; None for `**`, which is any number of them."""
_MOST_ALTERNATIVES: Final = 16
_LONGEST: Final = 400
_MOST_STARS: Final = 4
"""In one part of a path; every split of the others is tried."""


def matching(pattern: str, paths: Iterable[str]) -> list[str]:
    known = [_parts(each) for each in _alternatives(pattern)]
    alternatives = [parts for parts in known if parts is not None]
    return [path for path in paths if any(_matches(parts, path.split("/")) for parts in alternatives)]


def _parts(pattern: str) -> list[Part] | None:
    """Of several `**` in a row one is enough. None, where it would take too long."""
    names = pattern.split("/")
    if len(pattern) > _LONGEST or any(name.count("*") > _MOST_STARS for name in names):
        return None
    kept = [name for at, name in enumerate(names) if name != "**" or names[at - 1 : at] != ["**"]]
    return [None if name == "**" else re.compile(translate(name)).match for name in kept]


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


def _matches(parts: list[Part], path: list[str]) -> bool:
    """Which beginnings of the pattern can have been used up, after each part of the path."""
    reached = _past_stars({0}, parts)
    for name in path:
        following: set[int] = set()
        for at in reached:
            if at < len(parts) and (part := parts[at]) is None:
                following.add(at)
            elif at < len(parts) and part is not None and part(name):
                following.add(at + 1)
        if not following:
            return False
        reached = _past_stars(following, parts)
    return len(parts) in reached


def _past_stars(reached: set[int], parts: list[Part]) -> set[int]:
    """`**` may stand for nothing."""
    return reached | {at + 1 for at in reached if at < len(parts) and parts[at] is None}
