"""What time it is, as an argument; and how long ago something was, in words."""

import time
from collections.abc import Callable
from datetime import UTC, datetime

from wharf.errors import counted
from wharf.metadata.records import Moment

Clock = Callable[[], Moment]

_UNITS = ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second"))


def system_clock() -> Moment:
    return Moment(time.time_ns() // 1_000_000)


def before(now: Moment, seconds: float) -> Moment:
    return Moment(now - int(seconds * 1000))


def after(now: Moment, seconds: float) -> Moment:
    return Moment(now + int(seconds * 1000))


def in_iso(moment: Moment) -> str:
    """ "2026-11-21T20:40:00Z"."""
    return datetime.fromtimestamp(moment // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def ago(moment: Moment, now: Moment) -> str:
    """ "3 minutes ago": one unit, rounded down."""
    seconds = max(0, (now - moment) // 1000)
    return f"{lasting(seconds)} ago" if seconds else "just now"


def lasting(seconds: int) -> str:
    """ "90 days": one unit, rounded down."""
    size, unit = next((each for each in _UNITS if seconds >= each[0]), _UNITS[-1])
    return counted(seconds // size, unit)
