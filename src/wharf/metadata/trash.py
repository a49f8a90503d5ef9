"""Trash: manifests that were deleted, with all that they were, for as long as they can come back.

Those that were deleted together share one word, `deletion`. What they name is kept as long as they are. A repository is
emptied, and brought back, by a few statements over all that it holds: while they run, nobody else can write.
"""

from collections.abc import Sequence
from typing import Final

from wharf.metadata.records import DeletedManifest, Moment, RepositoryId
from wharf.metadata.repositories import CHANGED
from wharf.metadata.session import Row, Session, Value
from wharf.oci.digest import Digest
from wharf.oci.media_types import DOCKER_MANIFEST_LIST, OCI_INDEX
from wharf.oci.reference import RepositoryName, Tag

_FACTS = "repository, digest, media_type, artifact_type, subject, size"
_PARTS = "repository, manifest, part"
_KEEP_ALL = (
    f"INSERT INTO deleted_manifests ({_FACTS}, pushed_at, annotations, body, deleted_at, deleted_by, deletion, reason)"
    f" SELECT {_FACTS}, pushed_at, annotations, body, ?, ?, ?, ? FROM manifests WHERE repository = ?"
)
_KEEP_ALL_PARTS = f"INSERT INTO deleted_parts ({_PARTS}) SELECT {_PARTS} FROM manifest_parts WHERE repository = ?"
_KEEP_ALL_TAGS = (
    "INSERT INTO deleted_tags (repository, manifest, name) SELECT repository, digest, name FROM tags"
    " WHERE repository = ?"
)
_KEEP = f"{_KEEP_ALL} AND digest = ?"
_KEEP_PARTS = f"{_KEEP_ALL_PARTS} AND manifest = ?"
_KEEP_TAG = "INSERT INTO deleted_tags (repository, manifest, name) VALUES (?, ?, ?)"
# It is as new as a push: who brought it back wants it, and what goes by age shall not take it the next hour.
_RESTORE_SOME = (
    f"INSERT INTO manifests ({_FACTS}, pushed_at, annotations, body)"
    f" SELECT {_FACTS}, ?, annotations, body FROM deleted_manifests WHERE repository = ?"
)
_RESTORE_SOME_PARTS = f"INSERT INTO manifest_parts ({_PARTS}) SELECT {_PARTS} FROM deleted_parts WHERE repository = ?"
_RESTORE = f"{_RESTORE_SOME} AND digest = ?"
_RESTORE_PARTS = f"{_RESTORE_SOME_PARTS} AND manifest = ?"

_OF_ONE = "(SELECT digest FROM deleted_manifests WHERE repository = ? AND deletion = ?)"
_RESTORE_ALL = f"{_RESTORE_SOME} AND deletion = ?"
_RESTORE_ALL_PARTS = f"{_RESTORE_SOME_PARTS} AND manifest IN {_OF_ONE}"
_RENEW_NUMBERS = f"UPDATE versions SET updated_at = ? WHERE repository = ? AND digest IN {_OF_ONE}"
# Two deletions within a millisecond, and a push between them, are one, in which a tag went twice.
_FREE_TAGS = (
    f"FROM deleted_tags AS gone WHERE gone.repository = ? AND gone.manifest IN {_OF_ONE}"
    " AND NOT EXISTS (SELECT 1 FROM tags WHERE tags.repository = gone.repository AND tags.name = gone.name)"
    " GROUP BY gone.repository, gone.name"
)
_RECORD_TAGS = (
    "INSERT INTO tag_events (repository, tag, digest, previous, actor, happened_at)"
    f" SELECT gone.repository, gone.name, MIN(gone.manifest), NULL, ?, ? {_FREE_TAGS} ORDER BY gone.name"
)
_RESTORE_TAGS = (
    "INSERT INTO tags (repository, name, digest, moved_at)"
    f" SELECT gone.repository, gone.name, MIN(gone.manifest), ? {_FREE_TAGS}"
)
_FORGET_ALL: Final = (
    f"DELETE FROM deleted_tags WHERE repository = ? AND manifest IN {_OF_ONE}",
    f"DELETE FROM deleted_parts WHERE repository = ? AND manifest IN {_OF_ONE}",
)
_FORGET_ALL_MANIFESTS = "DELETE FROM deleted_manifests WHERE repository = ? AND deletion = ?"
_ALIVE = "(SELECT digest FROM manifests WHERE repository = ?)"
_FORGET_TWINS: Final = (
    f"DELETE FROM deleted_tags WHERE repository = ? AND manifest IN {_ALIVE}",
    f"DELETE FROM deleted_parts WHERE repository = ? AND manifest IN {_ALIVE}",
    f"DELETE FROM deleted_manifests WHERE repository = ? AND digest IN {_ALIVE}",
)
_FORGET_TAGS = "DELETE FROM deleted_tags WHERE repository = ? AND manifest = ?"
_FORGET_PARTS = "DELETE FROM deleted_parts WHERE repository = ? AND manifest = ?"
_FORGET = "DELETE FROM deleted_manifests WHERE repository = ? AND digest = ?"

