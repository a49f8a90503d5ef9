"""What a registry says beside its answers: warnings, and how many pulls are left.

Warning: 299 - "this repository moves on 1 March"
RateLimit-Limit: 100;w=21600            one hundred in 21600 seconds
RateLimit-Remaining: 99;w=21600
"""

import re
from collections.abc import Callable
from typing import Final, NamedTuple

from wharf.client.message import Headers
from wharf.errors import shown

_MOST_WARNINGS: Final = 20
_LONGEST_HEADER: Final = 4096
_warning_at = re.compile(r'299 [^ "]+ "([^"\\]*(?:\\.[^"\\]*)*)"').finditer
_quoted_pair = re.compile(r"\\(.)")
_read_amount = re.compile(r"\s*([0-9]{1,9})\s*(?:;\s*w\s*=\s*([0-9]{1,9})\s*)?(?:[;,].*)?").fullmatch


class RateLimit(NamedTuple):
    """How many pulls this account or address has left, of how many, in how many seconds. 0 seconds: it did not say."""

    limit: int
    remaining: int
    window_seconds: int = 0
    counted_by: str = ""

    def __str__(self) -> str:
        within = f" within {_duration(self.window_seconds)}" if self.window_seconds else ""
        return f"{self.remaining} of {self.limit} pulls left{within}"


class Notices:
    """Each notice of a registry is told once, however many answers carry it."""

    def __init__(self, registry: str, tell: Callable[[str], None]) -> None:
        self._registry = registry
        self._tell = tell
        self._told: set[str] = set()
        self._limit_told = False
        self.rate_limit: RateLimit | None = None

    def read(self, headers: Headers) -> None:
        for warning in warnings_of(headers):
            self.tell_once(f"{self._registry} warns: {warning}")
        if limit := rate_limit_of(headers):
            self.rate_limit = limit
            if not self._limit_told:
                self._limit_told = True
                self._tell(f"{self._registry}: {limit}")

    def tell_once(self, warning: str) -> None:
        if warning not in self._told and len(self._told) < _MOST_WARNINGS:
            self._told.add(warning)
            self._tell(warning)


def warnings_of(headers: Headers) -> tuple[str, ...]:
    """The texts of `Warning: 299`, safe to print."""
    found = (match for header in headers.all("warning") for match in _warning_at(header[:_LONGEST_HEADER]))
    return tuple(shown(_quoted_pair.sub(r"\1", match[1])) for match in found)


def rate_limit_of(headers: Headers) -> RateLimit | None:
    limit = _read_amount(headers.first("ratelimit-limit") or "")
    remaining = _read_amount(headers.first("ratelimit-remaining") or "")
    if limit is None or remaining is None:
        return None
    window = int(limit[2] or remaining[2] or 0)
    return RateLimit(int(limit[1]), int(remaining[1]), window, shown(headers.first("docker-ratelimit-source") or ""))


def _duration(seconds: int) -> str:
    for size, word in ((3600, "hour"), (60, "minute")):
        if seconds >= size and seconds % size == 0:
            return f"{seconds // size} {word}{'s' if seconds > size else ''}"
    return f"{seconds} seconds"
