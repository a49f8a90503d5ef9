"""Room on a full disk: to write down that something went takes a little, and nothing else could ever free more.

The same holds for who may do what: on a full disk people still log in, and what leaked is still revoked. It is not for
what makes new accounts or tokens.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from wharf.errors import StoreFull
from wharf.metadata.ledger import Ledger
from wharf.metadata.store import MetadataStore

T = TypeVar("T")

MoreRoom = Callable[[], AbstractContextManager[None]]
"""Frees a little of a full disk for a moment."""
_TRIES: Final = 3


@dataclass(frozen=True, slots=True)
class Growing(Generic[T]):
    """A change that makes what was not there before, an account or a token: on a full disk it is not made.

    Else whoever makes many of them would use up what is kept for taking away.
    """

    change: Callable[[Ledger], T]

    def __call__(self, ledger: Ledger) -> T:
        return self.change(ledger)


class RoomyStore:
    """A store for small changes that must be made on a full disk too. It reads as the store that it stands before."""

    def __init__(self, metadata: MetadataStore, more_room: MoreRoom) -> None:
        self._metadata = metadata
        self._more_room = more_room
        self.read = metadata.read
        self.survey = metadata.survey
        self.access = metadata.access
        self.close = metadata.close

    async def write(self, change: Callable[[Ledger], T]) -> T:
        try:
            return await self._metadata.write(change)
        except StoreFull as full:
            if isinstance(change, Growing):
                raise
            return await self._written_with_room(change, full)

    async def _written_with_room(self, change: Callable[[Ledger], T], full: StoreFull) -> T:
        """Whoever else was given room may take it back the moment before it is used, so it is tried more than once."""
        for _ in range(_TRIES):
            with suppress(StoreFull), self._more_room():
                return await self._metadata.write(change)
        raise full
