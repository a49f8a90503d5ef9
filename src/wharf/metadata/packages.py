"""Packages: what the repositories of an owner are to those who list them, and the versions in each.

A version is a manifest that somebody pushed. What the registry made itself, to keep a list of referrers true, is none.
"""

from dataclasses import dataclass
from typing import Final

from wharf.metadata.pulls import below
from wharf.metadata.records import Moment, PackageRecord, RepositoryId, VersionId, VersionRecord
from wharf.metadata.session import Row, Session
from wharf.oci.digest import Digest
from wharf.oci.reference import RepositoryName

_LIVE = "JOIN manifests ON manifests.repository = versions.repository AND manifests.digest = versions.digest"
_GONE = "JOIN deleted_manifests AS gone ON gone.repository = versions.repository AND gone.digest = versions.digest"
_HAS_VERSIONS = f"EXISTS (SELECT 1 FROM versions {_LIVE} WHERE versions.repository = repositories.id)"
_COLUMNS = "id, name, is_public, created_at, updated_at, deleted_at"
_LISTED = f"SELECT {_COLUMNS} FROM repositories WHERE {{whose}} AND {_HAS_VERSIONS} ORDER BY name LIMIT ? OFFSET ?"
_COUNT_LISTED = f"SELECT COUNT(*) FROM repositories WHERE {{whose}} AND {_HAS_VERSIONS}"
_OF_OWNER = "name > ? AND name < ?"
_OF_INSTANCE = "name NOT LIKE '%/%'"
_IS_PUBLIC = " AND is_public = 1"
_IS_PRIVATE = " AND is_public = 0"
_MANY: Final = 1 << 62
_ALIVE = f"SELECT {_COLUMNS} FROM repositories WHERE name = ? AND {_HAS_VERSIONS}"
_COUNT = f"SELECT COUNT(*) FROM versions {_LIVE} WHERE versions.repository = ?"
_COUNT_GONE = f"SELECT COUNT(*) FROM versions {_GONE} WHERE versions.repository = ? AND gone.deleted_at > ?"
_PAGE = (
    f"SELECT versions.id, versions.digest, versions.created_at, versions.updated_at FROM versions {_LIVE}"
    " WHERE versions.repository = ? ORDER BY versions.id DESC LIMIT ? OFFSET ?"
)
_PAGE_GONE = (
    "SELECT versions.id, versions.digest, versions.created_at, versions.updated_at, gone.deleted_at FROM versions"
    f" {_GONE} WHERE versions.repository = ? AND gone.deleted_at > ? ORDER BY versions.id DESC LIMIT ? OFFSET ?"
)
_ONE = (
    f"SELECT versions.id, versions.digest, versions.created_at, versions.updated_at FROM versions {_LIVE}"
    " WHERE versions.repository = ? AND versions.id = ?"
)
_TAGS = "SELECT COUNT(*) FROM tags WHERE repository = ?"
_TAGGED = "SELECT COUNT(DISTINCT digest) FROM tags WHERE repository = ?"
_DIGESTS = "SELECT digest FROM manifests WHERE repository = ? ORDER BY digest"


@dataclass(frozen=True, slots=True)
class Shelf:
    """The packages of an owner, or of the instance, whose names have one segment: as a stranger sees it, where it is
    `only_public`; and of what is seen there all, or what is public, or what is not."""

    owner: str | None
    public: bool | None = None
    only_public: bool = False

    def conditions(self) -> tuple[str, tuple[str, ...]]:
        kind = {None: "", True: _IS_PUBLIC, False: _IS_PRIVATE}[self.public]
        kind += _IS_PUBLIC if self.only_public else ""
        return (_OF_INSTANCE + kind, ()) if self.owner is None else (_OF_OWNER + kind, below(self.owner))


class Packages:
    def __init__(self, session: Session) -> None:
        self._session = session

    def listed(self, shelf: Shelf, start: int = 0, limit: int = _MANY) -> list[PackageRecord]:
        """By name."""
        whose, values = shelf.conditions()
        return [_package(row) for row in self._session.rows(_LISTED.format(whose=whose), *values, limit, start)]

    def count_listed(self, shelf: Shelf) -> int:
        whose, values = shelf.conditions()
        return int(self._session.rows(_COUNT_LISTED.format(whose=whose), *values)[0][0])

    def alive(self, name: RepositoryName) -> PackageRecord | None:
        rows = self._session.rows(_ALIVE, str(name))
        return _package(rows[0]) if rows else None

    def count(self, repository: RepositoryId) -> int:
        return int(self._session.rows(_COUNT, repository)[0][0])

    def count_deleted(self, repository: RepositoryId, since: Moment) -> int:
        return int(self._session.rows(_COUNT_GONE, repository, since)[0][0])

    def versions(self, repository: RepositoryId, start: int, limit: int) -> list[VersionRecord]:
        """The newest first."""
        return [_version(row) for row in self._session.rows(_PAGE, repository, limit, start)]

    def deleted_versions(self, repository: RepositoryId, since: Moment, start: int, limit: int) -> list[VersionRecord]:
        return [_version(row) for row in self._session.rows(_PAGE_GONE, repository, since, limit, start)]

    def version(self, repository: RepositoryId, version: VersionId) -> VersionRecord | None:
        rows = self._session.rows(_ONE, repository, version)
        return _version(rows[0]) if rows else None

    def count_tags(self, repository: RepositoryId) -> int:
        return int(self._session.rows(_TAGS, repository)[0][0])

    def tagged(self, repository: RepositoryId) -> int:
        """How many manifests have a tag."""
        return int(self._session.rows(_TAGGED, repository)[0][0])

    def manifests(self, repository: RepositoryId) -> list[Digest]:
        """All of them, those that are no versions too."""
        return [Digest.parse(row[0]) for row in self._session.rows(_DIGESTS, repository)]


def _package(row: Row) -> PackageRecord:
    deleted_at = None if row[5] is None else Moment(row[5])
    return PackageRecord(
        RepositoryId(row[0]), RepositoryName(row[1]), bool(row[2]), Moment(row[3]), Moment(row[4]), deleted_at
    )


def _version(row: Row) -> VersionRecord:
    deleted_at = Moment(row[4]) if len(row) > 4 else None
    return VersionRecord(VersionId(row[0]), Digest.parse(row[1]), Moment(row[2]), Moment(row[3]), deleted_at)
