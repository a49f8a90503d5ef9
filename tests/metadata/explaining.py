"""How the database would go about a statement, and how much it has to do for it."""

import itertools
import sqlite3
from collections.abc import Callable

from wharf.metadata.ledger import Ledger
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


def effort(connection: sqlite3.Connection, question: Callable[[Ledger], object]) -> int:
    """How many steps the database's own machine takes to answer: the same on every machine, however busy it is."""
    steps = itertools.count()
    connection.set_progress_handler(lambda: next(steps) < 0, 1)
    try:
        question(Ledger(Explaining(connection)))
    finally:
        connection.set_progress_handler(None, 1)
    return next(steps)
