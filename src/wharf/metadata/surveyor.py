"""Who answers questions that look at much: on a thread and a connection of its own, so that no request waits for them.

One after another: a crowd of such questions takes no more of the machine than one does. And where the processors are
busy, requests come first.
"""

import asyncio
import os
import sqlite3
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Final, TypeVar

from wharf.errors import StoreProblem
from wharf.metadata.ledger import Ledger
from wharf.metadata.session import Session

T = TypeVar("T")


_FURTHER_BACK: Final = 5
_LAST: Final = 19


class Surveyor:
    def __init__(
        self, connect: Callable[[], sqlite3.Connection], session: Callable[[sqlite3.Connection], Session]
    ) -> None:
        """`connect`: a connection that may be closed on another thread."""
        self._connect = connect
        self._session = session
        self._connection: sqlite3.Connection | None = None
        self._is_closed = False
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="surveyor", initializer=_stand_back)

    async def ask(self, question: Callable[[Ledger], T]) -> T:
        if self._is_closed:
            raise StoreProblem("the registry stops, and looks up nothing any more")
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._answer, question)

    def close(self) -> None:
        """What is being looked up ends in an error."""
        self._is_closed = True
        if self._connection is not None:
            self._connection.interrupt()
        self._thread.shutdown(cancel_futures=True)
        if self._connection is not None:
            self._connection.close()

    def _answer(self, question: Callable[[Ledger], T]) -> T:
        if self._connection is None:  # most who open a store never ask such a thing
            self._connection = self._connect()
        self._connection.execute("BEGIN")  # all of it is answered as of one moment, whatever is written meanwhile
        try:
            return question(Ledger(self._session(self._connection)))
        finally:
            self._connection.execute("ROLLBACK")


def _stand_back() -> None:
    """On Linux a thread has a priority of its own; elsewhere this one stays as it is."""
    if sys.platform != "linux":
        return
    with suppress(OSError):  # it is no reason to answer nobody
        own = os.getpriority(os.PRIO_PROCESS, 0)
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), min(_LAST, own + _FURTHER_BACK))
