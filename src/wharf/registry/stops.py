"""How a stop reaches the workers: once, and not before they can hear it.

The parent hears SIGTERM and SIGINT and tells each worker with one SIGTERM. A worker is born with the parent's handlers,
and its loop runs twice, for the start-up and then for good: a signal that came in between would be swallowed. So
workers keep these signals blocked from their birth on, and hear SIGTERM from when the loop runs for good. A Ctrl-C
goes to the whole group; that workers never hear it is what lets a second one do no harm.

A worker whose parent dies is told by the system, with a signal of its own, and so is one that makes room for another:
nobody waits for them to end it when the time for a stop is up, so it does that itself. One that is still starting when
its parent dies ends at once.
"""

import asyncio
import ctypes
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Final

_PR_SET_PDEATHSIG: Final = 1
_IN_TIME: Final = signal.SIGUSR1
"""Upon this one a worker stops, and sees to it that it has ended when the time for that is up."""
_KEPT_FROM_WORKERS: Final = (signal.SIGTERM, signal.SIGINT, _IN_TIME)
_FOR_GOOD_SECONDS: Final = 0.2


def keep_from_workers() -> None:
    """In the parent, before there are workers."""
    os.register_at_fork(
        before=lambda: signal.pthread_sigmask(signal.SIG_BLOCK, _KEPT_FROM_WORKERS),
        after_in_parent=lambda: signal.pthread_sigmask(signal.SIG_UNBLOCK, _KEPT_FROM_WORKERS),
    )


def stop_in_time(worker: int) -> None:
    """In the parent: the worker finishes what is under way, and nobody needs to wait for it."""
    with suppress(ProcessLookupError):
        os.kill(worker, _IN_TIME)


def end_with(parent: int) -> None:
    """In a worker: without its parent nobody would stop it or start it again, and it would hold the port for ever."""
    _hear_when_alone(signal.SIGKILL)
    if sys.platform.startswith("linux") and os.getppid() != parent:  # it died before we asked
        os.kill(os.getpid(), signal.SIGKILL)


def hear_when_running(stop_seconds: int, then: Callable[[], None]) -> None:
    """In a worker, during the start-up; threads that it started before leave signals to the main one.

    `then` is called when the loop runs for good: from then on the worker serves, and hears.
    """
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(_IN_TIME, partial(_stop_in_time, stop_seconds))
    _hear_when_alone(_IN_TIME)
    loop.call_later(_FOR_GOOD_SECONDS, _hear, then)


def _hear(then: Callable[[], None]) -> None:
    signal.pthread_sigmask(signal.SIG_UNBLOCK, (signal.SIGTERM, _IN_TIME))
    then()


def _stop_in_time(seconds: int) -> None:
    signal.alarm(seconds)  # nothing of ours listens for it: the system ends us then
    os.kill(os.getpid(), signal.SIGTERM)


def _hear_when_alone(told_by: signal.Signals) -> None:
    if sys.platform.startswith("linux"):
        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, told_by)
