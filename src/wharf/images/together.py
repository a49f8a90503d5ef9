"""Several pieces of work at once, but not too many; the first that fails ends the others and is the one error."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

from wharf.errors import WharfError

T = TypeVar("T")


async def together(works: Iterable[Callable[[], Awaitable[T]]], jobs: int) -> list[T]:
    """What they gave, in the order of the works."""
    turn = asyncio.Semaphore(jobs)

    async def in_turn(work: Callable[[], Awaitable[T]]) -> T:
        async with turn:
            return await work()

    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(in_turn(work)) for work in works]
    except BaseExceptionGroup as errors:
        raise _first(errors) from None
    return [task.result() for task in tasks]


def _first(errors: BaseExceptionGroup[BaseException]) -> BaseException:
    """An error that can speak to a person, rather than one that came of ending the work."""
    each = list(_flat(errors))
    return next((error for error in each if isinstance(error, WharfError)), each[0])


def _flat(errors: BaseExceptionGroup[BaseException]) -> Iterable[BaseException]:
    for error in errors.exceptions:
        if isinstance(error, BaseExceptionGroup):
            yield from _flat(error)
        else:
            yield error
