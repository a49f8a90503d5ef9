"""Moments and days as the API writes them: ISO 8601, moments to the second, in UTC."""

from datetime import date
from typing import Final

from wharf.metadata.records import Moment
from wharf.registry.services.clock import in_iso

_FIRST: Final = date(1970, 1, 1).toordinal()


def written(moment: Moment) -> str:
    return in_iso(moment)


def maybe_written(moment: Moment | None) -> str | None:
    return None if moment is None else written(moment)


def day_written(day: int) -> str:
    """Days are counted from the first one of 1970."""
    return date.fromordinal(_FIRST + day).isoformat()
