"""Repositories: names under which manifests and blobs are held. One comes into being with its first push."""

from wharf.metadata.records import Moment, RepositoryId
from wharf.metadata.session import Session
from wharf.oci.reference import RepositoryName

_FIND = "SELECT id FROM repositories WHERE name = ?"
_ADD = "INSERT INTO repositories (name, created_at) VALUES (?, ?) ON CONFLICT (name) DO NOTHING"
# A repository whose last manifest was deleted is not listed: it is kept for its history alone.
_HAS_CONTENT = "EXISTS (SELECT 1 FROM manifests WHERE manifests.repository = repositories.id)"
_PAGE = f"SELECT name FROM repositories WHERE name > ? AND {_HAS_CONTENT} ORDER BY name LIMIT ?"
_BETWEEN = f"SELECT name FROM repositories WHERE name >= ? AND name < ? AND {_HAS_CONTENT} ORDER BY name LIMIT ?"
_ENDING = f"SELECT name FROM repositories WHERE (name = ? OR name LIKE ?) AND {_HAS_CONTENT} ORDER BY name LIMIT ?"


class Repositories:
    def __init__(self, session: Session) -> None:
        self._session = session

    def find(self, name: RepositoryName) -> RepositoryId | None:
        rows = self._session.rows(_FIND, str(name))
        return RepositoryId(rows[0][0]) if rows else None

    def ensure(self, name: RepositoryName, now: Moment) -> RepositoryId:
        found = self.find(name)
        if found is not None:
            return found
        self._session.run(_ADD, str(name), now)
        return RepositoryId(self._session.rows(_FIND, str(name))[0][0])

    def page(self, after: str, limit: int) -> list[RepositoryName]:
        return [RepositoryName(row[0]) for row in self._session.rows(_PAGE, after, limit)]

    def resembling(self, name: RepositoryName, limit: int) -> list[RepositoryName]:
        """Names that share their beginning or last segment with this one: where a slip of the pen is looked for."""
        start = str(name)[:2]
        last = str(name).rpartition("/")[2]
        rows = self._session.rows(_BETWEEN, start, start + "\x7f", limit)
        rows += self._session.rows(_ENDING, last, f"%/{last}", limit)
        return [RepositoryName(text) for text in dict.fromkeys(row[0] for row in rows)]
