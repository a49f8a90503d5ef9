from pathlib import Path

from wharf.metadata.sqlite import SqliteMetadata
from wharf.metadata.store import MetadataStore
from wharf.testing.contracts.packages import PackagesContract


class TestPackagesInSqlite(PackagesContract):
    def make(self, folder: Path) -> MetadataStore:
        return SqliteMetadata(folder, forced=False)
