"""What we know, in one SQLite file: no service to run, and fast because it is here.

Questions run at once on the thread that asks, on a connection of its own (WAL: readers see the last commit and wait for
nobody). Changes go to one writing thread, which commits all that are waiting together: one forced write to disk serves
many pushes.
"""

import errno
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Final, TypeVar

from wharf.errors import StoreBusy, StoreFull, StoreProblem, WharfError
from wharf.metadata.access_number import AccessNumber
from wharf.metadata.counters import Counters
from wharf.metadata.group_commit import GroupCommit, WriteTurn
from wharf.metadata.ledger import Ledger
from wharf.metadata.migrate import migrate
from wharf.metadata.session import Row, Value
from wharf.metadata.surveyor import Surveyor

_REFUSED: Final = "SELECT RAISE(ABORT, 'this is only ever added to')"
_WORDS: Final = {
    "serial": "INTEGER PRIMARY KEY AUTOINCREMENT",
    "bytes": "BLOB",
    "text": "TEXT",
    "each_of_tags": "json_each(deleted_manifests.tags) AS each",
    "refused": f"BEGIN {_REFUSED}; END",
    # What REPLACE takes away it takes without asking the triggers of deletion.
    "refused_if_known": f"WHEN EXISTS (SELECT 1 FROM audit WHERE id = NEW.id) BEGIN {_REFUSED}; END",
}
DATABASE: Final = "wharf.db"
_OURS: Final = 0o600
_BUSY_SECONDS: Final = 30
_FULL: Final = {sqlite3.SQLITE_FULL}
_FULL_OR_BROKEN: Final = {
    sqlite3.SQLITE_IOERR_WRITE,  # beyond a quota, or on a disk that takes nothing
    sqlite3.SQLITE_IOERR_SHMSIZE,  # the first who opens the file finds no room for its index of the log
}
_PAGE: Final = 4096
_BUSY: Final = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}

T = TypeVar("T")


class SqliteSession:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._execute = connection.execute

    def rows(self, statement: str, *values: Value) -> list[Row]:
        return self._execute(statement, values).fetchall()

    def run(self, statement: str, *values: Value) -> int:
        return self._execute(statement, values).rowcount


class SqliteMetadata:
    """Serves MetadataStore. Several processes may share the file."""

    def __init__(self, folder: Path, *, forced: bool = True) -> None:
        """`forced`: each commit is forced to disk and survives power loss. Else nothing waits for the disk."""
        self._path = folder / DATABASE
        self._forced = forced
        with sqlite_errors(self._path), ExitStack() as opened:  # what is open when something of it fails is closed
            turn = WriteTurn(folder / "write.lock")
            opened.callback(turn.close)
            _keep_to_ourselves(self._path)
            self._access = AccessNumber(folder / "access.number")
            opened.callback(self._access.close)
            with turn.taken():  # from the first connection on: SQLite lets nobody wait for who makes the file's log
                writer = self._connect(shared_between_threads=True)
                opened.callback(writer.close)
                _migrate(writer)
                self._access.tell(Counters(SqliteSession(writer)).access())
            self._connection = self._connect()
            opened.pop_all()
        self._ledger = Ledger(SqliteSession(self._connection))
        self._surveyor = Surveyor(partial(self._connect, shared_between_threads=True), SqliteSession)
        self._writer = GroupCommit(writer, Ledger(SqliteSession(writer)), turn, self._access, self._translated)

    async def read(self, question: Callable[[Ledger], T]) -> T:
        try:
            return question(self._ledger)
        except sqlite3.Error as error:
            raise self._translated(error) from error

    async def survey(self, question: Callable[[Ledger], T]) -> T:
        try:
            return await self._surveyor.ask(question)
        except sqlite3.Error as error:
            raise self._translated(error) from error

    async def access(self) -> int:
        known = self._access.known()
        if known is not None:
            return known
        number = await self.read(lambda ledger: ledger.counters.access())
        self._access.compared(number)
        return number

    async def write(self, change: Callable[[Ledger], T]) -> T:
        return await self._writer.submit(change)

    def copied_to(self, folder: Path) -> "SqliteMetadata":
        """The same knowledge in another folder, to try things on; readers and writers here are not held up."""
        with sqlite_errors(folder):
            self._connection.execute("VACUUM INTO ?", (str(folder / DATABASE),))
        return SqliteMetadata(folder, forced=False)

    def close(self) -> None:
        self._writer.close()
        self._surveyor.close()
        self._connection.close()
        self._access.close()

    def _connect(self, *, shared_between_threads: bool = False) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self._path,
            timeout=_BUSY_SECONDS,
            isolation_level=None,
            check_same_thread=not shared_between_threads,
            cached_statements=256,
        )
        try:
            self._set_up(connection)
        except sqlite3.Error:
            connection.close()
            raise
        return connection

    def _set_up(self, connection: sqlite3.Connection) -> None:
        connection.execute(f"PRAGMA synchronous = {'FULL' if self._forced else 'OFF'}")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA journal_size_limit = 67108864")
        connection.execute("PRAGMA cache_size = -8192")

    def _translated(self, error: sqlite3.Error) -> WharfError:
        return _translate(error, self._path)


def _keep_to_ourselves(path: Path) -> None:
    """Nobody else on this machine reads the keys that tokens are signed with. What SQLite puts beside it does the same.

    A file of somebody else stays as they made it; whether it can be used is seen when it is opened.
    """
    with suppress(OSError):
        path.touch(mode=_OURS)
        path.chmod(_OURS)


@contextmanager
def sqlite_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise _translate(error, path) from error


def _translate(error: sqlite3.Error, path: Path) -> WharfError:
    code = getattr(error, "sqlite_errorcode", None)
    if code in _FULL or (code in _FULL_OR_BROKEN and not _is_broken(path.parent)):
        return StoreFull(str(path))
    if code in _BUSY:
        return StoreBusy("the registry's database")
    return StoreProblem(
        f"the registry's database cannot be used: {error}",
        evidence=[f"file: {path}"],
        next_step="look at the file's rights and the disk; `PRAGMA integrity_check` in sqlite3 says if it is whole",
    )


def _is_broken(folder: Path) -> bool:
    """Whether the disk takes nothing for another reason than want of room. SQLite does not say; the disk does."""
    try:
        with tempfile.TemporaryFile(dir=folder, buffering=0) as probe:
            probe.write(bytes(_PAGE))
    except OSError as problem:
        return problem.errno not in {errno.ENOSPC, errno.EDQUOT}
    return False


def _migrate(connection: sqlite3.Connection) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        migrate(SqliteSession(connection), _WORDS)
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")
