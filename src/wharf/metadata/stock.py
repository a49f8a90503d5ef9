"""Stock: what an owner's repositories hold, seen as a whole. An owner is a login, or empty for the whole registry.

A blob that is held twice counts once. What only deleted versions need does not count: it is on its way out, though
it can come back until then.
"""

from collections import defaultdict

from wharf.metadata.records import HeldVersion, Moment, RepositoryId
from wharf.metadata.session import Row, Session
from wharf.oci.digest import Digest
from wharf.oci.media_types import DOCKER_MANIFEST_LIST, OCI_INDEX
from wharf.oci.reference import RepositoryName, Tag

_OF_OWNER = "repositories.name >= ? AND repositories.name < ?"
_IS_COUNTED = (
    "(EXISTS (SELECT 1 FROM manifest_parts AS named"
    "   WHERE named.repository = held.repository AND named.part = held.digest)"
    " OR NOT EXISTS (SELECT 1 FROM deleted_parts AS gone"
    "   WHERE gone.repository = held.repository AND gone.part = held.digest))"
)
_BLOB_BYTES = (
    "SELECT COALESCE(SUM(counted.size), 0) FROM (SELECT DISTINCT held.digest, blobs.size FROM repositories"
    " JOIN repository_blobs AS held ON held.repository = repositories.id"
    " JOIN blobs ON blobs.digest = held.digest"
    f" WHERE {_OF_OWNER} AND {_IS_COUNTED}) AS counted"
)
_MANIFEST_BYTES = (
    "SELECT COALESCE(SUM(counted.size), 0) FROM (SELECT DISTINCT manifests.digest, manifests.size FROM repositories"
    f" JOIN manifests ON manifests.repository = repositories.id WHERE {_OF_OWNER}) AS counted"
)
_LARGEST = (
    "SELECT COALESCE(MAX(blobs.size), 0) FROM repositories"
    " JOIN repository_blobs AS held ON held.repository = repositories.id"
    " JOIN blobs ON blobs.digest = held.digest"
    f" WHERE {_OF_OWNER} AND {_IS_COUNTED}"
)
_COUNTS_BLOB = (
    "SELECT 1 FROM repository_blobs AS held JOIN repositories ON repositories.id = held.repository"
    f" WHERE held.digest = ? AND {_OF_OWNER} AND {_IS_COUNTED} LIMIT 1"
)
_COUNTS_MANIFEST = (
    "SELECT 1 FROM repositories JOIN manifests ON manifests.repository = repositories.id"
    f" WHERE manifests.digest = ? AND {_OF_OWNER} LIMIT 1"
)
# What went in one deletion, and of it what counts neither here nor elsewhere at the owner.
_RETURNING_BLOBS = (
    "SELECT COALESCE(SUM(each_once.size), 0) FROM"
    " (SELECT DISTINCT parts.part, blobs.size FROM deleted_manifests AS whole"
    " JOIN deleted_parts AS parts ON parts.repository = whole.repository AND parts.manifest = whole.digest"
    " JOIN repository_blobs AS kept ON kept.repository = parts.repository AND kept.digest = parts.part"
    " JOIN blobs ON blobs.digest = parts.part"
    " WHERE whole.repository = ? AND whole.deletion = ? AND NOT EXISTS (SELECT 1 FROM repository_blobs AS held"
    "   JOIN repositories ON repositories.id = held.repository"
    f"   WHERE held.digest = parts.part AND {_OF_OWNER} AND {_IS_COUNTED})) AS each_once"
)
_RETURNING_MANIFESTS = (
    "SELECT COALESCE(SUM(whole.size), 0) FROM deleted_manifests AS whole"
    " WHERE whole.repository = ? AND whole.deletion = ? AND whole.digest NOT IN (SELECT manifests.digest"
    f"   FROM repositories JOIN manifests ON manifests.repository = repositories.id WHERE {_OF_OWNER})"
)
_SIZE = "SELECT size FROM blobs WHERE digest = ?"
_REPOSITORIES = (
    f"SELECT name FROM repositories WHERE {_OF_OWNER} AND name > ?"
    " AND EXISTS (SELECT 1 FROM manifests WHERE manifests.repository = repositories.id) ORDER BY name LIMIT ?"
)
_VERSIONS = (
    "SELECT manifests.digest, manifests.pushed_at, manifests.subject, last_pulls.pulled_at FROM manifests"
    " LEFT JOIN last_pulls ON last_pulls.repository = manifests.repository AND last_pulls.digest = manifests.digest"
    " WHERE manifests.repository = ? ORDER BY manifests.digest"
)
_TAGS = "SELECT digest, name FROM tags WHERE repository = ? ORDER BY name"
_CHILDREN = (
    "SELECT whole.digest, parts.part FROM manifests AS whole"
    " JOIN manifest_parts AS parts ON parts.repository = whole.repository AND parts.manifest = whole.digest"
    " WHERE whole.repository = ? AND whole.media_type IN (?, ?) ORDER BY whole.digest, parts.part"
)
_FIRST_DAY = "SELECT MIN(day) FROM pulls"


