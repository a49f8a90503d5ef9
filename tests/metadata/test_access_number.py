"""The number that all processes see: never another than the database's, and unknown rather than wrong."""

import asyncio
import os
import time
from pathlib import Path

import pytest

from wharf.errors import StoreProblem
from wharf.metadata.access_number import AccessNumber
from wharf.metadata.ledger import Ledger
from wharf.metadata.sqlite import SqliteMetadata


def standing() -> float:
    """A clock that stands still: what is known is believed."""
    return 0.0


class Hand:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_it_is_unknown_until_somebody_who_read_it_tells_it(tmp_path: Path) -> None:
    number = AccessNumber(tmp_path / "number", standing)
    assert number.known() is None
    number.tell(7)
    assert 7 == number.known()
    number.close()


def test_another_who_opens_the_file_sees_it_at_once(tmp_path: Path) -> None:
    mine, theirs = AccessNumber(tmp_path / "number", standing), AccessNumber(tmp_path / "number", standing)
    mine.tell(7)
    assert 7 == theirs.known()
    mine.close()
    theirs.close()


def test_nobody_knows_it_while_its_change_is_on_the_way_to_the_disk(tmp_path: Path) -> None:
    number = AccessNumber(tmp_path / "number", standing)
    number.tell(7)
    with number.becoming(8):
        assert number.known() is None
    assert 8 == number.known()
    number.close()


def test_a_change_that_fails_leaves_it_unknown(tmp_path: Path) -> None:
    number = AccessNumber(tmp_path / "number", standing)
    number.tell(7)
    with pytest.raises(OSError, match="no"), number.becoming(8):
        raise OSError("no")
    assert number.known() is None
    number.close()


def test_a_commit_that_changes_nothing_of_it_leaves_it_known(tmp_path: Path) -> None:
    number = AccessNumber(tmp_path / "number", standing)
    number.tell(7)
    with number.becoming(7):
        assert 7 == number.known()
    number.close()


def test_where_there_is_no_room_for_it_it_stays_unknown(tmp_path: Path) -> None:
    number = AccessNumber(tmp_path / "no folder" / "number", standing)
    number.tell(7)
    with number.becoming(8):
        pass
    assert number.known() is None
    number.close()


def test_who_could_not_have_it_at_first_tells_those_who_have_it_of_a_change(tmp_path: Path) -> None:
    late = AccessNumber(tmp_path / "data" / "number", standing)
    (tmp_path / "data").mkdir()
    early = AccessNumber(tmp_path / "data" / "number", standing)
    early.tell(7)
    with late.becoming(8):
        assert early.known() is None
    assert (8, 8) == (early.known(), late.known())
    late.close()
    early.close()


def test_there_is_no_change_where_others_might_have_it_and_cannot_be_told(tmp_path: Path) -> None:
    (tmp_path / "number").mkdir()
    number = AccessNumber(tmp_path / "number", standing)
    with pytest.raises(OSError, match="directory"), number.becoming(8):
        pytest.fail("it was changed")
    number.close()


@pytest.mark.parametrize("left", [0, 5, 8])
def test_a_file_that_is_cut_short_ends_nobody_and_is_whole_after_the_next_change(tmp_path: Path, left: int) -> None:
    path = tmp_path / "number"
    ours, theirs = AccessNumber(path, standing), AccessNumber(path, standing)
    ours.tell(7)
    os.truncate(path, left)
    assert (None, None) == (ours.known(), theirs.known())
    with ours.becoming(8):
        assert theirs.known() is None
    assert (8, 8) == (ours.known(), theirs.known())
    ours.close()
    theirs.close()


def test_what_somebody_else_wrote_into_the_file_is_no_number(tmp_path: Path) -> None:
    number = AccessNumber(tmp_path / "number", standing)
    number.tell(7)
    (tmp_path / "number").write_bytes(b"what somebody wrote there by hand")
    assert number.known() is None
    number.close()


@pytest.mark.parametrize("in_the_file", [7, 9])
def test_after_a_while_it_is_compared_with_the_database_and_not_believed_if_it_is_another(
    tmp_path: Path, in_the_file: int
) -> None:
    clock = Hand()
    number = AccessNumber(tmp_path / "number", clock)
    number.tell(in_the_file)
    clock.now = 1.0
    asked = number.known()
    number.compared(7)
    assert (None, 7 if in_the_file == 7 else None) == (asked, number.known())
    number.close()


@pytest.mark.parametrize("replace", [False, True])
def test_where_the_file_is_gone_or_another_all_who_had_it_stop_believing_it(tmp_path: Path, *, replace: bool) -> None:
    clock, path = Hand(), tmp_path / "number"
    ours, theirs = AccessNumber(path, clock), AccessNumber(path, standing)
    ours.tell(7)
    path.rename(tmp_path / "elsewhere")
    if replace:
        path.write_bytes(bytes(8))
    clock.now = 1.0
    ours.compared(7)
    assert (None, None) == (ours.known(), theirs.known())
    ours.close()
    theirs.close()


def test_who_changes_it_tells_whoever_has_what_is_there_now_and_nobody_else_believes_what_was(tmp_path: Path) -> None:
    path = tmp_path / "number"
    writer, old = AccessNumber(path, standing), AccessNumber(path, standing)
    writer.tell(7)
    path.unlink()
    new = AccessNumber(path, standing)
    new.tell(7)
    with writer.becoming(8):
        assert (None, None) == (old.known(), new.known())
    assert (None, 8, 8) == (old.known(), new.known(), writer.known())
    for each in (writer, old, new):
        each.close()


def test_who_had_what_was_there_comes_over_with_their_next_change(tmp_path: Path) -> None:
    path = tmp_path / "number"
    first, second = AccessNumber(path, standing), AccessNumber(path, standing)
    first.tell(7)
    path.unlink()
    for writer in (first, second):
        with writer.becoming(7):
            pass
    assert (7, 7) == (first.known(), second.known())
    with first.becoming(8):
        assert second.known() is None
    first.close()
    second.close()


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


@pytest.mark.slow
def test_a_process_that_came_after_the_file_went_is_noticed(tmp_path: Path) -> None:
    before = SqliteMetadata(tmp_path, forced=False)
    (tmp_path / "access.number").unlink()
    after = SqliteMetadata(tmp_path, forced=False)

    async def story() -> int:
        known = await before.access()
        await after.write(lambda ledger: ledger.counters.access_changed())
        end = time.monotonic() + 60
        while await before.access() == known and time.monotonic() < end:
            await asyncio.sleep(0.01)
        return await before.access() - known

    assert 1 == asyncio.run(story())
    before.close()
    after.close()


def test_whoever_put_a_folder_where_the_file_belongs_is_told_what_to_do(tmp_path: Path) -> None:
    store = SqliteMetadata(tmp_path, forced=False)
    (tmp_path / "access.number").unlink()
    (tmp_path / "access.number").mkdir()

    with pytest.raises(StoreProblem, match=r"share cannot be used: .*access\.number") as told:
        asyncio.run(store.write(lambda ledger: ledger.counters.access_changed()))
    assert "remove what stands in its place" in told.value.diagnostics().next_step
    store.close()
