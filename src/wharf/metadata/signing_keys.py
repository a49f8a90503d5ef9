"""The keys that short-lived tokens are signed with. One signs; those before it still prove what they signed."""

from wharf.metadata.records import Moment, SigningKeyRecord
from wharf.metadata.session import Row, Session

_ALL = (
    "SELECT id, secret, created_at, retired_at FROM signing_keys ORDER BY retired_at IS NOT NULL, created_at DESC, id"
)
_ADD = "INSERT INTO signing_keys (id, secret, created_at) VALUES (?, ?, ?)"
_RETIRE = "UPDATE signing_keys SET retired_at = ? WHERE retired_at IS NULL"
_DROP_ALL = "DELETE FROM signing_keys"
_DROP = "DELETE FROM signing_keys WHERE retired_at IS NOT NULL AND retired_at < ?"


class SigningKeys:
    def __init__(self, session: Session) -> None:
        self._session = session

    def all(self) -> list[SigningKeyRecord]:
        """The one that signs, then the others, the newest first."""
        return [_key(row) for row in self._session.rows(_ALL)]

    def succeed(self, name: str, secret: bytes, now: Moment) -> None:
        """A new one signs from now on; the one before it is retired."""
        self._session.run(_RETIRE, now)
        self._session.run(_ADD, name, secret, now)

    def drop_all(self) -> None:
        """What they signed proves nothing any more."""
        self._session.run(_DROP_ALL)

    def drop_retired(self, before: Moment) -> int:
        return self._session.run(_DROP, before)


def _key(row: Row) -> SigningKeyRecord:
    return SigningKeyRecord(row[0], bytes(row[1]), Moment(row[2]), None if row[3] is None else Moment(row[3]))
