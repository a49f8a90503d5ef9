"""Trash: manifests that were deleted, with all that they were, for as long as they can come back.

Those that were deleted together share one word, `deletion`. What they name is kept as long as they are.
"""

import json
from collections.abc import Sequence

from wharf.metadata.records import DeletedManifest, Moment, RepositoryId
from wharf.metadata.session import Row, Session
from wharf.oci.digest import Digest
from wharf.oci.reference import RepositoryName, Tag

_FACTS = "repository, digest, media_type, artifact_type, subject, size"
_KEEP = (
    f"INSERT INTO deleted_manifests ({_FACTS}, pushed_at, annotations, body,"
    " tags, deleted_at, deleted_by, deletion, reason)"
    f" SELECT {_FACTS}, pushed_at, annotations, body, ?, ?, ?, ?, ? FROM manifests WHERE repository = ? AND digest = ?"
)
_KEEP_PARTS = (
    "INSERT INTO deleted_parts (repository, manifest, part)"
    " SELECT repository, manifest, part FROM manifest_parts WHERE repository = ? AND manifest = ?"
)
# It is as new as a push: who brought it back wants it, and what goes by age shall not take it the next hour.
_RESTORE = (
    f"INSERT INTO manifests ({_FACTS}, pushed_at, annotations, body)"
    f" SELECT {_FACTS}, ?, annotations, body FROM deleted_manifests WHERE repository = ? AND digest = ?"
)
_RESTORE_PARTS = (
    "INSERT INTO manifest_parts (repository, manifest, part)"
    " SELECT repository, manifest, part FROM deleted_parts WHERE repository = ? AND manifest = ?"
)
_FORGET_PARTS = "DELETE FROM deleted_parts WHERE repository = ? AND manifest = ?"
_FORGET = "DELETE FROM deleted_manifests WHERE repository = ? AND digest = ?"
_COLUMNS = (
    "gone.repository, repositories.name, gone.digest, gone.media_type, gone.size, gone.subject, gone.tags,"
    " gone.deleted_at, gone.deleted_by, gone.deletion, gone.reason"
)
_SELECT = f"SELECT {_COLUMNS} FROM deleted_manifests AS gone JOIN repositories ON repositories.id = gone.repository"
_FIND = f"{_SELECT} WHERE gone.repository = ? AND gone.digest = ?"
_BODY = "SELECT body FROM deleted_manifests WHERE repository = ? AND digest = ?"
_OF_DELETION = f"{_SELECT} WHERE gone.repository = ? AND gone.deletion = ? ORDER BY gone.digest"
_PARTS = (
    f"{_SELECT} WHERE gone.repository = ? AND gone.digest IN"
    " (SELECT part FROM deleted_parts WHERE repository = ? AND manifest = ?) ORDER BY gone.digest"
)
_SPEAKING_OF = f"{_SELECT} WHERE gone.repository = ? AND gone.deletion = ? AND gone.subject = ? ORDER BY gone.digest"
_OLDER = f"{_SELECT} WHERE gone.deleted_at <= ? ORDER BY gone.deleted_at LIMIT ?"


class Trash:
    def __init__(self, session: Session) -> None:
        self._session = session

    def keep(
        self,
        repository: RepositoryId,
        digest: Digest,
        tags: Sequence[Tag],
        actor: str,
        now: Moment,
        deletion: str,
        reason: str,
    ) -> bool:
        """A copy of what is about to be deleted; False where it is not there."""
        self.forget(repository, digest)
        told = (json.dumps([str(tag) for tag in tags]), now, actor, deletion, reason)
        if not self._session.run(_KEEP, *told, repository, str(digest)):
            return False
        self._session.run(_KEEP_PARTS, repository, str(digest))
        return True

    def restore(self, repository: RepositoryId, digest: Digest, now: Moment) -> None:
        """It must not be there alive. Its tags are the caller's matter."""
        self._session.run(_RESTORE, now, repository, str(digest))
        self._session.run(_RESTORE_PARTS, repository, str(digest))
        self.forget(repository, digest)

    def forget(self, repository: RepositoryId, digest: Digest) -> bool:
        self._session.run(_FORGET_PARTS, repository, str(digest))
        return self._session.run(_FORGET, repository, str(digest)) > 0

    def find(self, repository: RepositoryId, digest: Digest) -> DeletedManifest | None:
        rows = self._session.rows(_FIND, repository, str(digest))
        return _deleted(rows[0]) if rows else None

    def body(self, repository: RepositoryId, digest: Digest) -> bytes:
        return bytes(self._session.rows(_BODY, repository, str(digest))[0][0])

    def of_deletion(self, repository: RepositoryId, deletion: str) -> list[DeletedManifest]:
        return [_deleted(row) for row in self._session.rows(_OF_DELETION, repository, deletion)]

    def parts_of(self, repository: RepositoryId, digest: Digest) -> list[DeletedManifest]:
        """Manifests in the trash that this one, in the trash too, names."""
        return [_deleted(row) for row in self._session.rows(_PARTS, repository, repository, str(digest))]

    def speaking_of(self, repository: RepositoryId, digest: Digest, deletion: str) -> list[DeletedManifest]:
        """Manifests that were deleted together with their subject."""
        return [_deleted(row) for row in self._session.rows(_SPEAKING_OF, repository, deletion, str(digest))]

    def older(self, than: Moment, limit: int) -> list[DeletedManifest]:
        return [_deleted(row) for row in self._session.rows(_OLDER, than, limit)]


def _deleted(row: Row) -> DeletedManifest:
    repository, name, digest, media_type, size, subject, tags, deleted_at, deleted_by, deletion, reason = row
    return DeletedManifest(
        repository=RepositoryId(repository),
        name=RepositoryName(name),
        digest=Digest.parse(digest),
        media_type=media_type,
        size=size,
        subject=None if subject is None else Digest.parse(subject),
        tags=tuple(Tag(tag) for tag in json.loads(tags)),
        deleted_at=Moment(deleted_at),
        deleted_by=deleted_by,
        deletion=deletion,
        reason=reason,
    )
