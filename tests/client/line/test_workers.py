"""Threads that block, and those who give up waiting for them."""

import asyncio
import socket
import threading
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

import pytest

from wharf.client.line.workers import MOST_THREADS, Watch, Workers
from wharf.errors import Unreachable

T = TypeVar("T")


def worked(story: Callable[[Workers], Awaitable[T]]) -> T:
    async def whole() -> T:
        workers = Workers("test")
        try:
            return await story(workers)
        finally:
            await workers.close()

    result = asyncio.run(whole())
    assert not any(thread.name.startswith("wharf test") for thread in threading.enumerate())
    return result


def test_work_is_done_in_a_thread_that_says_whose_it_is() -> None:
    name = worked(lambda workers: workers.run(lambda _: threading.current_thread().name))
    assert name.startswith("wharf test")


def test_an_error_of_the_work_is_its_callers() -> None:
    def fails(_: Watch) -> None:
        raise ValueError("x")

    with pytest.raises(ValueError, match="x"):
        worked(lambda workers: workers.run(fails))


def test_whoever_gives_up_wakes_the_thread() -> None:
    here, there = socket.socketpair()
    guarded, woken = threading.Event(), threading.Event()

    def waits(watch: Watch) -> None:
        watch.guard(here)
        guarded.set()
        here.recv(1)
        woken.set()

    async def story(workers: Workers) -> None:
        waiting = asyncio.create_task(workers.run(waits))
        assert await asyncio.to_thread(guarded.wait, 60)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        assert await asyncio.to_thread(woken.wait, 60)

    with here, there:
        worked(story)


def test_a_result_that_nobody_waits_for_is_put_away() -> None:
    put_away: list[str] = []
    begun = threading.Event()

    def finishes(watch: Watch) -> str:
        begun.set()
        while not watch.stopped:
            time.sleep(0.001)
        return "result"

    async def story(workers: Workers) -> None:
        waiting = asyncio.create_task(workers.run(finishes, put_away.append))
        assert await asyncio.to_thread(begun.wait, 60)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)

    worked(story)
    assert ["result"] == put_away


def test_work_that_has_not_begun_is_not_begun_when_given_up() -> None:
    gate = threading.Event()
    begun: list[int] = []

    async def story(workers: Workers) -> None:
        busy = [asyncio.create_task(workers.run(lambda _: gate.wait(60))) for _ in range(MOST_THREADS)]
        late = asyncio.create_task(workers.run(lambda _: begun.append(1)))
        await asyncio.sleep(0.05)
        late.cancel()
        asyncio.get_running_loop().call_later(0.05, gate.set)
        await asyncio.gather(late, *busy, return_exceptions=True)

    worked(story)
    assert [] == begun


def test_after_the_end_no_work_begins() -> None:
    async def story(workers: Workers) -> None:
        await workers.close()
        await workers.run(lambda _: None)

    with pytest.raises(Unreachable, match="given up"):
        worked(story)


def test_a_socket_that_comes_too_late_is_not_used() -> None:
    watch = Watch()
    watch.stop()
    with socket.socket() as late, pytest.raises(Unreachable):
        watch.guard(late)


def test_a_socket_that_was_released_is_left_alone() -> None:
    here, there = socket.socketpair()
    with here, there:
        watch = Watch()
        watch.guard(here)
        watch.release()
        watch.stop()
        there.sendall(b"x")
        assert b"x" == here.recv(1)
