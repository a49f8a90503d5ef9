"""The order in which people expect names that hold numbers: 1.9 before 1.10, and 2.0-rc1 before 2.0."""

import re
from typing import Final, TypeAlias

_PARTS: Final = re.compile(r"[0-9]+|[^0-9]+")
_is_early: Final = re.compile(
    r"[-._+]?(?:alpha|beta|rc|pre|preview|dev|snapshot|nightly|a|b)[-._]?", re.IGNORECASE
).fullmatch

Part: TypeAlias = tuple[int, int, str]
_EARLY, _END, _NUMBER, _TEXT = range(4)


def natural_key(name: str) -> tuple[Part, ...]:
    """Names are sorted by it; two different names never have the same."""
    parts = _PARTS.findall(name)
    after_number = [False, *(part.isdecimal() for part in parts)]
    keyed = [_keyed(part, follows_number=before) for part, before in zip(parts, after_number, strict=False)]
    return (*keyed, (_END, 0, ""), (_END, 0, name))


def _keyed(part: str, *, follows_number: bool) -> Part:
    if part.isdecimal():
        return (_NUMBER, int(part), "")
    early = follows_number and _is_early(part)
    return (_EARLY if early else _TEXT, 0, part.casefold())
