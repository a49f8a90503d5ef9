"""Versions: the numbers that manifests have as parts of a package. A number outlives deletion, for whoever restores."""

from wharf.metadata.records import Moment, RepositoryId, VersionId
from wharf.metadata.session import Session
from wharf.oci.digest import Digest

_ADD = (
    "INSERT INTO versions (repository, digest, created_at, updated_at) VALUES (?, ?, ?, ?)"
    " ON CONFLICT (repository, digest) DO UPDATE SET updated_at = excluded.updated_at"
)
_FIND = "SELECT id FROM versions WHERE repository = ? AND digest = ?"
_DIGEST = "SELECT digest FROM versions WHERE repository = ? AND id = ?"
_DROP = "DELETE FROM versions WHERE repository = ? AND digest = ?"


class Versions:
    def __init__(self, session: Session) -> None:
        self._session = session

    def pushed(self, repository: RepositoryId, digest: Digest, now: Moment) -> None:
        self._session.run(_ADD, repository, str(digest), now, now)

    def find(self, repository: RepositoryId, digest: Digest) -> VersionId | None:
        rows = self._session.rows(_FIND, repository, str(digest))
        return VersionId(rows[0][0]) if rows else None

    def digest(self, repository: RepositoryId, version: VersionId) -> Digest | None:
        rows = self._session.rows(_DIGEST, repository, version)
        return Digest.parse(rows[0][0]) if rows else None

    def drop(self, repository: RepositoryId, digest: Digest) -> None:
        self._session.run(_DROP, repository, str(digest))