class Stock:
    def __init__(self, session: Session) -> None:
        self._session = session

    def bytes_used(self, owner: str) -> int:
        """By blobs and manifests, each counted once."""
        blobs, manifests = (self._session.rows(each, *_span(owner)) for each in (_BLOB_BYTES, _MANIFEST_BYTES))
        return int(blobs[0][0]) + int(manifests[0][0])

    def counts_blob(self, owner: str, digest: Digest) -> bool:
        """Whether it is among what the owner uses already."""
        return bool(self._session.rows(_COUNTS_BLOB, str(digest), *_span(owner)))

    def largest_blob(self, owner: str) -> int:
        """In bytes, of those that are among what the owner uses."""
        return int(self._session.rows(_LARGEST, *_span(owner))[0][0])

    def counts_manifest(self, owner: str, digest: Digest) -> bool:
        return bool(self._session.rows(_COUNTS_MANIFEST, str(digest), *_span(owner)))

    def bytes_returning(self, owner: str, repository: RepositoryId, deletion: str) -> int:
        """By how much more the owner would use if all came back that went in this deletion."""
        asked = (_RETURNING_BLOBS, _RETURNING_MANIFESTS)
        return sum(int(self._session.rows(each, repository, deletion, *_span(owner))[0][0]) for each in asked)

    def size_of_blob(self, digest: Digest) -> int:
        """Nothing, where there is none."""
        rows = self._session.rows(_SIZE, str(digest))
        return int(rows[0][0]) if rows else 0

    def repositories(self, owner: str, after: str, limit: int) -> list[RepositoryName]:
        """Those that hold something."""
        rows = self._session.rows(_REPOSITORIES, *_span(owner), after, limit)
        return [RepositoryName(row[0]) for row in rows]

    def versions(self, repository: RepositoryId) -> list[HeldVersion]:
        tags = _gathered(self._session.rows(_TAGS, repository))
        children = _gathered(self._session.rows(_CHILDREN, repository, OCI_INDEX, DOCKER_MANIFEST_LIST))
        return [
            _version(row, tags.get(row[0], []), children.get(row[0], []))
            for row in self._session.rows(_VERSIONS, repository)
        ]

    def first_day_with_pulls(self) -> int | None:
        """Days count from 1970. None where no pull was ever counted."""
        day = self._session.rows(_FIRST_DAY)[0][0]
        return None if day is None else int(day)


def _span(owner: str) -> tuple[str, str]:
    """The names from the first to before the second; the character behind a slash is 0."""
    return (f"{owner}/", f"{owner}0") if owner else ("", "\x7f")


def _gathered(rows: list[Row]) -> dict[str, list[str]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for key, value in rows:
        found[key].append(value)
    return found


def _version(row: Row, tags: list[str], children: list[str]) -> HeldVersion:
    return HeldVersion(
        digest=Digest.parse(row[0]),
        pushed_at=Moment(row[1]),
        subject=Digest.parse(row[2]) if row[2] else None,
        pulled_at=None if row[3] is None else Moment(row[3]),
        tags=tuple(map(Tag, tags)),
        children=tuple(map(Digest.parse, children)),
    )
