"""Several pieces of work at once, but not too many; the first that fails ends the others and is the one error."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

from wharf.errors import WharfError

T = TypeVar("T")


async def together(works: Iterable[Callable[[], Awaitable[T]]], jobs: int) -> list[T]:
    """What they gave, in the order of the works. After a failure none is begun any more."""
    waiting = enumerate(works)
    results: dict[int, T] = {}

    async def one_after_another() -> None:
        for number, work in waiting:
            results[number] = await work()

    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(max(1, jobs)):
                group.create_task(one_after_another())
    except BaseExceptionGroup as errors:
        raise _first(errors) from None
    return [results[number] for number in sorted(results)]


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
