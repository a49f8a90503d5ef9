"""Quotas: how many bytes an owner may hold, and at most how many it holds now.

What is used is never less than the truth: each push adds to it. What goes is not taken off, so it can be more; whoever
finds no room left counts anew before saying so.
"""

from wharf.metadata.records import QuotaRecord
from wharf.metadata.session import Session

_FIND = "SELECT owner, bytes, used FROM quotas WHERE owner = ?"
_CONCERNING = "SELECT owner, bytes, used FROM quotas WHERE owner IN (?, '') ORDER BY owner"
_SET = (
    "INSERT INTO quotas (owner, bytes, used) VALUES (?, ?, ?)"
    " ON CONFLICT (owner) DO UPDATE SET bytes = excluded.bytes, used = excluded.used"
)
_SET_USED = "UPDATE quotas SET used = ? WHERE owner = ?"
_DROP = "DELETE FROM quotas WHERE owner = ?"


class Quotas:
    """An owner is a login, or empty for the registry as a whole."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def find(self, owner: str) -> QuotaRecord | None:
        rows = self._session.rows(_FIND, owner)
        return QuotaRecord(*rows[0]) if rows else None

    def concerning(self, owner: str) -> list[QuotaRecord]:
        """The owner's own, and that of the registry as a whole."""
        return [QuotaRecord(*row) for row in self._session.rows(_CONCERNING, owner)]

    def set(self, owner: str, most: int, used: int) -> None:
        self._session.run(_SET, owner, most, used)

    def set_used(self, owner: str, used: int) -> None:
        self._session.run(_SET_USED, used, owner)

    def drop(self, owner: str) -> bool:
        return self._session.run(_DROP, owner) > 0
