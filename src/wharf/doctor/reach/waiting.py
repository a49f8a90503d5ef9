"""Work that blocks, waited for only so long. What takes longer is left behind, and holds up neither answer nor end."""

import asyncio
import contextlib
import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


async def in_time(work: Callable[[], T], seconds: float) -> T:
    """What the work returns or raises; TimeoutError if it takes longer.

    Threads of an executor are waited for when the program ends; the system's search for a name can take minutes.
    """
    loop = asyncio.get_running_loop()
    future: asyncio.Future[T] = loop.create_future()

    def tell(report: Callable[[], None]) -> None:
        with contextlib.suppress(RuntimeError):  # the loop has ended: nobody waits any more
            loop.call_soon_threadsafe(lambda: None if future.done() else report())

    def run() -> None:
        try:
            value = work()
        except Exception as problem:  # noqa: BLE001 - whoever waits is told of it
            failure = problem
            tell(lambda: future.set_exception(failure))
        else:
            tell(lambda: future.set_result(value))

    threading.Thread(target=run, daemon=True, name="wharf looks").start()
    return await asyncio.wait_for(future, seconds)
