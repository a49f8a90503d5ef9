"""One writer that commits what is waiting together.

Forcing a commit to disk costs the same for one change as for fifty. While one commit is on its way to the disk, the
changes of other requests gather; the next commit takes them all. Each change stands behind a savepoint, so that one
that fails takes nothing with it.
"""

import asyncio
import fcntl
import os
import queue
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

from wharf.errors import StoreProblem, WharfError
from wharf.metadata.access_number import AccessNumber
from wharf.metadata.ledger import Ledger
from wharf.metadata.lock_file import opened

_MOST_TOGETHER: Final = 128

T = TypeVar("T")


class WriteTurn:
    """Whose turn it is to write, between processes. SQLite's own lock is asked for in sleeps; this one wakes us."""

    def __init__(self, path: Path) -> None:
        self._fd = opened(path)

    @contextmanager
    def taken(self) -> Iterator[None]:
        fcntl.flock(self._fd, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(self._fd, fcntl.LOCK_UN)

    def close(self) -> None:
        os.close(self._fd)


@dataclass(frozen=True, slots=True)
class _Job:
    change: Callable[[Ledger], Any]
    loop: asyncio.AbstractEventLoop
    answer: "asyncio.Future[Any]"


@dataclass(frozen=True, slots=True)
class _Outcome:
    job: _Job
    result: object = None
    error: BaseException | None = None

    def tell(self) -> None:
        """On the loop that waits, which may have stopped waiting for this one."""
        if self.job.answer.done():
            return
        if self.error is None:
            self.job.answer.set_result(self.result)
        else:
            self.job.answer.set_exception(self.error)


class GroupCommit:
    def __init__(
        self,
        connection: sqlite3.Connection,
        ledger: Ledger,
        turn: WriteTurn,
        access: AccessNumber,
        translated: Callable[[sqlite3.Error], WharfError],
    ) -> None:
        self._connection = connection
        self._ledger = ledger
        self._turn = turn
        self._access = access
        self._translated = translated
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._closing = threading.Lock()
        self._is_closed = False
        self._thread = threading.Thread(target=self._work, name="writer", daemon=True)
        self._thread.start()

    def submit(self, change: Callable[[Ledger], T]) -> "asyncio.Future[T]":
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[T] = loop.create_future()
        with self._closing:
            if self._is_closed:
                raise StoreProblem("the registry stops, and writes nothing any more")
            self._jobs.put(_Job(change, loop, answer))
        return answer

    def close(self) -> None:
        """Commit what is waiting, then stop."""
        with self._closing:
            if self._is_closed:
                return
            self._is_closed = True
            self._jobs.put(None)
        self._thread.join()
        self._connection.close()
        self._turn.close()

    def _work(self) -> None:
        while (first := self._jobs.get()) is not None:
            jobs, ended = self._gather(first)
            _tell_all(self._commit(jobs))
            if ended:
                return

    def _gather(self, first: _Job) -> tuple[list[_Job], bool]:
        jobs = [first]
        while len(jobs) < _MOST_TOGETHER:
            try:
                job = self._jobs.get_nowait()
            except queue.Empty:
                break
            if job is None:
                return jobs, True
            jobs.append(job)
        return jobs, False

    def _commit(self, jobs: list[_Job]) -> list[_Outcome]:
        """Whatever happens, each of them is answered: the thread goes on, and nobody waits for ever."""
        try:
            with self._turn.taken():
                self._connection.execute("BEGIN IMMEDIATE")
                outcomes = [self._attempt(job) for job in jobs]
                with self._access.becoming(self._ledger.counters.access()):
                    self._connection.execute("COMMIT")
        except sqlite3.Error as error:
            return self._failed(jobs, self._translated(error))
        except OSError as error:
            return self._failed(jobs, _without_shared_file(error))
        except Exception as error:  # noqa: BLE001 - who waits for it is told
            return self._failed(jobs, StoreProblem(f"the registry's database could not be written: {error}"))
        return outcomes

    def _failed(self, jobs: list[_Job], error: WharfError) -> list[_Outcome]:
        self._roll_back()
        return [_Outcome(job, error=error) for job in jobs]

    def _attempt(self, job: _Job) -> _Outcome:
        self._connection.execute("SAVEPOINT change")
        try:
            result = job.change(self._ledger)
        except sqlite3.Error as error:
            if not isinstance(error, sqlite3.IntegrityError):
                raise  # the database itself failed: nothing in this commit can be trusted
            return self._undo(job, self._translated(error))
        except Exception as error:  # noqa: BLE001 - whatever a change raises belongs to whoever asked for it
            return self._undo(job, error)
        self._connection.execute("RELEASE change")
        return _Outcome(job, result=result)

    def _undo(self, job: _Job, error: BaseException) -> _Outcome:
        self._connection.execute("ROLLBACK TO change")
        self._connection.execute("RELEASE change")
        return _Outcome(job, error=error)

    def _roll_back(self) -> None:
        """Where not even that can be done, the next commit finds out, and says so."""
        with suppress(sqlite3.Error):
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")


def _without_shared_file(error: OSError) -> StoreProblem:
    """The lock, or the number of access: its path is part of the error."""
    return StoreProblem(
        f"a file that all processes of the registry share cannot be used: {error}",
        next_step="remove what stands in its place, or let the registry write it: it is made anew",
    )


def _tell_all(outcomes: list[_Outcome]) -> None:
    """Waking a loop is a system call, so each is woken once for all that it waits for."""
    for loop in {outcome.job.loop for outcome in outcomes}:
        theirs = [outcome for outcome in outcomes if outcome.job.loop is loop]
        with suppress(RuntimeError):  # the loop has ended: nobody waits
            loop.call_soon_threadsafe(_tell, theirs)


def _tell(outcomes: list[_Outcome]) -> None:
    for outcome in outcomes:
        outcome.tell()
