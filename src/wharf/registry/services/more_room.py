"""Room on a full disk: to write down that something went takes a little, and nothing else could ever free more."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TypeVar

from wharf.errors import StoreFull
from wharf.metadata.ledger import Ledger
from wharf.metadata.store import MetadataStore

T = TypeVar("T")

MoreRoom = Callable[[], AbstractContextManager[None]]
"""Frees a little of a full disk for a moment."""


async def write_with_room(metadata: MetadataStore, change: Callable[[Ledger], T], more_room: MoreRoom) -> T:
    """A change that takes something away, made once more with room where there was none."""
    try:
        return await metadata.write(change)
    except StoreFull:
        with more_room():
            return await metadata.write(change)
