"""What nobody needs any more, found in small steps.

Each step asks for a page of candidates without holding anything up, and then takes them away one by one under the
same condition again: what was touched, named or tagged in between stays.
"""

from wharf.metadata.records import Moment, RepositoryId, UnheldBlob, UnnamedBlob, UntaggedManifest
from wharf.metadata.session import Row, Session
from wharf.oci.digest import Digest
from wharf.oci.reference import RepositoryName

_NOT_NAMED = (
    "held.touched_at < ? AND NOT EXISTS (SELECT 1 FROM manifest_parts AS named"
    " WHERE named.repository = held.repository AND named.part = held.digest)"
    " AND NOT EXISTS (SELECT 1 FROM deleted_parts AS missed"
    " WHERE missed.repository = held.repository AND missed.part = held.digest)"
)
_UNNAMED = (
    "SELECT held.repository, repositories.name, held.digest, blobs.size, held.touched_at"
    " FROM repository_blobs AS held"
    " JOIN repositories ON repositories.id = held.repository JOIN blobs ON blobs.digest = held.digest"
    f" WHERE (held.repository, held.digest) > (?, ?) AND {_NOT_NAMED}"
    " ORDER BY held.repository, held.digest LIMIT ?"
)
_DROP_UNNAMED = f"DELETE FROM repository_blobs AS held WHERE held.repository = ? AND held.digest = ? AND {_NOT_NAMED}"
_NOT_HELD = "NOT EXISTS (SELECT 1 FROM repository_blobs AS held WHERE held.digest = blobs.digest)"
_UNHELD = f"SELECT digest, size, location FROM blobs WHERE digest > ? AND {_NOT_HELD} ORDER BY digest LIMIT ?"
_DROP_UNHELD = f"DELETE FROM blobs WHERE digest = ? AND {_NOT_HELD}"
# Kept: what a tag points to, what an index contains, and what speaks about a manifest that is still here; also where
# the index or the manifest can still be restored.
_UNTAGGED_CONDITION = (
    "candidate.pushed_at < ?"
    " AND NOT EXISTS (SELECT 1 FROM tags"
    "   WHERE tags.repository = candidate.repository AND tags.digest = candidate.digest)"
    " AND NOT EXISTS (SELECT 1 FROM manifest_parts AS named"
    "   WHERE named.repository = candidate.repository AND named.part = candidate.digest)"
    " AND NOT EXISTS (SELECT 1 FROM manifests AS subject"
    "   WHERE subject.repository = candidate.repository AND subject.digest = candidate.subject)"
    " AND NOT EXISTS (SELECT 1 FROM deleted_parts AS missed"
    "   WHERE missed.repository = candidate.repository AND missed.part = candidate.digest)"
    " AND NOT EXISTS (SELECT 1 FROM deleted_manifests AS gone"
    "   WHERE gone.repository = candidate.repository AND gone.digest = candidate.subject)"
)
_UNTAGGED = (
    "SELECT candidate.repository, repositories.name, candidate.digest, candidate.size, candidate.pushed_at"
    " FROM manifests AS candidate JOIN repositories ON repositories.id = candidate.repository"
    f" WHERE (candidate.repository, candidate.digest) > (?, ?) AND {_UNTAGGED_CONDITION}"
    " ORDER BY candidate.repository, candidate.digest LIMIT ?"
)
_IS_UNTAGGED = (
    "SELECT 1 FROM manifests AS candidate WHERE candidate.repository = ? AND candidate.digest = ?"
    f" AND {_UNTAGGED_CONDITION}"
)
_KNOWN = "SELECT 1 FROM blobs WHERE location = ?"

Cursor = tuple[RepositoryId, str]
START: Cursor = (RepositoryId(0), "")


class Garbage:
    def __init__(self, session: Session) -> None:
        self._session = session

    def unnamed_blobs(self, after: Cursor, before: Moment, limit: int) -> list[UnnamedBlob]:
        """Blobs that no manifest of their repository names and no push was told of since `before`."""
        rows = self._session.rows(_UNNAMED, *after, before, limit)
        return [UnnamedBlob(*_subject(row), size=row[3], touched_at=Moment(row[4])) for row in rows]

    def drop_unnamed(self, blob: UnnamedBlob, before: Moment) -> bool:
        return self._session.run(_DROP_UNNAMED, blob.repository, str(blob.digest), before) > 0

    def unheld_blobs(self, after: str, limit: int) -> list[UnheldBlob]:
        rows = self._session.rows(_UNHELD, after, limit)
        return [UnheldBlob(Digest.parse(row[0]), row[1], row[2]) for row in rows]

    def drop_unheld(self, blob: UnheldBlob) -> bool:
        return self._session.run(_DROP_UNHELD, str(blob.digest)) > 0

    def untagged_manifests(self, after: Cursor, before: Moment, limit: int) -> list[UntaggedManifest]:
        rows = self._session.rows(_UNTAGGED, *after, before, limit)
        return [UntaggedManifest(*_subject(row), size=row[3], pushed_at=Moment(row[4])) for row in rows]

    def is_untagged(self, manifest: UntaggedManifest, before: Moment) -> bool:
        return bool(self._session.rows(_IS_UNTAGGED, manifest.repository, str(manifest.digest), before))

    def is_known(self, location: str) -> bool:
        """Whether a stored copy serves a blob; one that does not was left behind by a crash or by a twin."""
        return bool(self._session.rows(_KNOWN, location))


def _subject(row: Row) -> tuple[RepositoryId, RepositoryName, Digest]:
    return RepositoryId(row[0]), RepositoryName(row[1]), Digest.parse(row[2])
