"""The time that a server writes into its answers."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime


def moment_in(date: str) -> datetime | None:
    """None where the header is absent, or is no date."""
    try:
        return parsedate_to_datetime(date).astimezone(UTC) if date else None
    except (ValueError, TypeError, OverflowError):
        return None
