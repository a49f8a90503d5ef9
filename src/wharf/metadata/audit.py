"""The audit log: each change with who, what, when and from where. It is only ever added to; the database holds that."""

import json
from dataclasses import dataclass
from typing import Final

from wharf.metadata.records import AuditEntry, AuditRecord, Moment
from wharf.metadata.session import Row, Session

_ADD = (
    "INSERT INTO audit (happened_at, actor, credential, address, action, owner, target, details)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
)
_COLUMNS = "id, happened_at, actor, credential, address, action, owner, target, details"
_PAGE = f"SELECT {_COLUMNS} FROM audit WHERE id > ? ORDER BY id LIMIT ?"
_PAGE_OF_OWNER = f"SELECT {_COLUMNS} FROM audit WHERE owner = ? AND id > ? ORDER BY id LIMIT ?"
_STRETCHES = {
    (
        column,
        order,
    ): f"SELECT {_COLUMNS} FROM audit WHERE {column} = ? AND id > ? AND id < ? ORDER BY id {order} LIMIT ?"
    for column in ("owner", "target")
    for order in ("ASC", "DESC")
}
_STRETCH_OF_ALL = {
    order: f"SELECT {_COLUMNS} FROM audit WHERE id > ? AND id < ? ORDER BY id {order} LIMIT ?"
    for order in ("ASC", "DESC")
}
_LATEST_BEFORE = "SELECT id FROM audit WHERE happened_at < ? ORDER BY happened_at DESC LIMIT 1"
_FIRST_AFTER = "SELECT id FROM audit WHERE happened_at > ? ORDER BY happened_at LIMIT 1"
_LAST: Final = "SELECT id FROM audit ORDER BY id DESC LIMIT 1"
_BEFORE_ALL: Final = 0
_BEHIND_ALL: Final = (1 << 62) - 1
# Entries stand in the order of their commits; the moments in them were read a little before, on clocks that may differ.
_CLOCKS_DIFFER_MS: Final = 600_000


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """What is looked for; empty says nothing. `action` may be a family: `package` is all that begins with `package.`"""

    owner: str | None = None
    action: str = ""
    actor: str = ""
    target: str = ""
    since: Moment | None = None
    until: Moment | None = None

    def lets(self, record: AuditRecord) -> bool:
        entry = record.entry
        return (
            self.owner in {None, entry.owner}
            and (not self.action or f"{entry.action}.".startswith(f"{self.action}."))
            and self.actor in {"", entry.actor}
            and self.target in {"", entry.target}
            and (self.since is None or record.happened_at >= self.since)
            and (self.until is None or record.happened_at < self.until)
        )


@dataclass(frozen=True, slots=True)
class Span:
    """The entries after one number and before another."""

    after: int = _BEFORE_ALL
    before: int = _BEHIND_ALL


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

    def last(self) -> int:
        """The number of the newest entry; 0 where there is none."""
        rows = self._session.rows(_LAST)
        return int(rows[0][0]) if rows else _BEFORE_ALL

    def span(self, wanted: AuditFilter) -> Span:
        """Where the moments that are looked for lie, at the most."""
        return Span(
            self._edge(_LATEST_BEFORE, wanted.since, -_CLOCKS_DIFFER_MS, _BEFORE_ALL),
            self._edge(_FIRST_AFTER, wanted.until, _CLOCKS_DIFFER_MS, _BEHIND_ALL),
        )

    def stretch(self, wanted: AuditFilter, span: Span, limit: int, *, newest_first: bool) -> list[AuditRecord]:
        """The next entries of an owner or a target, or of all, whatever else is looked for."""
        order = "DESC" if newest_first else "ASC"
        edges = (span.after, span.before, limit)
        if wanted.target:
            rows = self._session.rows(_STRETCHES["target", order], wanted.target, *edges)
        elif wanted.owner is not None:
            rows = self._session.rows(_STRETCHES["owner", order], wanted.owner, *edges)
        else:
            rows = self._session.rows(_STRETCH_OF_ALL[order], *edges)
        return [_record(row) for row in rows]

    def _edge(self, statement: str, moment: Moment | None, tolerance: int, otherwise: int) -> int:
        rows = self._session.rows(statement, moment + tolerance) if moment is not None else []
        return int(rows[0][0]) if rows else otherwise


def _record(row: Row) -> AuditRecord:
    actor, credential, address, action, owner, target, details = row[2:9]
    entry = AuditEntry(actor, credential, address, action, owner, target, json.loads(details))
    return AuditRecord(row[0], Moment(row[1]), entry)
