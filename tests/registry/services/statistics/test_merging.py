"""Pulls of long ago become those of a month; no sum changes, and nothing of the last year."""

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.metadata.explaining import Explaining
from wharf.metadata.ledger import Ledger
from wharf.metadata.pulls import Selection
from wharf.metadata.records import Moment
from wharf.metadata.sqlite import SqliteMetadata
from wharf.oci.reference import RepositoryName
from wharf.registry.services.statistics.merging import Merging, first_of_month
from wharf.testing.contracts.metadata_store import digest

T = TypeVar("T")
DAY = 86_400_000
NAME = RepositoryName("crew/app")
TODAY = date(2026, 3, 10)
KEPT = 400 * 86_400


def number(day: date) -> int:
    return (day - date(1970, 1, 1)).days


@pytest.fixture
def metadata(tmp_path: Path) -> Iterator[SqliteMetadata]:
    made = SqliteMetadata(tmp_path, forced=False)
    yield made
    made.close()


def pull(ledger: Ledger, day: date, *, tag: str = "v1", account: str = "ada", times: int = 1) -> None:
    repository = ledger.repositories.ensure(NAME, Moment(0))
    ledger.pulls.add(repository, digest("v1"), tag, account, Moment(number(day) * DAY), times)


def by_day(ledger: Ledger) -> dict[int, int]:
    return dict(ledger.pulls.by_day(Selection(0)))


def merged(
    metadata: SqliteMetadata, change: Callable[[Ledger], None], question: Callable[[Ledger], T]
) -> tuple[int, T]:
    async def story() -> tuple[int, T]:
        await metadata.write(change)
        merging = Merging(metadata, lambda: Moment(number(TODAY) * DAY), step=2, pause_seconds=0)
        rows = await merging.older_than(KEPT)
        assert 0 == await merging.older_than(KEPT)
        return rows, await metadata.read(question)

    return asyncio.run(story())


def test_days_of_long_ago_become_the_first_of_their_month(metadata: SqliteMetadata) -> None:
    def change(ledger: Ledger) -> None:
        for day in (date(2024, 5, 1), date(2024, 6, 1), date(2024, 6, 2), date(2024, 6, 30), date(2026, 3, 9)):
            pull(ledger, day, times=2)

    rows, found = merged(metadata, change, by_day)
    expected = {date(2024, 5, 1): 2, date(2024, 6, 1): 6, date(2026, 3, 9): 2}
    assert (2, {number(day): pulls for day, pulls in expected.items()}) == (rows, found)


def test_who_pulled_which_tag_is_kept(metadata: SqliteMetadata) -> None:
    def change(ledger: Ledger) -> None:
        pull(ledger, date(2024, 5, 1))
        for day in range(2, 9):
            pull(ledger, date(2024, 6, day), tag=f"v{day % 2}", account=f"account{day % 3}")

    def question(ledger: Ledger) -> tuple[object, ...]:
        return ledger.pulls.by_tag(Selection(0), 9), ledger.pulls.by_account(Selection(0), 9)

    before = [("v0", 4), ("v1", 4)], [("account2", 3), ("account0", 2), ("account1", 2), ("ada", 1)]
    assert before == merged(metadata, change, question)[1]


def test_when_counting_began_is_still_known(metadata: SqliteMetadata) -> None:
    """Rules that go by pulls depend on it."""

    def change(ledger: Ledger) -> None:
        for day in (20, 25, 30):
            pull(ledger, date(2024, 6, day))

    found = merged(metadata, change, lambda ledger: (ledger.stock.first_day_with_pulls(), by_day(ledger)))[1]
    first = number(date(2024, 6, 20))
    assert (first, {first: 3}) == found


def test_a_month_of_which_some_days_are_still_kept_is_merged_up_to_there(metadata: SqliteMetadata) -> None:
    def change(ledger: Ledger) -> None:
        for day in (date(2024, 1, 1), date(2025, 2, 2), date(2025, 2, 3), date(2025, 2, 4)):
            pull(ledger, day)

    found = merged(metadata, change, by_day)[1]
    expected = {date(2024, 1, 1): 1, date(2025, 2, 1): 1, date(2025, 2, 3): 1, date(2025, 2, 4): 1}
    assert {number(day): pulls for day, pulls in expected.items()} == found


def test_where_nothing_was_pulled_nothing_is_merged(metadata: SqliteMetadata) -> None:
    assert (0, {}) == merged(metadata, lambda _: None, by_day)


@given(st.dates(date(1970, 1, 1)))
def test_the_first_of_a_month_is_one(day: date) -> None:
    assert number(day.replace(day=1)) == first_of_month(number(day))


def test_old_days_are_looked_up(tmp_path: Path) -> None:
    SqliteMetadata(tmp_path, forced=False).close()
    connection = sqlite3.connect(tmp_path / "wharf.db", isolation_level=None)
    session = Explaining(connection)
    ledger = Ledger(session)
    ledger.pulls.next_day(1, 9)
    ledger.pulls.move(1, 0, 10)
    connection.close()
    assert session.steps
    assert not [step for step in session.steps if step.startswith("SCAN")]
