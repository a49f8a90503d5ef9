"""Merging: pulls of long ago are kept by month, not by day, so that what is kept does not grow for ever.

The days of a month become its first one; those of the month in which counting began, the day on which it began: since
when pulls are counted decides what may be deleted. No sum changes but those of single days.
"""

import asyncio
from datetime import date, timedelta
from functools import partial
from typing import Final

from wharf.metadata.ledger import Ledger
from wharf.metadata.pulls import day_of
from wharf.metadata.store import MetadataStore
from wharf.registry.services.clock import Clock, before

_STEP: Final = 500
_PAUSE_SECONDS: Final = 0.01
_BEGINNING: Final = date(1970, 1, 1)


class Merging:
    def __init__(
        self, metadata: MetadataStore, clock: Clock, step: int = _STEP, pause_seconds: float = _PAUSE_SECONDS
    ) -> None:
        self._metadata = metadata
        self._clock = clock
        self._step = step
        self._pause_seconds = pause_seconds

    async def older_than(self, seconds: float) -> int:
        """In steps, between which others write. The number of rows that became part of a month."""
        first = await self._metadata.read(lambda ledger: ledger.stock.first_day_with_pulls())
        if first is None:
            return 0
        end, after, merged = day_of(before(self._clock(), seconds)), first, 0
        while (day := await self._metadata.read(partial(_next_day, after, end))) is not None:
            into = max(first, first_of_month(day))
            moved = 0 if day == into else await self._metadata.write(partial(_move, day, into, self._step))
            merged += moved
            if moved < self._step:
                after = day
            await asyncio.sleep(self._pause_seconds if moved else 0)
        return merged


def first_of_month(day: int) -> int:
    """Both count from 1970."""
    return ((_BEGINNING + timedelta(day)).replace(day=1) - _BEGINNING).days


def _next_day(after: int, end: int, ledger: Ledger) -> int | None:
    return ledger.pulls.next_day(after, end)


def _move(day: int, into: int, limit: int, ledger: Ledger) -> int:
    return ledger.pulls.move(day, into, limit)
