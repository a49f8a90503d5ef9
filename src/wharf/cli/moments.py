"""Moments as images and people write them: "2026-11-21T09:00:00Z", "3 days ago", "30d"."""

import re
from datetime import UTC, datetime, timedelta
from typing import Final

import click

_UNITS: Final = (
    (365 * 86_400, "year"),
    (30 * 86_400, "month"),
    (86_400, "day"),
    (3_600, "hour"),
    (60, "minute"),
    (1, "second"),
)
_read_span: Final = re.compile(r"(?P<count>[0-9]{1,6}) ?(?P<unit>[smhdwy])").fullmatch
_SECONDS: Final = {"s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 7 * 86_400, "y": 365 * 86_400}
_FIRST_BELIEVABLE: Final = datetime(2000, 1, 1, tzinfo=UTC)
"""Builds that leave their time out say 1970 or 1980. No image is older than images are."""


def moment_of(text: str) -> datetime | None:
    """None for what is no moment, and for what only stands in the place of one."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    aware = found if found.tzinfo else found.replace(tzinfo=UTC)
    return aware if aware > _FIRST_BELIEVABLE else None


def ago(moment: datetime, now: datetime) -> str:
    """One unit, rounded down."""
    seconds = int((now - moment).total_seconds())
    for size, unit in _UNITS:
        if seconds >= size:
            count = seconds // size
            return f"{count} {unit}{'s' if count > 1 else ''} ago"
    return "just now"


class SinceParameter(click.ParamType[datetime]):
    """A span of time until now, or a day."""

    name = "AGE"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        if isinstance(value, datetime):
            return value
        span = _read_span(str(value))
        moment = _before_now(span) if span else moment_of(str(value))
        if moment is None:
            self.fail(f"{value!r} is neither a span such as 12h, 30d, 6w nor a day such as 2026-11-01", param, ctx)
        return moment


class SpanParameter(click.ParamType[int]):
    """A span of time, in seconds."""

    name = "SPAN"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        if isinstance(value, int):
            return value
        span = _read_span(str(value))
        if span is None:
            self.fail(f"{value!r} is not a span such as 12h, 30d, 6w", param, ctx)
        return _seconds(span)


def _before_now(span: re.Match[str]) -> datetime:
    return datetime.now(UTC) - timedelta(seconds=_seconds(span))


def _seconds(span: re.Match[str]) -> int:
    return int(span["count"]) * _SECONDS[span["unit"]]
