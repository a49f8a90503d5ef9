"""How a stop reaches the workers: once, and not before they can hear it.

The parent hears SIGTERM and SIGINT and tells each worker with one SIGTERM. A worker is born with the parent's handlers,
and its loop runs twice, for the start-up and then for good: a signal that came in between would be swallowed. So
workers keep both signals blocked from their birth on, and hear SIGTERM alone, from when the loop runs for good. A
Ctrl-C goes to the whole group; that workers never hear it is what lets a second one do no harm.
"""

import asyncio
import ctypes
import os
import signal
import sys
from contextlib import suppress

_PR_SET_PDEATHSIG = 1
_STOPS = (signal.SIGTERM, signal.SIGINT)
_FOR_GOOD_SECONDS = 0.2


def keep_from_workers() -> None:
    """In the parent, before there are workers."""
    os.register_at_fork(
        before=lambda: signal.pthread_sigmask(signal.SIG_BLOCK, _STOPS),
        after_in_parent=lambda: signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOPS),
    )


def hear_when_running() -> None:
    """In a worker, during the start-up; threads that it started before leave signals to the main one."""
    asyncio.get_running_loop().call_later(
        _FOR_GOOD_SECONDS, signal.pthread_sigmask, signal.SIG_UNBLOCK, (signal.SIGTERM,)
    )


def end_with(parent: int) -> None:
    """In a worker: without its parent nobody would stop it or start it again, and it would hold the port for ever."""
    if not sys.platform.startswith("linux"):
        return
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:  # it died before we asked
        os.kill(os.getpid(), signal.SIGTERM)
