"""A session that asks the database how it would go about each statement."""

import sqlite3

from wharf.metadata.session import Row, Value


class Explaining:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self.steps: list[str] = []

    def rows(self, statement: str, *values: Value) -> list[Row]:
        plan = self._connection.execute(f"EXPLAIN QUERY PLAN {statement}", values).fetchall()
        self.steps += [row[3] for row in plan]
        return self._connection.execute(statement, values).fetchall()

    def run(self, statement: str, *values: Value) -> int:
        self.rows(statement, *values)
        return 0
