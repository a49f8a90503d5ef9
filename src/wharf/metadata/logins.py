"""Logins: how often one has failed of late, and from where accounts have logged in before.

A subject of failures is a word that the caller makes; what somebody typed as their name does not stand here as typed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from wharf.metadata.records import AccountId, Moment
from wharf.metadata.session import Session

_FAILURES = "SELECT subject, failures, latest FROM login_failures WHERE subject IN ({})"
# Whoever failed long ago begins anew.
_FAILED = (
    "INSERT INTO login_failures (subject, failures, since, latest) VALUES (?, 1, ?, ?)"
    " ON CONFLICT (subject) DO UPDATE SET"
    " failures = CASE WHEN login_failures.latest < ? THEN 1 ELSE login_failures.failures + 1 END,"
    " since = CASE WHEN login_failures.latest < ? THEN excluded.since ELSE login_failures.since END,"
    " latest = excluded.latest"
)
_FORGIVE = "DELETE FROM login_failures WHERE subject = ?"
_FORGET_FAILURES = "DELETE FROM login_failures WHERE latest < ?"
_IS_FAMILIAR = "SELECT seen_at FROM familiar_addresses WHERE account = ? AND address = ?"
_SEEN = (
    "INSERT INTO familiar_addresses (account, address, seen_at) VALUES (?, ?, ?)"
    " ON CONFLICT (account, address) DO UPDATE SET seen_at = excluded.seen_at"
)
_FORGET_ADDRESSES = "DELETE FROM familiar_addresses WHERE account = ? AND seen_at < ?"


@dataclass(frozen=True, slots=True)
class Failures:
    count: int
    latest: Moment


class Logins:
    def __init__(self, session: Session) -> None:
        self._session = session

    def failures(self, subjects: Sequence[str]) -> Mapping[str, Failures]:
        """Those of these that have failed."""
        rows = self._session.rows(_FAILURES.format(", ".join("?" * len(subjects))), *subjects)
        return {row[0]: Failures(row[1], Moment(row[2])) for row in rows}

    def failed(self, subject: str, now: Moment, anew_after: Moment) -> None:
        """`anew_after`: failures that all lie before this moment count no more."""
        self._session.run(_FAILED, subject, now, now, anew_after, anew_after)

    def forgive(self, subject: str) -> None:
        self._session.run(_FORGIVE, subject)

    def forget_failures(self, before: Moment) -> int:
        return self._session.run(_FORGET_FAILURES, before)

    def last_seen(self, account: AccountId, address: str) -> Moment | None:
        rows = self._session.rows(_IS_FAMILIAR, account, address)
        return Moment(rows[0][0]) if rows else None

    def seen(self, account: AccountId, address: str, now: Moment, forget_before: Moment) -> None:
        self._session.run(_FORGET_ADDRESSES, account, forget_before)
        self._session.run(_SEEN, account, address, now)
