"""However many ask the same at once, it is looked up for the first, and once more for all who came meanwhile."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from wharf.errors import EntryUnknown
from wharf.metadata.ledger import Ledger
from wharf.metadata.sqlite import SqliteMetadata
from wharf.registry.services.statistics.crowd import Crowd

PATIENCE = 60


class Held:
    """A question that takes until it may go on, and counts how often it was looked up."""

    def __init__(self) -> None:
        self.begun, self.may_go_on = threading.Event(), threading.Event()
        self.times = 0

    def __call__(self, ledger: Ledger) -> int:
        self.times += 1
        self.begun.set()
        assert self.may_go_on.wait(PATIENCE)
        return self.times


def told(folder: Path, story: Callable[[Crowd[int]], Awaitable[None]]) -> None:
    async def with_store() -> None:
        metadata = SqliteMetadata(folder, forced=False)
        try:
            await story(Crowd[int](metadata))
        finally:
            metadata.close()

    asyncio.run(with_store())


def test_who_comes_while_it_is_looked_up_shares_the_next_answer(tmp_path: Path) -> None:
    async def story(crowd: Crowd[int]) -> None:
        held = Held()
        first = asyncio.ensure_future(crowd.answer("same", held))
        assert await asyncio.to_thread(held.begun.wait, PATIENCE)
        others = [asyncio.ensure_future(crowd.answer("same", held)) for _ in range(9)]
        await asyncio.sleep(0)
        held.may_go_on.set()
        assert [1, *[2] * 9] == await asyncio.gather(first, *others)

    told(tmp_path, story)


def test_who_asks_something_else_is_told_something_else(tmp_path: Path) -> None:
    async def story(crowd: Crowd[int]) -> None:
        one, two = await asyncio.gather(crowd.answer("one", lambda _: 1), crowd.answer("two", lambda _: 2))
        assert (1, 2) == (one, two)

    told(tmp_path, story)


def test_one_who_goes_away_takes_no_answer_along(tmp_path: Path) -> None:
    async def story(crowd: Crowd[int]) -> None:
        held = Held()
        leaving = asyncio.ensure_future(crowd.answer("same", held))
        staying = asyncio.ensure_future(crowd.answer("same", held))
        await asyncio.sleep(0)
        leaving.cancel()
        held.may_go_on.set()
        assert 1 == await staying

    told(tmp_path, story)


def test_what_cannot_be_answered_is_asked_anew_by_the_next(tmp_path: Path) -> None:
    def unknown(_: Ledger) -> int:
        raise EntryUnknown("organisation", "crew")

    async def story(crowd: Crowd[int]) -> None:
        with pytest.raises(EntryUnknown):
            await crowd.answer("same", unknown)
        assert 1 == await crowd.answer("same", lambda _: 1)

    told(tmp_path, story)
