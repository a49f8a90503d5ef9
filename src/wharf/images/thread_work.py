"""The moving of one blob's bytes, which blocks, in a thread of its own; whoever waits for it may leave."""

import asyncio
import threading
from collections.abc import Callable
from typing import Final, TypeVar

from wharf.images.sink import Moved

T = TypeVar("T")
_PATIENCE_SECONDS: Final = 2.0


class _NobodyWaits(Exception):
    """Raised within the work at its next count, so that it puts away what it has begun."""


async def in_thread(work: Callable[[Moved], T], moved: Moved) -> T:
    """The work counts what it moves with the function it is given. Left early, it is given time to clear up."""
    has_left = threading.Event()

    def counted(size: int) -> None:
        if has_left.is_set():
            raise _NobodyWaits
        moved(size)

    job = asyncio.ensure_future(asyncio.to_thread(work, counted))
    try:
        return await asyncio.shield(job)
    except asyncio.CancelledError:
        has_left.set()
        await asyncio.wait({job}, timeout=_PATIENCE_SECONDS)
        job.add_done_callback(_forget)
        raise


def _forget(job: "asyncio.Future[T]") -> None:
    if not job.cancelled():
        job.exception()
