"""Departures: what goes with an account that is deleted, and what keeps it here.

Whoever is given the same name later begins with nothing: no token, rule or webhook of the former one works for them,
and what was in the former one's repositories, who pulled it and where tags led is none of their business.
"""

from wharf.access.login import Login
from wharf.metadata.records import AccountId
from wharf.metadata.session import Session

_BELOW = "repositories.name >= ? AND repositories.name < ?"
_OWNS = (
    f"SELECT 1 FROM repositories WHERE {_BELOW}"
    " AND (EXISTS (SELECT 1 FROM manifests WHERE manifests.repository = repositories.id)"
    " OR EXISTS (SELECT 1 FROM deleted_manifests WHERE deleted_manifests.repository = repositories.id)) LIMIT 1"
)
_OF_REPOSITORIES = (
    f"UPDATE repositories SET is_public = 0 WHERE {_BELOW}",
    *(
        f"DELETE FROM {table} WHERE repository IN (SELECT id FROM repositories WHERE {_BELOW})"
        for table in ("pulls", "last_pulls", "expected_reads", "tag_events", "repository_blobs")
    ),
)
_OF_ACCOUNT = (
    "DELETE FROM tokens WHERE account = ?",
    "DELETE FROM familiar_addresses WHERE account = ?",
    "DELETE FROM identity_rules WHERE account = ?",
)
_OF_OWNER = (
    "DELETE FROM rules WHERE owner = ?",
    "DELETE FROM quotas WHERE owner = ?",
    "DELETE FROM deliveries WHERE webhook IN (SELECT id FROM webhooks WHERE owner = ?)",
    "DELETE FROM webhooks WHERE owner = ?",
)


class Departures:
    def __init__(self, session: Session) -> None:
        self._session = session

    def owns_something(self, login: Login) -> bool:
        """Whether a repository that begins with its name holds anything, or could be restored."""
        return bool(self._session.rows(_OWNS, *_below(login)))

    def clear(self, account: AccountId, login: Login) -> None:
        """All but the account itself, its memberships, and the audit log."""
        for statement in _OF_ACCOUNT:
            self._session.run(statement, account)
        for statement in _OF_OWNER:
            self._session.run(statement, str(login))
        for statement in _OF_REPOSITORIES:
            self._session.run(statement, *_below(login))


def _below(login: Login) -> tuple[str, str]:
    """From the slash on, to what follows the slash."""
    return f"{login}/", f"{login}0"
