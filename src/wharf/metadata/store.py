"""A metadata store: questions and changes, each a function of the ledger.

A question sees one state. A change happens as a whole or not at all, and when `write` returns it is durable.
"""

from collections.abc import Callable
from typing import Protocol, TypeVar

from wharf.metadata.ledger import Ledger

T = TypeVar("T")


class MetadataStore(Protocol):
    async def read(self, question: Callable[[Ledger], T]) -> T: ...

    async def survey(self, question: Callable[[Ledger], T]) -> T:
        """A question that looks at much, as sums over all that an owner has do: others are answered meanwhile.

        All of it is answered as of one moment.
        """

    async def access(self) -> int:
        """The number that grows with each change of what somebody may do: asked with each request, so it is cheap."""

    async def write(self, change: Callable[[Ledger], T]) -> T:
        """The change must be a pure function of the ledger: it may be run on another thread, beside other changes."""

    def close(self) -> None: ...
