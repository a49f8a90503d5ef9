"""Runs the part of a command that waits for the network, and ends it soon when somebody presses Ctrl-C.

What is half-written is taken away by those who wrote it, because their work is cancelled. A thread that waits for a
silent registry cannot be cancelled: it is left behind, and the process does not wait for it.
"""

import os
import signal
import sys
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Final, TypeVar

import click

from wharf.cli.exit_codes import INTERRUPTED

T = TypeVar("T")

_PATIENCE_SECONDS: Final = 0.7
_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)
_CLOSED: Final = "SIGHUP"
"""The terminal was closed. Windows has no such signal, and under nohup it is not listened to."""


def run_to_end(work: Coroutine[object, object, T], patience: float = _PATIENCE_SECONDS) -> T:
    """Raises click.Abort when it was told to stop. `patience`, in seconds: what the work then has to put away."""
    import asyncio  # noqa: PLC0415 - start-up time: help and version do not wait for anything

    runner = asyncio.Runner()
    loop = runner.get_loop()
    told = threading.Event()

    async def cancellable() -> T:
        task = asyncio.current_task()
        assert task is not None
        with _told_to_stop(told, lambda: loop.call_soon_threadsafe(task.cancel), patience):
            return await work

    try:
        return runner.run(cancellable())
    except asyncio.CancelledError:
        raise click.Abort from None
    finally:
        if not told.is_set():  # to close it is to wait for its threads
            runner.close()


@contextmanager
def _told_to_stop(told: threading.Event, stop: Callable[[], object], patience: float) -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield  # signals reach the main thread only
        return

    def on_signal(number: int, frame: FrameType | None) -> None:
        for again in signals:
            signal.signal(again, lambda number, frame: _leave())
        told.set()
        watchdog = threading.Timer(patience, _leave)
        watchdog.daemon = True
        watchdog.start()
        stop()

    signals = _signals()
    before = {number: signal.signal(number, on_signal) for number in signals}
    try:
        yield
    finally:
        if not told.is_set():
            for number, handler in before.items():
                signal.signal(number, handler)


def _signals() -> tuple[signal.Signals, ...]:
    closed = [each for each in signal.Signals if each.name == _CLOSED]
    return (*_SIGNALS, *(each for each in closed if signal.getsignal(each) is not signal.SIG_IGN))


def _leave() -> None:
    """At once, without a look at the threads that are left."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    os._exit(INTERRUPTED.code)
