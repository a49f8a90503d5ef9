"""A conversation with a database: statements go in, rows come out. The one thing that differs between databases."""

from typing import Any, Protocol

Value = str | int | bytes | None
# What a column holds is known to the statement that asks; each noun turns rows into records at once.
Row = tuple[Any, ...]


class Session(Protocol):
    """Statements are written in the SQL that SQLite and PostgreSQL share, with `?` for each value."""

    def rows(self, statement: str, *values: Value) -> list[Row]: ...

    def run(self, statement: str, *values: Value) -> int:
        """The number of rows that were changed."""
