"""Manifests: what a push commits and a pull asks for first."""

import json
from collections.abc import Mapping

from wharf.metadata.records import ManifestRecord, Moment, NewManifest, ReferrerRecord, RepositoryId
from wharf.metadata.repositories import CHANGED
from wharf.metadata.session import Session
from wharf.oci.digest import Digest
from wharf.oci.reference import RepositoryName, Tag

_BY_TAG = (
    "SELECT manifests.digest, manifests.media_type, manifests.body FROM repositories"
    " JOIN tags ON tags.repository = repositories.id"
    " JOIN manifests ON manifests.repository = tags.repository AND manifests.digest = tags.digest"
    " WHERE repositories.name = ? AND tags.name = ?"
)
_BY_DIGEST = (
    "SELECT manifests.digest, manifests.media_type, manifests.body FROM repositories"
    " JOIN manifests ON manifests.repository = repositories.id"
    " WHERE repositories.name = ? AND manifests.digest = ?"
)
_HELD = "SELECT digest, media_type, body FROM manifests WHERE repository = ? AND digest = ?"
_IS_HELD = "SELECT 1 FROM manifests WHERE repository = ? AND digest = ?"
_PUT = (
    "INSERT INTO manifests (repository, digest, media_type, artifact_type, subject, size, pushed_at, annotations, body)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (repository, digest) DO UPDATE SET pushed_at = excluded.pushed_at, media_type = excluded.media_type"
)
_PUT_PART = (
    "INSERT INTO manifest_parts (repository, manifest, part) VALUES (?, ?, ?)"
    " ON CONFLICT (repository, manifest, part) DO NOTHING"
)
_DELETE_PARTS = "DELETE FROM manifest_parts WHERE repository = ? AND manifest = ?"
_DELETE = "DELETE FROM manifests WHERE repository = ? AND digest = ?"
_DELETE_ALL_PARTS = "DELETE FROM manifest_parts WHERE repository = ?"
_DELETE_ALL = "DELETE FROM manifests WHERE repository = ?"
_REFERRERS = (
    "SELECT digest, media_type, size, artifact_type, annotations FROM manifests"
    " WHERE repository = ? AND subject = ? AND digest > ? ORDER BY digest LIMIT ?"
)
_REFERRERS_OF_TYPE = (
    "SELECT digest, media_type, size, artifact_type, annotations FROM manifests"
    " WHERE repository = ? AND subject = ? AND artifact_type = ? AND digest > ? ORDER BY digest LIMIT ?"
)
_COUNT_REFERRERS = "SELECT COUNT(*) FROM manifests WHERE repository = ? AND subject = ?"
_COUNT_REFERRERS_OF_TYPE = f"{_COUNT_REFERRERS} AND artifact_type = ?"
_SUBJECT = "SELECT subject FROM manifests WHERE repository = ? AND digest = ?"


class Manifests:
    def __init__(self, session: Session) -> None:
        self._session = session

    def by_tag(self, name: RepositoryName, tag: Tag) -> ManifestRecord | None:
        return self._one(_BY_TAG, str(name), str(tag))

    def by_digest(self, name: RepositoryName, digest: Digest) -> ManifestRecord | None:
        return self._one(_BY_DIGEST, str(name), str(digest))

    def held(self, repository: RepositoryId, digest: Digest) -> ManifestRecord | None:
        return self._one(_HELD, repository, str(digest))

    def is_held(self, repository: RepositoryId, digest: Digest) -> bool:
        return bool(self._session.rows(_IS_HELD, repository, str(digest)))

    def put(self, repository: RepositoryId, manifest: NewManifest, now: Moment) -> None:
        digest = str(manifest.digest)
        subject = str(manifest.subject) if manifest.subject else None
        annotations = json.dumps(dict(manifest.annotations), ensure_ascii=False)
        facts = (manifest.media_type, manifest.artifact_type, subject, len(manifest.body), now, annotations)
        self._session.run(_PUT, repository, digest, *facts, manifest.body)
        for part in manifest.parts:
            self._session.run(_PUT_PART, repository, digest, str(part))
        self._session.run(CHANGED, repository)

    def delete(self, repository: RepositoryId, digest: Digest) -> bool:
        """The tags that point to it must have been taken away before."""
        self._session.run(CHANGED, repository)
        self._session.run(_DELETE_PARTS, repository, str(digest))
        return self._session.run(_DELETE, repository, str(digest)) > 0

    def delete_all(self, repository: RepositoryId) -> None:
        """All tags must have been taken away before."""
        self._session.run(_DELETE_ALL_PARTS, repository)
        self._session.run(_DELETE_ALL, repository)
        self._session.run(CHANGED, repository)

    def subject_of(self, repository: RepositoryId, digest: Digest) -> Digest | None:
        rows = self._session.rows(_SUBJECT, repository, str(digest))
        return Digest.parse(rows[0][0]) if rows and rows[0][0] else None

    def referrers(
        self, repository: RepositoryId, subject: Digest, artifact_type: str | None, after: str, limit: int
    ) -> list[ReferrerRecord]:
        if artifact_type is None:
            rows = self._session.rows(_REFERRERS, repository, str(subject), after, limit)
        else:
            rows = self._session.rows(_REFERRERS_OF_TYPE, repository, str(subject), artifact_type, after, limit)
        return [ReferrerRecord(Digest.parse(row[0]), row[1], row[2], row[3], _annotations(row[4])) for row in rows]

    def count_referrers(self, repository: RepositoryId, subject: Digest, artifact_type: str | None) -> int:
        if artifact_type is None:
            rows = self._session.rows(_COUNT_REFERRERS, repository, str(subject))
        else:
            rows = self._session.rows(_COUNT_REFERRERS_OF_TYPE, repository, str(subject), artifact_type)
        return int(rows[0][0])

    def _one(self, statement: str, *values: str | int) -> ManifestRecord | None:
        rows = self._session.rows(statement, *values)
        if not rows:
            return None
        digest, media_type, body = rows[0]
        return ManifestRecord(Digest.parse(digest), media_type, body)


def _annotations(text: str) -> Mapping[str, str]:
    return {str(key): str(value) for key, value in json.loads(text).items()}
