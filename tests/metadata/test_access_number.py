"""The number that all processes see: never another than the database's, and unknown rather than wrong."""

import asyncio
from pathlib import Path

import pytest

from wharf.metadata.access_number import AccessNumber
from wharf.metadata.ledger import Ledger
from wharf.metadata.sqlite import SqliteMetadata


def test_it_is_unknown_until_somebody_who_read_it_tells_it(tmp_path: Path) -> None:
    number = AccessNumber(tmp_path / "number")
    assert number.known() is None
    number.tell(7)
    assert 7 == number.known()
    number.close()


def test_another_who_opens_the_file_sees_it_at_once(tmp_path: Path) -> None:
    mine, theirs = AccessNumber(tmp_path / "number"), AccessNumber(tmp_path / "number")
    mine.tell(7)
    assert 7 == theirs.known()
    mine.close()
    theirs.close()


def test_nobody_knows_it_while_its_change_is_on_the_way_to_the_disk(tmp_path: Path) -> None:
    number = AccessNumber(tmp_path / "number")
    number.tell(7)
    with number.becoming(8):
        assert number.known() is None
    assert 8 == number.known()
    number.close()


def test_a_change_that_fails_leaves_it_unknown(tmp_path: Path) -> None:
    number = AccessNumber(tmp_path / "number")
    number.tell(7)
    with pytest.raises(OSError, match="no"), number.becoming(8):
        raise OSError("no")
    assert number.known() is None
    number.close()


def test_a_commit_that_changes_nothing_of_it_leaves_it_known(tmp_path: Path) -> None:
    number = AccessNumber(tmp_path / "number")
    number.tell(7)
    with number.becoming(7):
        assert 7 == number.known()
    number.close()


def test_where_there_is_no_room_for_it_it_stays_unknown(tmp_path: Path) -> None:
    number = AccessNumber(tmp_path / "no folder" / "number")
    number.tell(7)
    with number.becoming(8):
        pass
    assert number.known() is None
    number.close()


def test_who_could_not_have_it_at_first_tells_those_who_have_it_of_a_change(tmp_path: Path) -> None:
    late = AccessNumber(tmp_path / "data" / "number")
    (tmp_path / "data").mkdir()
    early = AccessNumber(tmp_path / "data" / "number")
    early.tell(7)
    with late.becoming(8):
        assert early.known() is None
    assert (8, 8) == (early.known(), late.known())
    late.close()
    early.close()


def test_there_is_no_change_where_others_might_have_it_and_cannot_be_told(tmp_path: Path) -> None:
    (tmp_path / "number").mkdir()
    number = AccessNumber(tmp_path / "number")
    with pytest.raises(OSError, match="directory"), number.becoming(8):
        pytest.fail("it was changed")
    number.close()


def test_a_change_of_access_is_seen_by_the_next_question_of_another_process(tmp_path: Path) -> None:
    ours, theirs = SqliteMetadata(tmp_path, forced=False), SqliteMetadata(tmp_path, forced=False)

    async def story() -> tuple[int, int, int]:
        before = await theirs.access()
        await ours.write(lambda ledger: ledger.counters.access_changed())
        return before, await theirs.access(), await theirs.read(lambda ledger: ledger.counters.access())

    before, after, in_the_database = asyncio.run(story())
    assert (before + 1, before + 1) == (after, in_the_database)
    ours.close()
    theirs.close()


def test_a_change_that_is_taken_back_moves_nothing(tmp_path: Path) -> None:
    store = SqliteMetadata(tmp_path, forced=False)

    def change(ledger: Ledger) -> None:
        ledger.counters.access_changed()
        raise ValueError("taken back")

    async def story() -> tuple[int, int]:
        before = await store.access()
        with pytest.raises(ValueError, match="taken back"):
            await store.write(change)
        return before, await store.access()

    before, after = asyncio.run(story())
    assert before == after
    store.close()
