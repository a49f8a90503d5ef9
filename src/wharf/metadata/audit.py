"""The audit log: each change with who, what, when and from where. It is only ever added to; the database holds that."""

import json
from dataclasses import dataclass
from typing import Final

from wharf.metadata.records import AuditEntry, AuditRecord, Moment
from wharf.metadata.session import Row, Session, Value

_ADD = (
    "INSERT INTO audit (happened_at, actor, credential, address, action, owner, target, details)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
)
_COLUMNS = "id, happened_at, actor, credential, address, action, owner, target, details"
_PAGE = f"SELECT {_COLUMNS} FROM audit WHERE id > ? ORDER BY id LIMIT ?"
_PAGE_OF_OWNER = f"SELECT {_COLUMNS} FROM audit WHERE owner = ? AND id > ? ORDER BY id LIMIT ?"
# What else is looked for; each of the first four is also true where nothing is said about it. Moments are no way in:
# entries are given in the order of their numbers.
_WANTED = (
    " AND (? = 1 OR owner = ?) AND ? IN ('', target) AND ? IN ('', actor) AND substr(action || '.', 1, ?) = ?"
    " AND happened_at + 0 >= ? AND happened_at + 0 < ?"
)
_ALONG = {"owner": "owner = ? AND ", "target": "target = ? AND ", "": ""}
_STRETCHES = {
    (
        column,
        order,
    ): f"SELECT {_COLUMNS} FROM audit WHERE {along}id > ? AND id < ?{_WANTED} ORDER BY id {order} LIMIT ?"
    for column, along in _ALONG.items()
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

    def way_in(self) -> tuple[str, tuple[Value, ...]]:
        """The column by which few have to be looked at, and what stands in it."""
        if self.target:
            return "target", (self.target,)
        return ("", ()) if self.owner is None else ("owner", (self.owner,))

    def values(self) -> tuple[Value, ...]:
        """For what stands in the statement."""
        family = f"{self.action}." if self.action else ""
        owner = (int(self.owner is None), self.owner or "")
        moments = (self.since or _BEFORE_ALL, _BEHIND_ALL if self.until is None else self.until)
        return (*owner, self.target, self.actor, len(family), family, *moments)


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
        """The next entries that are looked for. All of an owner, or of everybody, may have to be looked at for them."""
        order = "DESC" if newest_first else "ASC"
        along, first = wanted.way_in()
        edges = (*first, span.after, span.before)
        rows = self._session.rows(_STRETCHES[along, order], *edges, *wanted.values(), limit)
        return [_record(row) for row in rows]

    def _edge(self, statement: str, moment: Moment | None, tolerance: int, otherwise: int) -> int:
        rows = self._session.rows(statement, moment + tolerance) if moment is not None else []
        return int(rows[0][0]) if rows else otherwise


def _record(row: Row) -> AuditRecord:
    actor, credential, address, action, owner, target, details = row[2:9]
    entry = AuditEntry(actor, credential, address, action, owner, target, json.loads(details))
    return AuditRecord(row[0], Moment(row[1]), entry)
