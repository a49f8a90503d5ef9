"""A crowd that asks the same: who comes while somebody waits for an answer waits for the same one.

Not once its numbers are being looked up: whoever asks then would miss what happened a moment before. So of any number
who ask at once, what costs much is looked up twice at the most.
"""

import asyncio
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from wharf.metadata.ledger import Ledger
from wharf.metadata.store import MetadataStore

T = TypeVar("T")


class Crowd(Generic[T]):
    def __init__(self, metadata: MetadataStore) -> None:
        self._metadata = metadata
        self._waited_for: dict[Hashable, asyncio.Future[T]] = {}

    async def answer(self, asked: Hashable, question: Callable[[Ledger], T]) -> T:
        """`asked`: what is the same for all who ask the same."""
        waited_for = self._waited_for.get(asked)
        if waited_for is None:
            waited_for = self._waited_for[asked] = asyncio.ensure_future(self._looked_up(asked, question))
            waited_for.add_done_callback(_heard)
        return await asyncio.shield(waited_for)  # one who goes away takes nobody's answer along

    async def _looked_up(self, asked: Hashable, question: Callable[[Ledger], T]) -> T:
        def look(ledger: Ledger) -> T:
            self._waited_for.pop(asked, None)
            return question(ledger)

        try:
            return await self._metadata.survey(look)
        except BaseException:
            self._waited_for.pop(asked, None)
            raise


def _heard(answer: asyncio.Future[T]) -> None:
    """Also where all who asked have gone away."""
    if not answer.cancelled():
        answer.exception()
