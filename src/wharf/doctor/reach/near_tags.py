"""Which tag was meant, and how far what was asked for is from it."""

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from wharf.oci.nearness import nearness

_ALIKE: Final = 0.6
_SEPARATORS: Final = ("-", "_", ".")
_commit = re.compile(r"(?<![0-9a-z])[0-9a-f]{7,64}(?![0-9a-z])").search
_version = re.compile(r"[vV]?[0-9]").match
_ORDER: Final = ("length", "prefix", "suffix", "case", "v", "spelling")


class Near(NamedTuple):
    """`kinds`: in which ways they differ, one or several."""

    tag: str
    kinds: frozenset[str]


def nearest_tag(wanted: str, tags: Iterable[str]) -> Near | None:
    """Those that say the same otherwise come before those that are merely alike."""
    found = [Near(tag, kinds) for tag in tags if tag != wanted and (kinds := kinds_of(wanted, tag))]
    return min(found, key=lambda near: _rank(wanted, near), default=None)


def kinds_of(wanted: str, tag: str) -> frozenset[str]:
    one, other = _commit(wanted), _commit(tag)
    if one and other and (one[0].startswith(other[0]) or other[0].startswith(one[0])):
        return _of_commits(one, other)
    if wanted.lower() == tag.lower():
        return frozenset({"case"})
    if _version(wanted) and _version(tag) and wanted.lower().removeprefix("v") == tag.lower().removeprefix("v"):
        return frozenset({"v"})
    if _is_affixed(wanted, tag, at_end=True):
        return frozenset({"prefix"})
    if _is_affixed(wanted, tag, at_end=False):
        return frozenset({"suffix"})
    alike = not (one and other) and nearness(wanted, tag) >= _ALIKE
    return frozenset({"spelling"}) if alike and not (_version(wanted) and _version(tag)) else frozenset()


def _of_commits(one: re.Match[str], other: re.Match[str]) -> frozenset[str]:
    differing = {
        "length": len(one[0]) != len(other[0]),
        "prefix": one.string[: one.start()] != other.string[: other.start()],
        "suffix": one.string[one.end() :] != other.string[other.end() :],
    }
    return frozenset(kind for kind, differs in differing.items() if differs)


def _is_affixed(wanted: str, tag: str, *, at_end: bool) -> bool:
    short, long = sorted((wanted, tag), key=len)
    if len(short) < 3:
        return False
    if at_end:
        return any(long.endswith(f"{mark}{short}") for mark in _SEPARATORS)
    return any(long.startswith(f"{short}{mark}") for mark in _SEPARATORS)


def _rank(wanted: str, near: Near) -> tuple[int, int, float, str]:
    best = min(_ORDER.index(kind) for kind in near.kinds)
    return best, len(near.kinds), -nearness(wanted, near.tag), near.tag
