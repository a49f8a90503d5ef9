"""Counters: numbers that only grow, for who remembers something and must know when to ask again."""

from wharf.metadata.session import Session

_VALUE = "SELECT value FROM counters WHERE name = 'access'"
_ADVANCE = "UPDATE counters SET value = value + 1 WHERE name = 'access'"


class Counters:
    def __init__(self, session: Session) -> None:
        self._session = session

    def access(self) -> int:
        """Another number than before: what somebody may do has changed."""
        return int(self._session.rows(_VALUE)[0][0])

    def access_changed(self) -> None:
        """Belongs into the same change as what it tells of: accounts, roles, tokens, visibility, signing keys."""
        self._session.run(_ADVANCE)
