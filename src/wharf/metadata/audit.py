"""The audit log: each change with who, what, when and from where. It is only ever added to; the database holds that."""

import json

from wharf.metadata.records import AuditEntry, AuditRecord, Moment
from wharf.metadata.session import Row, Session

_ADD = (
    "INSERT INTO audit (happened_at, actor, credential, address, action, owner, target, details)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
)
_COLUMNS = "id, happened_at, actor, credential, address, action, owner, target, details"
_PAGE = f"SELECT {_COLUMNS} FROM audit WHERE id > ? ORDER BY id LIMIT ?"
_PAGE_OF_OWNER = f"SELECT {_COLUMNS} FROM audit WHERE owner = ? AND id > ? ORDER BY id LIMIT ?"


class Audit:
    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, entry: AuditEntry, now: Moment) -> None:
        who = (entry.actor, entry.credential, entry.address)
        details = json.dumps(dict(entry.details), ensure_ascii=False)
        self._session.run(_ADD, now, *who, entry.action, entry.owner, entry.target, details)

    def page(self, owner: str | None, after: int, limit: int) -> list[AuditRecord]:
        """The oldest first; of one owner, or of all."""
        if owner is None:
            rows = self._session.rows(_PAGE, after, limit)
        else:
            rows = self._session.rows(_PAGE_OF_OWNER, owner, after, limit)
        return [_record(row) for row in rows]


def _record(row: Row) -> AuditRecord:
    actor, credential, address, action, owner, target, details = row[2:9]
    entry = AuditEntry(actor, credential, address, action, owner, target, json.loads(details))
    return AuditRecord(row[0], Moment(row[1]), entry)
