"""Several pieces of work at once."""

import asyncio
from functools import partial

import pytest

from wharf.errors import BlobUnknown, StoreFull
from wharf.images.together import together


class Counter:
    def __init__(self) -> None:
        self.now = self.most = 0

    async def work(self, number: int) -> int:
        self.now += 1
        self.most = max(self.most, self.now)
        await asyncio.sleep(0.001)
        self.now -= 1
        return number


def test_results_come_in_the_order_of_the_works_and_not_too_many_run_at_once() -> None:
    counter = Counter()
    assert list(range(20)) == asyncio.run(together((partial(counter.work, number) for number in range(20)), 3))
    assert 3 == counter.most


def test_of_several_errors_one_that_speaks_is_raised() -> None:
    async def fails(error: Exception) -> None:
        raise error

    async def inner(_: object) -> None:
        await together([partial(fails, ValueError()), partial(fails, BlobUnknown("app", "sha256:…"))], 2)

    with pytest.raises(BlobUnknown):
        asyncio.run(together([partial(fails, OSError()), partial(inner, None)], 2))


def test_an_error_that_does_not_speak_is_raised_as_it_is() -> None:
    async def fails() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        asyncio.run(together([fails], 1))


def test_works_that_did_not_begin_never_do() -> None:
    begun: list[int] = []

    async def work(number: int) -> None:
        begun.append(number)
        raise StoreFull("disk")

    with pytest.raises(StoreFull):
        asyncio.run(together((partial(work, number) for number in range(10)), 1))
    assert [0] == begun


def test_nothing_to_do_is_done() -> None:
    assert [] == asyncio.run(together([], 1))


def test_somebody_works_always() -> None:
    assert [0] == asyncio.run(together([partial(Counter().work, 0)], 0))
