"""Tokens: secrets that an account was given. Kept are their digests, so that nobody can read one here."""

from wharf.access.limits import Limits, parse_limits
from wharf.access.permission import parse_permissions, written
from wharf.access.secret_text import SecretKind
from wharf.metadata.records import AccountId, Moment, NewToken, TokenId, TokenRecord
from wharf.metadata.session import Row, Session

_COLUMNS = (
    "id, account, kind, label, hint, permissions, limits, origin, parent, created_at, expires_at, revoked_at,"
    " last_used_at, last_used_from"
)
_BY_DIGEST = f"SELECT {_COLUMNS} FROM tokens WHERE digest = ?"
_BY_ID = f"SELECT {_COLUMNS} FROM tokens WHERE id = ?"
_OF_ACCOUNT = f"SELECT {_COLUMNS} FROM tokens WHERE account = ? ORDER BY id DESC LIMIT ? OFFSET ?"
_COUNT = "SELECT COUNT(*) FROM tokens WHERE account = ?"
_ADD = (
    "INSERT INTO tokens (account, kind, label, digest, hint, permissions, limits, origin, parent, created_at,"
    " expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_REVOKE = "UPDATE tokens SET revoked_at = ? WHERE (id = ? OR parent = ?) AND revoked_at IS NULL"
_REVOKE_ALL = "UPDATE tokens SET revoked_at = ? WHERE account = ? AND revoked_at IS NULL"
_REVOKE_EXCHANGED = (
    "UPDATE tokens SET revoked_at = ? WHERE account = ? AND kind = 'ci' AND label = ? AND revoked_at IS NULL"
)
_SET_END = "UPDATE tokens SET expires_at = ? WHERE (id = ? OR parent = ?) AND expires_at > ?"
_USED = (
    "UPDATE tokens SET last_used_at = ?, last_used_from = ?"
    " WHERE (id = ? OR id = (SELECT parent FROM tokens WHERE id = ?)) AND (last_used_at IS NULL OR last_used_at < ?)"
)
_DROP_UNUSED = (
    "DELETE FROM tokens WHERE account = ? AND kind = 'ref' AND id NOT IN (SELECT id FROM tokens WHERE account = ?"
    " AND kind = 'ref' ORDER BY COALESCE(last_used_at, created_at) DESC, id DESC LIMIT ?)"
)
_FORGET = "DELETE FROM tokens WHERE account = ? AND kind = 'pat' AND (expires_at < ? OR revoked_at < ?)"
_DROP_ENDED = "DELETE FROM tokens WHERE kind <> 'pat' AND expires_at < ?"


class Tokens:
    def __init__(self, session: Session) -> None:
        self._session = session

    def by_digest(self, digest: str) -> TokenRecord | None:
        rows = self._session.rows(_BY_DIGEST, digest)
        return _token(rows[0]) if rows else None

    def get(self, token: TokenId) -> TokenRecord | None:
        rows = self._session.rows(_BY_ID, token)
        return _token(rows[0]) if rows else None

    def of_account(self, account: AccountId, start: int, limit: int) -> list[TokenRecord]:
        """The newest first, from this row on."""
        return [_token(row) for row in self._session.rows(_OF_ACCOUNT, account, limit, start)]

    def count(self, account: AccountId) -> int:
        return int(self._session.rows(_COUNT, account)[0][0])

    def add(self, token: NewToken, now: Moment) -> TokenRecord:
        rights = (written(token.permissions), str(token.limits))
        who = (token.account, token.secret.kind.value, token.label, token.secret.digest, token.secret.hint)
        self._session.run(_ADD, *who, *rights, token.origin, token.parent, now, token.expires_at)
        added = self.by_digest(token.secret.digest)
        assert added is not None
        return added

    def revoke(self, token: TokenId, now: Moment) -> bool:
        """With the refresh tokens that stand for it."""
        return self._session.run(_REVOKE, now, token, token) > 0

    def revoke_all(self, account: AccountId, now: Moment) -> int:
        return self._session.run(_REVOKE_ALL, now, account)

    def revoke_exchanged(self, account: AccountId, label: str, now: Moment) -> int:
        """Those that a rule for identity tokens gave; they bear its label."""
        return self._session.run(_REVOKE_EXCHANGED, now, account, label)

    def end_at(self, token: TokenId, moment: Moment) -> None:
        """Sooner than it would have ended, never later; with the refresh tokens that stand for it."""
        self._session.run(_SET_END, moment, token, token, moment)

    def used(self, token: TokenId, address: str, now: Moment) -> None:
        """With the one that it stands for."""
        self._session.run(_USED, now, address, token, token, now)

    def drop_unused(self, account: AccountId, kept: int) -> int:
        """Of the logins that clients keep, those that were used last stay: so many of them."""
        return self._session.run(_DROP_UNUSED, account, account, kept)

    def forget(self, account: AccountId, ended_before: Moment) -> int:
        """Personal ones that ended so long ago that nobody looks for them any more."""
        return self._session.run(_FORGET, account, ended_before, ended_before)

    def drop_ended(self, before: Moment) -> int:
        """Those that come and go by themselves; a personal one stays on the list, so that people see that it ended."""
        return self._session.run(_DROP_ENDED, before)


def _token(row: Row) -> TokenRecord:
    return TokenRecord(
        id=TokenId(row[0]),
        account=AccountId(row[1]),
        kind=SecretKind(row[2]),
        label=row[3],
        hint=row[4],
        permissions=parse_permissions(row[5]),
        limits=_limits(row[6]),
        origin=row[7],
        parent=None if row[8] is None else TokenId(row[8]),
        created_at=Moment(row[9]),
        expires_at=Moment(row[10]),
        revoked_at=None if row[11] is None else Moment(row[11]),
        last_used_at=None if row[12] is None else Moment(row[12]),
        last_used_from=row[13],
    )


def _limits(text: str) -> Limits:
    return parse_limits(text.split())
