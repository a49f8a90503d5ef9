from pathlib import Path

from wharf.metadata.sqlite import SqliteMetadata
from wharf.metadata.store import MetadataStore
from wharf.testing.contracts.accounts import AccountsContract


class TestAccountsInSqlite(AccountsContract):
    def make(self, folder: Path) -> MetadataStore:
        return SqliteMetadata(folder, forced=False)
