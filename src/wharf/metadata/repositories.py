"""Repositories: names under which manifests and blobs are held. One comes into being with its first push."""

from typing import Final

from wharf.metadata.records import Moment, PackageRecord, RepositoryId
from wharf.metadata.session import Row, Session
from wharf.oci.reference import RepositoryName

CHANGED: Final = "UPDATE repositories SET edition = edition + 1 WHERE id = ?"
"""Run with each change of manifests and tags."""
_EDITION = "SELECT edition FROM repositories WHERE id = ?"
_FIND = "SELECT id FROM repositories WHERE name = ?"
_NAME = "SELECT name FROM repositories WHERE id = ?"
_ADD = "INSERT INTO repositories (name, created_at, updated_at) VALUES (?, ?, ?) ON CONFLICT (name) DO NOTHING"
_PUSHED = "UPDATE repositories SET updated_at = ? WHERE id = ?"
_BEGIN_ANEW = "UPDATE repositories SET deleted_at = NULL, is_public = 0 WHERE id = ? AND deleted_at IS NOT NULL"
_SET_DELETED = "UPDATE repositories SET deleted_at = ?, updated_at = ? WHERE id = ?"
_PACKAGE = "SELECT id, name, is_public, created_at, updated_at, deleted_at FROM repositories WHERE name = ?"
_IS_PUBLIC = "SELECT is_public FROM repositories WHERE name = ?"
_SET_PUBLIC = "UPDATE repositories SET is_public = ? WHERE id = ?"


class Repositories:
    def __init__(self, session: Session) -> None:
        self._session = session

    def find(self, name: RepositoryName) -> RepositoryId | None:
        rows = self._session.rows(_FIND, str(name))
        return RepositoryId(rows[0][0]) if rows else None

    def name_of(self, repository: RepositoryId) -> RepositoryName:
        return RepositoryName(self._session.rows(_NAME, repository)[0][0])

    def edition(self, repository: RepositoryId) -> int:
        """Another number than before: manifests or tags have changed."""
        return int(self._session.rows(_EDITION, repository)[0][0])

    def ensure(self, name: RepositoryName, now: Moment) -> RepositoryId:
        found = self.find(name)
        if found is not None:
            return found
        self._session.run(_ADD, str(name), now, now)
        return RepositoryId(self._session.rows(_FIND, str(name))[0][0])

    def pushed(self, repository: RepositoryId, now: Moment) -> bool:
        """A manifest came. True where a package that was deleted begins anew with it, and is seen by nobody else."""
        self._session.run(_PUSHED, now, repository)
        return self._session.run(_BEGIN_ANEW, repository) > 0

    def set_deleted(self, repository: RepositoryId, at: Moment | None, now: Moment) -> None:
        """As a whole; None where it came back as a whole."""
        self._session.run(_SET_DELETED, at, now, repository)

    def package(self, name: RepositoryName) -> PackageRecord | None:
        rows = self._session.rows(_PACKAGE, str(name))
        return _package(rows[0]) if rows else None

    def is_public(self, name: RepositoryName) -> bool:
        rows = self._session.rows(_IS_PUBLIC, str(name))
        return bool(rows) and bool(rows[0][0])

    def set_public(self, repository: RepositoryId, *, is_public: bool) -> None:
        self._session.run(_SET_PUBLIC, int(is_public), repository)


def _package(row: Row) -> PackageRecord:
    deleted_at = None if row[5] is None else Moment(row[5])
    return PackageRecord(
        RepositoryId(row[0]), RepositoryName(row[1]), bool(row[2]), Moment(row[3]), Moment(row[4]), deleted_at
    )
