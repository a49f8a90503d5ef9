import asyncio
import sqlite3
from pathlib import Path

from wharf.metadata.migrate import Migration, migrations
from wharf.metadata.records import RepositoryId
from wharf.metadata.sqlite import SqliteMetadata
from wharf.oci.reference import Tag
from wharf.testing.contracts.metadata_store import digest

_WORDS = {
    "serial": "INTEGER PRIMARY KEY",
    "bytes": "BLOB",
    "text": "TEXT",
    "refused": "BEGIN SELECT 1; END",
    "refused_if_known": "BEGIN SELECT 1; END",
}


def test_migrations_are_numbered_without_a_gap() -> None:
    assert [migration.version for migration in migrations()] == list(range(1, len(migrations()) + 1))


def test_a_script_is_split_into_statements_in_the_words_of_its_database() -> None:
    migration = Migration(1, "-- a; comment\nCREATE TABLE a (b $text);\n\nCREATE TABLE c (d $bytes);\n")
    assert migration.statements({"text": "TEXT", "bytes": "BYTEA"}) == [
        "CREATE TABLE a (b TEXT)",
        "CREATE TABLE c (d BYTEA)",
    ]


def store_at(version: int, folder: Path) -> sqlite3.Connection:
    """As it was when that was the newest one."""
    connection = sqlite3.connect(folder / "wharf.db")
    connection.execute("CREATE TABLE schema_versions (version BIGINT NOT NULL PRIMARY KEY)")
    for migration in migrations()[:version]:
        for statement in migration.statements(_WORDS):
            connection.execute(statement)
        connection.execute("INSERT INTO schema_versions (version) VALUES (?)", (migration.version,))
    return connection


def test_a_webhook_from_before_pauses_is_active(tmp_path: Path) -> None:
    connection = store_at(6, tmp_path)
    connection.execute(
        "INSERT INTO webhooks (id, owner, url, secret, events, reaches_here, created_at, created_by)"
        " VALUES (1, 'crew', 'https://ci.example/', 'a secret', '*', 0, 0, 'admin')"
    )
    connection.commit()
    connection.close()
    metadata = SqliteMetadata(tmp_path, forced=False)
    (webhook,) = asyncio.run(metadata.read(lambda ledger: ledger.webhooks.of_owner("crew")))
    metadata.close()
    assert webhook.is_active


def test_what_lay_in_the_trash_before_has_its_tags_after(tmp_path: Path) -> None:
    """Until the eighth migration they were a JSON list beside it."""
    connection = store_at(7, tmp_path)
    connection.execute("INSERT INTO repositories (id, name, created_at) VALUES (1, 'crew/app', 0)")
    connection.execute(
        "INSERT INTO deleted_manifests (repository, digest, media_type, size, pushed_at, annotations, body, tags,"
        " deleted_at, deleted_by, deletion, reason)"
        " VALUES (1, ?, '', 0, 0, '{}', '', '[\"v1\", \"latest\"]', 0, '', '', '')",
        (str(digest("v1")),),
    )
    connection.commit()
    connection.close()
    metadata = SqliteMetadata(tmp_path, forced=False)
    gone = asyncio.run(metadata.read(lambda ledger: ledger.trash.find(RepositoryId(1), digest("v1"))))
    metadata.close()
    assert gone is not None
    assert (Tag("latest"), Tag("v1")) == gone.tags
