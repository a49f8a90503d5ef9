from pathlib import Path

from wharf.content.memory import MemoryContent
from wharf.content.store import ContentStore
from wharf.testing.contracts.content_store import ContentStoreContract


class TestMemoryContent(ContentStoreContract):
    def make(self, folder: Path) -> ContentStore:
        return MemoryContent()
