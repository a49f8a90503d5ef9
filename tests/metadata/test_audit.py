"""The audit log in SQLite: nothing in it changes, whoever asks; two who write keep one order; all is found by index."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.metadata.explaining import effort
from wharf.metadata.audit import AuditFilter, Span
from wharf.metadata.ledger import Ledger
from wharf.metadata.records import Moment
from wharf.metadata.sqlite import SqliteMetadata
from wharf.metadata.store import MetadataStore
from wharf.testing.contracts.audit_and_outbox import AuditAndOutboxContract, entry, hook
from wharf.testing.contracts.metadata_store import moment


class TestSqliteAuditAndOutbox(AuditAndOutboxContract):
    def make(self, folder: Path) -> MetadataStore:
        return SqliteMetadata(folder)


def filled(folder: Path, count: int) -> None:
    def change(ledger: Ledger) -> None:
        made = hook(ledger)
        for number in range(count):
            ledger.audit.add(entry("package.push", f"owner{number % 50}"), moment(number))
            ledger.outbox.put(made.id, str(number), "package.push", "{}", moment(number))

    async def story() -> None:
        await store.write(change)

    store = SqliteMetadata(folder, forced=False)
    asyncio.run(story())
    store.close()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET actor = 'nobody'",
        "UPDATE audit SET happened_at = 0 WHERE id = 1",
        "DELETE FROM audit",
        "DELETE FROM audit WHERE id = 1",
        "INSERT OR REPLACE INTO audit SELECT * FROM audit WHERE id = 1",
        "REPLACE INTO audit SELECT id, 0, actor, credential, address, action, owner, target, details FROM audit",
    ],
)
def test_the_database_itself_refuses_to_change_an_entry(tmp_path: Path, statement: str) -> None:
    filled(tmp_path, 3)
    with closing(sqlite3.connect(tmp_path / "wharf.db")) as connection:
        before = connection.execute("SELECT * FROM audit").fetchall()
        with pytest.raises(sqlite3.IntegrityError, match="only ever added to"):
            connection.execute(statement)
        connection.rollback()
        assert before == connection.execute("SELECT * FROM audit").fetchall()


def test_two_who_write_keep_one_order_and_lose_nothing(tmp_path: Path) -> None:
    async def story() -> None:
        stores = SqliteMetadata(tmp_path, forced=False), SqliteMetadata(tmp_path, forced=False)

        async def write(writer: int) -> None:
            for number in range(100):
                change = entry("package.push", target=f"{writer}/{number}")
                await stores[writer].write(lambda ledger, it=change: ledger.audit.add(it, moment(0)))  # type: ignore[misc]

        await asyncio.gather(write(0), write(1))
        records = await stores[0].read(lambda ledger: ledger.audit.page(None, 0, 1000))
        for writer in ("0", "1"):
            targets = [record.entry.target for record in records if record.entry.target.startswith(f"{writer}/")]
            assert [f"{writer}/{number}" for number in range(100)] == targets
        assert [record.id for record in records] == sorted(record.id for record in records)
        for store in stores:
            store.close()

    asyncio.run(story())


def test_what_is_asked_for_is_found_by_index(tmp_path: Path) -> None:
    """Every question that the log, the outbox and a change ask; each step of their plans is a search, and no scan.

    What was sent is not read to find out in which order it is shown.
    """
    asked: list[str] = []

    class Listening:
        def __init__(self, connection: sqlite3.Connection) -> None:
            self._connection = connection

        def rows(self, statement: str, *values: object) -> list[tuple[object, ...]]:
            plan = self._connection.execute(f"EXPLAIN QUERY PLAN {statement}", values).fetchall()
            asked.extend(f"{step[3]} <- {statement}" for step in plan)
            return self._connection.execute(statement, values).fetchall()

        def run(self, statement: str, *values: object) -> int:
            return self._connection.execute(statement, values).rowcount

    filled(tmp_path, 100)
    with closing(sqlite3.connect(tmp_path / "wharf.db")) as connection:
        ledger = Ledger(Listening(connection))
        (webhook, *_) = ledger.webhooks.listening("crew")
        ledger.outbox.page(webhook.id, None, 0, 10)
        for wanted in (AuditFilter(owner="owner3"), AuditFilter(target="crew/app")):
            ledger.audit.stretch(wanted, Span(), 10, newest_first=True)
        ledger.audit.span(AuditFilter(since=moment(1), until=moment(2)))
        ledger.audit.stretch(AuditFilter(), Span(after=5), 10, newest_first=False)
    assert [] == [step for step in asked if step.startswith("SCAN") and "ORDER BY happened_at" not in step]
    assert [] == [step for step in asked if "USING INDEX deliveries_by_webhook" in step]


@pytest.mark.slow
def test_what_is_due_is_found_at_once_behind_a_hundred_thousand(tmp_path: Path) -> None:
    filled(tmp_path, 100_000)
    with closing(sqlite3.connect(tmp_path / "wharf.db")) as connection:
        assert effort(connection, lambda ledger: ledger.outbox.due(Moment(1 << 60), 200)) < 2_000
