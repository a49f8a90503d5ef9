"""What several rooms of tests about the database ask for."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.metadata.explaining import Explaining
from wharf.metadata.sqlite import SqliteMetadata


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Explaining]:
    SqliteMetadata(tmp_path, forced=False).close()
    connection = sqlite3.connect(tmp_path / "wharf.db", isolation_level=None)
    yield Explaining(connection)
    connection.close()
