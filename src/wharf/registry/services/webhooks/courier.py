"""The courier: sends what webhooks are owed, beside the requests of one worker process.

All workers have one, and one of them works: the one that holds a lock on a file. When its process ends, however it
does, the system lets go of the lock, and the courier of another takes over.
"""

import asyncio
import contextlib
import fcntl
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from wharf.errors import WharfError
from wharf.metadata.lock_file import opened
from wharf.registry.services.webhooks.delivery import Delivery

_LOOK_EVERY: Final = 1.0
_AFTER_TROUBLE: Final = 5.0
_log = logging.getLogger("wharf.registry")


class Courier:
    def __init__(self, delivery: Delivery, lock: Path, look_every: float = _LOOK_EVERY) -> None:
        """`look_every`: how often it is asked whether the lock is free, in seconds."""
        self._delivery = delivery
        self._lock = lock
        self._look_every = look_every
        self._task: asyncio.Task[None] | None = None
        self._has_complained = False

    def start(self) -> None:
        """On the loop that runs."""
        self._task = asyncio.get_running_loop().create_task(self._work())

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def _work(self) -> None:
        while True:
            try:
                with _held(self._lock) as is_ours:
                    if is_ours:
                        await self._deliver()
            except OSError as problem:
                self._complain(problem)
            await asyncio.sleep(self._look_every)

    def _complain(self, problem: OSError) -> None:
        """Once: it may stay so for weeks."""
        if not self._has_complained:
            _log.warning("webhooks are not delivered by this worker: %s", problem)
        self._has_complained = True

    async def _deliver(self) -> None:
        """Trouble of the database passes, and a mistake of ours must not end all deliveries for good."""
        while True:
            try:
                await self._delivery.run()
            except WharfError as problem:
                _log.warning("webhooks are not delivered for the moment: %s", problem)
            except Exception:  # noqa: BLE001 - the outermost place: it is logged, and tried again
                _log.exception("webhooks are not delivered for the moment")
            await asyncio.sleep(_AFTER_TROUBLE)


@contextmanager
def _held(lock: Path) -> Iterator[bool]:
    """Raises OSError where there is no such file to be had."""
    fd = opened(lock)
    try:
        yield _is_taken(fd)
    finally:
        os.close(fd)


def _is_taken(fd: int) -> bool:
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
