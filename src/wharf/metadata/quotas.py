"""Quotas: how many bytes an owner may hold, and at most how many it holds now.

What is used is never less than the truth: each push adds to it. What goes is not taken off, and makes the figure
doubtful; whoever finds no room left by a doubtful figure counts anew before saying so. To count takes a while, so it is
done beside the changes, and what they added meanwhile is added to it.
"""

from dataclasses import dataclass
from typing import Final

from wharf.metadata.records import QuotaRecord
from wharf.metadata.session import Row, Session

_COLUMNS = "owner, bytes, used, is_doubtful"
_NO_BOUND: Final = 1 << 62
_FIND = f"SELECT {_COLUMNS} FROM quotas WHERE owner = ? AND is_set = 1"
_CONCERNING = f"SELECT {_COLUMNS} FROM quotas WHERE owner IN (?, '') ORDER BY owner"
_BEGIN = (
    "INSERT INTO quotas (owner, bytes, used, is_doubtful, is_set) VALUES (?, ?, 0, 1, 0) ON CONFLICT (owner) DO NOTHING"
)
_STANDING = "SELECT added, doubts FROM quotas WHERE owner = ?"
_SET = "UPDATE quotas SET bytes = ?, is_set = 1 WHERE owner = ?"
_ADD = "UPDATE quotas SET used = used + ?, added = added + ? WHERE owner = ?"
_COUNTED = (
    "UPDATE quotas SET used = ? + added - ?, is_doubtful = CASE WHEN doubts = ? THEN 0 ELSE 1 END WHERE owner = ?"
)
_DOUBT = "UPDATE quotas SET is_doubtful = 1, doubts = doubts + 1 WHERE owner IN (?, '')"
_DOUBT_ALL = "UPDATE quotas SET is_doubtful = 1, doubts = doubts + 1"
# It stays, and what is added to it: a count that began before would be taken for one of a quota that is set anew.
_DROP = "UPDATE quotas SET bytes = ?, is_set = 0 WHERE owner = ? AND is_set = 1"


@dataclass(frozen=True, slots=True)
class Standing:
    """What a quota had been told when a count began."""

    added: int
    doubts: int


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

    def begin(self, owner: str) -> None:
        """From now on it is known what is added. Where there is a quota already, it was known."""
        self._session.run(_BEGIN, owner, _NO_BOUND)

    def standing(self, owner: str) -> Standing:
        """Asked before a count begins."""
        rows = self._session.rows(_STANDING, owner)
        return Standing(*rows[0]) if rows else Standing(0, 0)

    def set(self, owner: str, most: int) -> bool:
        """False where nobody began."""
        return self._session.run(_SET, most, owner) > 0

    def add(self, owner: str, more: int) -> None:
        self._session.run(_ADD, more, more, owner)

    def counted(self, owner: str, used: int, since: Standing) -> None:
        """So much was held when the quota stood there, or a little later."""
        self._session.run(_COUNTED, used, since.added, since.doubts, owner)

    def doubt(self, owner: str) -> None:
        """Something went that this owner held."""
        self._session.run(_DOUBT, owner)

    def doubt_all(self) -> None:
        self._session.run(_DOUBT_ALL)

    def drop(self, owner: str) -> bool:
        return self._session.run(_DROP, _NO_BOUND, owner) > 0


def _record(row: Row) -> QuotaRecord:
    return QuotaRecord(row[0], row[1], row[2], bool(row[3]))
