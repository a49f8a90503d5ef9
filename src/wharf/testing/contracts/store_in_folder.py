"""A metadata store that lies in a folder, as a suite of tests has it: made, changed once, closed, and opened again."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar

from wharf.metadata.ledger import Ledger
from wharf.metadata.store import MetadataStore

T = TypeVar("T")


class StoreInFolder(ABC):
    @abstractmethod
    def make(self, folder: Path) -> MetadataStore:
        """The store in this folder: new the first time, as it was the second time."""

    def written(self, folder: Path, change: Callable[[Ledger], T]) -> T:
        async def story(store: MetadataStore) -> T:
            return await store.write(change)

        return self.told(folder, story)

    def told(self, folder: Path, story: Callable[[MetadataStore], Coroutine[Any, Any, T]]) -> T:
        store = self.make(folder)
        try:
            return asyncio.run(story(store))
        finally:
            store.close()
