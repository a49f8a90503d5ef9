import asyncio
import threading
from collections.abc import Iterator
from contextlib import suppress

import pytest

from wharf.content.threads import DiskThreads


@pytest.fixture
def threads() -> Iterator[DiskThreads]:
    threads = DiskThreads(1)
    yield threads
    threads.close()


def test_what_the_work_returns_is_told(threads: DiskThreads) -> None:
    async def story() -> str:
        return await threads.do("-".join, ["a", "b"])

    assert "a-b" == asyncio.run(story())


def test_what_the_work_raises_is_raised_where_it_is_waited_for(threads: DiskThreads) -> None:
    async def story() -> None:
        await threads.do(int, "seven")

    with pytest.raises(ValueError, match="seven"):
        asyncio.run(story())


def test_work_that_nobody_waits_for_any_more_is_not_begun(threads: DiskThreads) -> None:
    done: list[str] = []
    free = threading.Event()

    async def story() -> None:
        first, second = threads.do(free.wait), threads.do(done.append, "second")
        second.cancel()
        free.set()
        await first
        await threads.do(done.append, "third")

    asyncio.run(story())
    assert ["third"] == done


def test_work_that_has_begun_goes_on_without_its_waiter(threads: DiskThreads) -> None:
    done: list[str] = []
    begun, free = threading.Event(), threading.Event()

    def work() -> None:
        begun.set()
        free.wait()
        done.append("all of it")

    async def story() -> None:
        answer = threads.do(work)
        await asyncio.to_thread(begun.wait)
        answer.cancel()
        free.set()
        with suppress(asyncio.CancelledError):
            await answer
        await threads.do(int)

    asyncio.run(story())
    assert ["all of it"] == done


def test_a_loop_that_ended_meanwhile_harms_nobody(threads: DiskThreads) -> None:
    free = threading.Event()

    async def leave() -> None:
        threads.do(free.wait)

    async def come() -> int:
        return await threads.do(int, "7")

    asyncio.run(leave())
    free.set()
    assert 7 == asyncio.run(come())
