"""What was just changed is not everywhere at once: some registries need a moment until all their parts know of it."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

T = TypeVar("T")
_WAITS: Final = (0.2, 0.5, 1.0, 2.0)


async def after_a_while(look: Callable[[], Awaitable[T]], is_so: Callable[[T], bool]) -> tuple[T, float]:
    """What was seen last, and after how many seconds; none where it was so at once."""
    begun, seen = time.monotonic(), await look()
    if is_so(seen):
        return seen, 0.0
    for wait in _WAITS:
        await asyncio.sleep(wait)
        seen = await look()
        if is_so(seen):
            break
    return seen, time.monotonic() - begun
