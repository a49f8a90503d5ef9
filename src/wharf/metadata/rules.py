"""Rules: what the owners of repositories decided beforehand, and which no single push or deletion can undo."""

from wharf.metadata.records import Moment, RuleId, RuleKind, RuleRecord
from wharf.metadata.session import Row, Session

_COLUMNS = "id, owner, kind, terms, created_at, created_by"
_ADD = "INSERT INTO rules (owner, kind, terms, created_at, created_by) VALUES (?, ?, ?, ?, ?) RETURNING id"
_FIND = f"SELECT {_COLUMNS} FROM rules WHERE id = ? AND owner = ?"
_DROP = "DELETE FROM rules WHERE id = ? AND owner = ?"
_PAGE = f"SELECT {_COLUMNS} FROM rules WHERE owner = ? ORDER BY id LIMIT ? OFFSET ?"
_COUNT = "SELECT COUNT(*) FROM rules WHERE owner = ?"
_CONCERNING = f"SELECT {_COLUMNS} FROM rules WHERE owner IN (?, '') AND kind = ? ORDER BY id"
_OWNERS = "SELECT DISTINCT owner FROM rules WHERE kind = ? ORDER BY owner"


class Rules:
    """An owner is a login, or empty for the registry as a whole."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, owner: str, kind: RuleKind, terms: str, actor: str, now: Moment) -> RuleId:
        return RuleId(self._session.rows(_ADD, owner, kind.value, terms, now, actor)[0][0])

    def find(self, owner: str, rule: RuleId) -> RuleRecord | None:
        rows = self._session.rows(_FIND, rule, owner)
        return _record(rows[0]) if rows else None

    def drop(self, owner: str, rule: RuleId) -> bool:
        return self._session.run(_DROP, rule, owner) > 0

    def page(self, owner: str, start: int, limit: int) -> list[RuleRecord]:
        return [_record(row) for row in self._session.rows(_PAGE, owner, limit, start)]

    def count(self, owner: str) -> int:
        return int(self._session.rows(_COUNT, owner)[0][0])

    def concerning(self, owner: str, kind: RuleKind) -> list[RuleRecord]:
        """The owner's own, and those of the registry as a whole."""
        return [_record(row) for row in self._session.rows(_CONCERNING, owner, kind.value)]

    def owners(self, kind: RuleKind) -> list[str]:
        return [str(row[0]) for row in self._session.rows(_OWNERS, kind.value)]


def _record(row: Row) -> RuleRecord:
    return RuleRecord(RuleId(row[0]), row[1], RuleKind(row[2]), row[3], Moment(row[4]), row[5])
