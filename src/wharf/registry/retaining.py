"""What is done once a day beside the running registry, on the same store, in a process of its own.

All rules of retention are followed, and pulls of long ago are merged.
"""

import asyncio
from collections.abc import AsyncIterator

from wharf.content.reserve import Reserve
from wharf.registry.app import build_metadata
from wharf.registry.services.access import Gate, OpenToAll
from wharf.registry.services.clock import system_clock
from wharf.registry.services.more_room import RoomyStore
from wharf.registry.services.packages.cleaning import Cleaning, Judged
from wharf.registry.services.statistics.merging import Merging
from wharf.registry.settings import Settings

_PAUSE_SECONDS = 0.01


async def merge_pulls(settings: Settings) -> int:
    """Those of long ago, by month. The number of rows that became part of one."""
    metadata = build_metadata(settings)
    try:
        return await Merging(metadata, system_clock).older_than(settings.keep_daily_pulls)
    finally:
        metadata.close()


async def retain(settings: Settings) -> AsyncIterator[Judged]:
    """Repository by repository. Whoever can write to the store need not ask at its gate."""
    metadata = build_metadata(settings)
    try:
        roomy = RoomyStore(metadata, Reserve(settings.data).given_up)
        async for judged in Cleaning(roomy, Gate(OpenToAll()), system_clock).run_everywhere():
            yield judged
            await asyncio.sleep(_PAUSE_SECONDS)  # pushes and pulls go first
    finally:
        metadata.close()
