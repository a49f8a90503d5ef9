"""Threads on which the disk is waited for.

asyncio's own way to a thread and back carries each answer through two futures, their locks and their callbacks. A
small push goes this way six times, and that was a tenth of its processor time. Here a thread tells the waiting one
directly.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TypeVar

T = TypeVar("T")


class DiskThreads:
    def __init__(self, most: int) -> None:
        self._pool = ThreadPoolExecutor(most, thread_name_prefix="disk")

    def do(self, work: Callable[..., T], *arguments: object) -> "asyncio.Future[T]":
        """Whoever stops waiting does not stop the work, once it has begun."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[T] = loop.create_future()

        def run() -> None:
            if answer.cancelled():
                return
            try:
                tell = _given(answer, work(*arguments))
            except BaseException as error:  # noqa: BLE001 - whatever the work raises belongs to whoever asked for it
                tell = _failed(answer, error)
            with suppress(RuntimeError):  # the loop has ended: nobody waits
                loop.call_soon_threadsafe(tell)

        self._pool.submit(run)
        return answer

    def close(self) -> None:
        self._pool.shutdown(wait=True)


def _given(answer: "asyncio.Future[T]", result: T) -> Callable[[], None]:
    return lambda: None if answer.done() else answer.set_result(result)


def _failed(answer: "asyncio.Future[T]", error: BaseException) -> Callable[[], None]:
    return lambda: None if answer.done() else answer.set_exception(error)
