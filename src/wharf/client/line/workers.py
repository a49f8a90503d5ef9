"""Threads that do what blocks, and how whoever waits for them may give up.

Work that nobody waits for any more is stopped at once: its socket is shut, so that the thread wakes with an error
and puts everything away. Nothing of a work that was given up stays open.
"""

import asyncio
import contextlib
import socket
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, TypeVar

from wharf.errors import Unreachable

MOST_THREADS: Final = 16
_PATIENCE_WITH_STOPPED_WORK: Final = 1.0
_PATIENCE_AT_THE_END: Final = 5.0

T = TypeVar("T")


class Watch:
    """Held by a piece of work, and by whoever may want to stop it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._stopped = False

    @property
    def stopped(self) -> bool:
        return self._stopped

    def guard(self, guarded: socket.socket) -> None:
        """From now on this is the socket that is shut. Raises if the work is stopped already."""
        with self._lock:
            self._socket = guarded
            if self._stopped:
                raise given_up()

    def release(self) -> None:
        with self._lock:
            self._socket = None

    def stop(self) -> None:
        with self._lock:
            self._stopped = True
            if self._socket is not None:
                shut(self._socket)


class Workers:
    """A few threads of one session."""

    def __init__(self, name: str) -> None:
        self._threads = ThreadPoolExecutor(MOST_THREADS, thread_name_prefix=f"wharf {name}")
        self._running: dict[Watch, asyncio.Future[Any]] = {}
        self._closed = False

    async def run(self, work: Callable[[Watch], T], put_away: Callable[[T], None] = lambda _: None) -> T:
        """What the work returns. If its caller is cancelled meanwhile, the work is stopped and its result put away."""
        if self._closed:
            raise given_up()
        watch = Watch()
        future = asyncio.get_running_loop().run_in_executor(self._threads, _unless_stopped, work, watch)
        self._running[watch] = future
        future.add_done_callback(lambda _: self._running.pop(watch, None))
        try:
            return await asyncio.shield(future)
        except asyncio.CancelledError:
            watch.stop()
            future.add_done_callback(lambda done: _take_away(done, put_away))
            await asyncio.wait({future}, timeout=_PATIENCE_WITH_STOPPED_WORK)
            raise

    async def close(self) -> None:
        """Stops what still runs and waits for it; twice does no harm.

        What cannot be stopped, the looking up of a name, is left to its end after a while.
        """
        self._closed = True
        for watch in list(self._running):
            watch.stop()
        still_running: set[asyncio.Future[Any]] = set(self._running.values())
        if still_running:
            _, still_running = await asyncio.wait(still_running, timeout=_PATIENCE_AT_THE_END)
        self._threads.shutdown(wait=not still_running, cancel_futures=True)


def shut(guarded: socket.socket) -> None:
    """Wakes whoever reads or writes there. The method of the plain socket: TLS would say goodbye first, and wait."""
    with contextlib.suppress(OSError):
        socket.socket.shutdown(guarded, socket.SHUT_RDWR)


def given_up() -> Unreachable:
    return Unreachable("the registry", "the request was given up", next_step="ask again")


def _unless_stopped(work: Callable[[Watch], T], watch: Watch) -> T:
    if watch.stopped:
        raise given_up()
    return work(watch)


def _take_away(done: asyncio.Future[T], put_away: Callable[[T], None]) -> None:
    if not done.cancelled() and done.exception() is None:
        put_away(done.result())
