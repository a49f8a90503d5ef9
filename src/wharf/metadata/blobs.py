"""Which bytes we hold, and which repository holds which of them.

A repository must hold a blob before one of its manifests may name it. Holding carries a lease: the moment at which a
push was last told that the blob is here. Garbage collection leaves what was touched within its grace period alone.
"""

from collections.abc import Iterable

from wharf.metadata.records import BlobRecord, ListedRepository, Moment, RepositoryId
from wharf.metadata.session import Session
from wharf.oci.digest import Digest
from wharf.oci.reference import RepositoryName

_FIND = (
    "SELECT held.repository, blobs.size, blobs.location, held.touched_at, EXISTS (SELECT 1 FROM manifest_parts"
    " AS parts WHERE parts.repository = held.repository AND parts.part = held.digest) FROM repositories"
    " JOIN repository_blobs AS held ON held.repository = repositories.id"
    " JOIN blobs ON blobs.digest = held.digest"
    " WHERE repositories.name = ? AND held.digest = ?"
)
_ADD = "INSERT INTO blobs (digest, size, location, created_at) VALUES (?, ?, ?, ?) ON CONFLICT (digest) DO NOTHING"
_LOCATION = "SELECT location FROM blobs WHERE digest = ?"
_RELOCATE = "UPDATE blobs SET location = ?, size = ? WHERE digest = ? AND location = ?"
_HOLD = (
    "INSERT INTO repository_blobs (repository, digest, touched_at) VALUES (?, ?, ?)"
    " ON CONFLICT (repository, digest) DO UPDATE SET touched_at = excluded.touched_at"
)
_TOUCH = "UPDATE repository_blobs SET touched_at = ? WHERE repository = ? AND digest = ?"
_RELEASE = "DELETE FROM repository_blobs WHERE repository = ? AND digest = ?"
_IS_HELD = "SELECT 1 FROM repository_blobs WHERE repository = ? AND digest = ?"
_HOLDERS = (
    "SELECT repositories.name, repositories.is_public FROM repository_blobs AS held"
    " JOIN repositories ON repositories.id = held.repository"
    " WHERE held.digest = ? ORDER BY repositories.name LIMIT ?"
)
_NAMED_BY = "SELECT manifest FROM manifest_parts WHERE repository = ? AND part = ? ORDER BY manifest LIMIT ?"


class Blobs:
    def __init__(self, session: Session) -> None:
        self._session = session

    def find(self, name: RepositoryName, digest: Digest) -> BlobRecord | None:
        rows = self._session.rows(_FIND, str(name), str(digest))
        if not rows:
            return None
        repository, size, location, touched_at, is_named = rows[0]
        return BlobRecord(RepositoryId(repository), digest, size, location, Moment(touched_at), bool(is_named))

    def publish(self, repository: RepositoryId, digest: Digest, size: int, location: str, now: Moment) -> str:
        """Make a stored copy known and held; the answer is the location that serves, which may be an older copy's."""
        self._session.run(_ADD, str(digest), size, location, now)
        self.hold(repository, digest, now)
        return str(self._session.rows(_LOCATION, str(digest))[0][0])

    def relocate(self, digest: Digest, size: int, old: str, new: str) -> bool:
        """Let another copy serve, where the old one turned out to be gone."""
        return self._session.run(_RELOCATE, new, size, str(digest), old) > 0

    def hold(self, repository: RepositoryId, digest: Digest, now: Moment) -> None:
        self._session.run(_HOLD, repository, str(digest), now)

    def touch(self, repository: RepositoryId, digest: Digest, now: Moment) -> bool:
        """Renew the lease; False where the repository no longer holds the blob."""
        return self._session.run(_TOUCH, now, repository, str(digest)) > 0

    def release(self, repository: RepositoryId, digest: Digest) -> bool:
        return self._session.run(_RELEASE, repository, str(digest)) > 0

    def missing(self, repository: RepositoryId, digests: Iterable[Digest]) -> list[Digest]:
        return [digest for digest in digests if not self._session.rows(_IS_HELD, repository, str(digest))]

    def holders(self, digest: Digest, limit: int) -> list[ListedRepository]:
        return [
            ListedRepository(RepositoryName(row[0]), is_public=bool(row[1]))
            for row in self._session.rows(_HOLDERS, str(digest), limit)
        ]

    def named_by(self, repository: RepositoryId, digest: Digest, limit: int) -> list[Digest]:
        """The manifests of this repository that need the blob."""
        return [Digest.parse(row[0]) for row in self._session.rows(_NAMED_BY, repository, str(digest), limit)]
