from wharf.metadata.migrate import Migration, migrations


def test_migrations_are_numbered_without_a_gap() -> None:
    assert [migration.version for migration in migrations()] == list(range(1, len(migrations()) + 1))


def test_a_script_is_split_into_statements_in_the_words_of_its_database() -> None:
    migration = Migration(1, "-- a; comment\nCREATE TABLE a (b $text);\n\nCREATE TABLE c (d $bytes);\n")
    assert migration.statements({"text": "TEXT", "bytes": "BYTEA"}) == [
        "CREATE TABLE a (b TEXT)",
        "CREATE TABLE c (d BYTEA)",
    ]
