"""Rules, quotas and stock in SQLite; and what is asked with every push is looked up, not searched for."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.metadata.explaining import Explaining
from wharf.metadata.ledger import Ledger
from wharf.metadata.records import RepositoryId, RuleKind
from wharf.metadata.sqlite import SqliteMetadata
from wharf.metadata.store import MetadataStore
from wharf.testing.contracts.metadata_store import digest
from wharf.testing.contracts.rules import RulesContract


class TestRulesInSqlite(RulesContract):
    def make(self, folder: Path) -> MetadataStore:
        return SqliteMetadata(folder, forced=False)


@pytest.mark.parametrize(
    "question",
    [
        pytest.param(lambda ledger: ledger.rules.concerning("crew", RuleKind.IMMUTABLE), id="rules of an owner"),
        pytest.param(lambda ledger: ledger.rules.page("crew", 0, 30), id="a page of rules"),
        pytest.param(lambda ledger: ledger.quotas.concerning("crew"), id="quotas of an owner"),
        pytest.param(lambda ledger: ledger.stock.counts_blob("crew", digest("a")), id="whether a blob counts"),
        pytest.param(lambda ledger: ledger.stock.counts_manifest("crew", digest("a")), id="whether a manifest counts"),
        pytest.param(lambda ledger: ledger.stock.repositories("crew", "", 30), id="repositories of an owner"),
        pytest.param(lambda ledger: ledger.stock.versions(RepositoryId(1)), id="versions of a repository"),
        pytest.param(lambda ledger: ledger.stock.first_day_with_pulls(), id="the first day with pulls"),
    ],
)
def test_it_is_looked_up_and_not_searched_for(tmp_path: Path, question: Callable[[Ledger], object]) -> None:
    SqliteMetadata(tmp_path, forced=False).close()
    connection = sqlite3.connect(tmp_path / "wharf.db", isolation_level=None)
    session = Explaining(connection)
    question(Ledger(session))
    connection.close()
    assert session.steps
    assert not [step for step in session.steps if step.startswith("SCAN")]
