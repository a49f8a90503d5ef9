"""Quotas: how many bytes an owner may hold, and at most how many it holds now.

What is used is never less than the truth: each push adds to it. What goes is not taken off, and makes the figure
doubtful; whoever finds no room left by a doubtful figure counts anew before saying so.
"""

from wharf.metadata.records import QuotaRecord
from wharf.metadata.session import Row, Session

_COLUMNS = "owner, bytes, used, is_doubtful"
_FIND = f"SELECT {_COLUMNS} FROM quotas WHERE owner = ?"
_CONCERNING = f"SELECT {_COLUMNS} FROM quotas WHERE owner IN (?, '') ORDER BY owner"
_SET = (
    "INSERT INTO quotas (owner, bytes, used, is_doubtful) VALUES (?, ?, ?, 0)"
    " ON CONFLICT (owner) DO UPDATE SET bytes = excluded.bytes, used = excluded.used, is_doubtful = 0"
)
_ADD = "UPDATE quotas SET used = used + ? WHERE owner = ?"
_COUNTED = "UPDATE quotas SET used = ?, is_doubtful = 0 WHERE owner = ?"
_DOUBT = "UPDATE quotas SET is_doubtful = 1 WHERE owner IN (?, '') AND is_doubtful = 0"
_DOUBT_ALL = "UPDATE quotas SET is_doubtful = 1 WHERE is_doubtful = 0"
_DROP = "DELETE FROM quotas WHERE owner = ?"


class Quotas:
    """An owner is a login, or empty for the registry as a whole."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def find(self, owner: str) -> QuotaRecord | None:
        rows = self._session.rows(_FIND, owner)
        return _record(rows[0]) if rows else None

    def concerning(self, owner: str) -> list[QuotaRecord]:
        """The owner's own, and that of the registry as a whole."""
        return [_record(row) for row in self._session.rows(_CONCERNING, owner)]

    def set(self, owner: str, most: int, used: int) -> None:
        self._session.run(_SET, owner, most, used)

    def add(self, owner: str, more: int) -> None:
        self._session.run(_ADD, more, owner)

    def counted(self, owner: str, used: int) -> None:
        self._session.run(_COUNTED, used, owner)

    def doubt(self, owner: str) -> None:
        """Something went that this owner held."""
        self._session.run(_DOUBT, owner)

    def doubt_all(self) -> None:
        self._session.run(_DOUBT_ALL)

    def drop(self, owner: str) -> bool:
        return self._session.run(_DROP, owner) > 0


def _record(row: Row) -> QuotaRecord:
    return QuotaRecord(row[0], row[1], row[2], bool(row[3]))