_COLUMNS = (
    "gone.repository, repositories.name, gone.digest, gone.media_type, gone.size, gone.subject,"
    " gone.deleted_at, gone.deleted_by, gone.deletion, gone.reason"
)
_SELECT = f"SELECT {_COLUMNS} FROM deleted_manifests AS gone JOIN repositories ON repositories.id = gone.repository"
_FIND = f"{_SELECT} WHERE gone.repository = ? AND gone.digest = ?"
_TAGS = "SELECT name FROM deleted_tags WHERE repository = ? AND manifest = ? ORDER BY name"
_BODY = "SELECT body FROM deleted_manifests WHERE repository = ? AND digest = ?"
_COUNT = "SELECT COUNT(*) FROM deleted_manifests WHERE repository = ? AND deletion = ?"
_OF_DELETION = f"{_SELECT} WHERE gone.repository = ? AND gone.deletion = ? ORDER BY gone.digest"
_NAMED = (
    f"{_SELECT} WHERE gone.repository = ? AND gone.digest IN"
    " (SELECT part FROM deleted_parts WHERE repository = ? AND manifest = ?) ORDER BY gone.digest"
)
_SPEAKING_OF = f"{_SELECT} WHERE gone.repository = ? AND gone.subject = ? ORDER BY gone.digest"
_OLDER = f"{_SELECT} WHERE gone.deleted_at <= ? ORDER BY gone.deleted_at LIMIT ?"
# Parts of its indexes that went before it.
_NAMED_BY_ALL = (
    f"{_SELECT} WHERE gone.repository = ? AND gone.deletion <> ? AND gone.digest IN"
    " (SELECT parts.part FROM deleted_manifests AS whole JOIN deleted_parts AS parts"
    " ON parts.repository = whole.repository AND parts.manifest = whole.digest"
    " WHERE whole.repository = ? AND whole.deletion = ? AND whole.media_type IN (?, ?)) ORDER BY gone.digest"
)
# A part that is no blob here: foreign, or the image of an index; or what came away by itself.
_LACKING = (
    f"{_SELECT} WHERE gone.repository = ? AND gone.deletion = ? AND EXISTS"
    " (SELECT 1 FROM deleted_parts AS parts WHERE parts.repository = gone.repository AND parts.manifest = gone.digest"
    " AND NOT EXISTS (SELECT 1 FROM repository_blobs AS held"
    "   WHERE held.repository = parts.repository AND held.digest = parts.part)"
    " AND NOT EXISTS (SELECT 1 FROM deleted_manifests AS image"
    "   WHERE image.repository = parts.repository AND image.digest = parts.part)) ORDER BY gone.digest"
)


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
        if not self._session.run(_KEEP, now, actor, deletion, reason, repository, str(digest)):
            return False
        self._session.run(_KEEP_PARTS, repository, str(digest))
        for tag in tags:
            self._session.run(_KEEP_TAG, repository, str(digest), str(tag))
        return True

    def keep_all(self, repository: RepositoryId, actor: str, now: Moment, deletion: str, reason: str) -> None:
        """A copy of all that a repository holds."""
        self._forget_twins(repository)
        self._session.run(_KEEP_ALL, now, actor, deletion, reason, repository)
        self._session.run(_KEEP_ALL_PARTS, repository)
        self._session.run(_KEEP_ALL_TAGS, repository)

    def restore(self, repository: RepositoryId, digest: Digest, now: Moment) -> None:
        """It must not be there alive. Its tags are the caller's matter."""
        self._session.run(_RESTORE, now, repository, str(digest))
        self._session.run(_RESTORE_PARTS, repository, str(digest))
        self._session.run(CHANGED, repository)
        self.forget(repository, digest)

    def restore_all(self, repository: RepositoryId, deletion: str, actor: str, now: Moment) -> None:
        """All that went in this deletion, with those tags that point nowhere else by now."""
        self._forget_twins(repository)
        those: tuple[Value, ...] = (repository, repository, deletion)
        self._session.run(_RESTORE_ALL, now, repository, deletion)
        self._session.run(_RESTORE_ALL_PARTS, *those)
        self._session.run(_RENEW_NUMBERS, now, *those)
        self._session.run(_RECORD_TAGS, actor, now, *those)
        self._session.run(_RESTORE_TAGS, now, *those)
        for statement in _FORGET_ALL:
            self._session.run(statement, *those)
        self._session.run(_FORGET_ALL_MANIFESTS, repository, deletion)
        self._session.run(CHANGED, repository)

    def forget(self, repository: RepositoryId, digest: Digest) -> bool:
        self._session.run(_FORGET_TAGS, repository, str(digest))
        self._session.run(_FORGET_PARTS, repository, str(digest))
        return self._session.run(_FORGET, repository, str(digest)) > 0

    def find(self, repository: RepositoryId, digest: Digest) -> DeletedManifest | None:
        found = self._found(_FIND, repository, str(digest))
        return found[0] if found else None

    def body(self, repository: RepositoryId, digest: Digest) -> bytes:
        return bytes(self._session.rows(_BODY, repository, str(digest))[0][0])

    def count(self, repository: RepositoryId, deletion: str) -> int:
        return int(self._session.rows(_COUNT, repository, deletion)[0][0])

    def of_deletion(self, repository: RepositoryId, deletion: str) -> list[DeletedManifest]:
        return self._found(_OF_DELETION, repository, deletion)

    def parts_of(self, repository: RepositoryId, digest: Digest) -> list[DeletedManifest]:
        """Manifests in the trash that this one, in the trash too, names."""
        return self._found(_NAMED, repository, repository, str(digest))

    def parts_of_all(self, repository: RepositoryId, deletion: str) -> list[DeletedManifest]:
        """Manifests in the trash that those of this deletion name, and that went in another one."""
        return self._found(_NAMED_BY_ALL, repository, deletion, repository, deletion, OCI_INDEX, DOCKER_MANIFEST_LIST)

    def lacking(self, repository: RepositoryId, deletion: str) -> list[DeletedManifest]:
        """Those that may need a blob that is gone. Their bytes tell."""
        return self._found(_LACKING, repository, deletion)

    def speaking_of(self, repository: RepositoryId, digest: Digest, deletion: str) -> list[DeletedManifest]:
        """Manifests that were deleted together with their subject."""
        return [one for one in self._found(_SPEAKING_OF, repository, str(digest)) if one.deletion == deletion]

    def older(self, than: Moment, limit: int) -> list[DeletedManifest]:
        return self._found(_OLDER, than, limit)

    def _forget_twins(self, repository: RepositoryId) -> None:
        """What is there alive needs no second copy."""
        for statement in _FORGET_TWINS:
            self._session.run(statement, repository, repository)

    def _found(self, statement: str, *values: Value) -> list[DeletedManifest]:
        return [self._deleted(row) for row in self._session.rows(statement, *values)]

    def _deleted(self, row: Row) -> DeletedManifest:
        repository, name, digest, media_type, size, subject, deleted_at, deleted_by, deletion, reason = row
        return DeletedManifest(
            repository=RepositoryId(repository),
            name=RepositoryName(name),
            digest=Digest.parse(digest),
            media_type=media_type,
            size=size,
            subject=None if subject is None else Digest.parse(subject),
            tags=tuple(Tag(tag) for (tag,) in self._session.rows(_TAGS, repository, digest)),
            deleted_at=Moment(deleted_at),
            deleted_by=deleted_by,
            deletion=deletion,
            reason=reason,
        )
