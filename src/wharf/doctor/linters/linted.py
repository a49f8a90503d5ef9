"""What another checker found, in our words: which of its rules, where, how grave, and what it says."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from wharf.doctor.finding import Severity
from wharf.formats.span import Span

_MOST: Final = 5_000
Json = dict[str, object]


@dataclass(frozen=True)
class Linted:
    code: str
    """`DL3008`, `expression`, `unpinned-uses`."""
    span: Span
    severity: Severity
    says: str


class NotUnderstood(ValueError):
    """What the checker printed is not what it used to print."""


@dataclass(frozen=True)
class Linter:
    """A program, how it is called, and which of our rules say the same as its own."""

    name: str
    takes: Callable[[str], bool]
    """Which files of a repository it is given."""
    arguments: tuple[str, ...]
    read: Callable[[str], tuple[Linted, ...]]
    same: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}), hash=False)
    """Its rules, and those of ours that find the same."""


def objects(printed: str) -> list[Json]:
    """The objects of a list in JSON."""
    try:
        read = json.loads(printed) if printed.strip() else []
    except (ValueError, RecursionError):
        raise NotUnderstood(printed[:200]) from None
    if read is None:
        return []
    if not isinstance(read, list) or not all(isinstance(each, dict) for each in read):
        raise NotUnderstood(printed[:200])
    return read[:_MOST]


def text_of(found: Json, key: str) -> str:
    value = found.get(key)
    return value if isinstance(value, str) else ""


def number_of(found: Json, key: str, otherwise: int = 1) -> int:
    value = found.get(key)
    return value if isinstance(value, int) and value > 0 else otherwise


def part_of(found: Json, *keys: str) -> Json:
    """An object within objects; empty, where there is none."""
    for key in keys:
        inner = found.get(key)
        found = inner if isinstance(inner, dict) else {}
    return found


def path_of(written: str) -> str:
    return written.removeprefix("./")
