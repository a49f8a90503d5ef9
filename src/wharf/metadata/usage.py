"""Usage: how much room repositories take.

A blob that several repositories hold lies here once. So each figure says whether it counts such a blob once, or as
often as it is held. What deleting one repository would free is only what no other one holds.
"""

from dataclasses import dataclass

from wharf.metadata.pulls import below
from wharf.metadata.records import RepositoryId
from wharf.metadata.session import Row, Session, Value
from wharf.oci.reference import RepositoryName

_HELD = "repository_blobs AS held JOIN blobs ON blobs.digest = held.digest"
_OTHER_OF_OWNER = (
    "EXISTS (SELECT 1 FROM repository_blobs AS others JOIN repositories ON repositories.id = others.repository"
    " WHERE others.digest = held.digest AND others.repository <> held.repository"
    " AND repositories.name >= ? AND repositories.name < ?)"
)
_IS_GONE = (
    "(EXISTS (SELECT 1 FROM deleted_parts AS gone WHERE gone.repository = held.repository AND gone.part = held.digest)"
    " AND NOT EXISTS (SELECT 1 FROM manifest_parts AS named"
    " WHERE named.repository = held.repository AND named.part = held.digest))"
)
_OF_REPOSITORY = (
    "SELECT COALESCE(SUM(blobs.size), 0), COUNT(*),"
    f" COALESCE(SUM(CASE WHEN {_OTHER_OF_OWNER} THEN blobs.size ELSE 0 END), 0),"
    f" COALESCE(SUM(CASE WHEN {_IS_GONE} THEN blobs.size ELSE 0 END), 0)"
    f" FROM {_HELD} WHERE held.repository = ?"
)
_BELOW_OWNER = "SELECT id FROM repositories WHERE name >= ? AND name < ?"
_OF_OWNER = f" WHERE held.repository IN ({_BELOW_OWNER})"
_WITHIN = (
    "SELECT COALESCE(SUM(size), 0), COUNT(*), COALESCE(SUM(CASE WHEN holders > 1 THEN size ELSE 0 END), 0),"
    " COALESCE(SUM(size * holders), 0) FROM"
    f" (SELECT MAX(blobs.size) AS size, COUNT(*) AS holders FROM {_HELD}{_OF_OWNER} GROUP BY held.digest)"
    " AS each_once"
)
_AMONG = f" AND {{whose}}.repository IN ({_BELOW_OWNER})"
_WITHIN_ALL = (
    "SELECT COALESCE(SUM(size), 0), COUNT(*), COALESCE(SUM(CASE WHEN holders > 1 THEN size ELSE 0 END), 0),"
    " COALESCE(SUM(size * holders), 0) FROM"
    " (SELECT digest, COUNT(*) AS holders FROM repository_blobs GROUP BY digest) AS held"
    " JOIN blobs ON blobs.digest = held.digest"
)
# Asked from the side of what was deleted, which is little, as CROSS JOIN says: `further` narrows down who may still
# need it.
_RESTORABLE = (
    "SELECT COALESCE(SUM(size), 0) FROM (SELECT DISTINCT kept.digest AS digest, blobs.size AS size FROM deleted_parts"
    " CROSS JOIN repository_blobs AS kept JOIN blobs ON blobs.digest = kept.digest"
    " WHERE kept.repository = deleted_parts.repository AND kept.digest = deleted_parts.part"
    " AND NOT EXISTS (SELECT 1 FROM repository_blobs AS held"
    f" WHERE held.digest = kept.digest{{further}} AND NOT {_IS_GONE}){{where}}) AS each_once"
)
_MANIFESTS_OF_REPOSITORY = "SELECT COALESCE(SUM(size), 0), COUNT(*) FROM manifests WHERE repository = ?"
_MANIFESTS_OF_OWNER = f"SELECT COALESCE(SUM(size), 0), COUNT(*) FROM manifests WHERE repository IN ({_BELOW_OWNER})"
_MANIFESTS_OF_ALL = "SELECT COALESCE(SUM(size), 0), COUNT(*) FROM manifests"
_LARGEST = (
    "SELECT repositories.name, largest.size FROM"
    f" (SELECT held.repository AS repository, SUM(blobs.size) AS size FROM {_HELD}{{where}} GROUP BY held.repository)"
    " AS largest JOIN repositories ON repositories.id = largest.repository"
    " ORDER BY largest.size DESC, repositories.name LIMIT ?"
)
_ALL_BLOBS = "SELECT COALESCE(SUM(size), 0), COUNT(*) FROM blobs"
_ALL_REPOSITORIES = "SELECT COUNT(*) FROM repositories"


@dataclass(frozen=True, slots=True)
class Room:
    """`bytes`: each blob once. `shared_bytes`: those of them that more than one repository of the owner holds.

    `restorable_bytes`: those of them that only deleted versions need. `separately_bytes`: what it would be if every
    repository kept a copy of its own.
    """

    bytes: int
    shared_bytes: int
    restorable_bytes: int
    separately_bytes: int
    blobs: int
    manifests: int
    manifest_bytes: int

    @property
    def own_bytes(self) -> int:
        return self.bytes - self.shared_bytes


@dataclass(frozen=True, slots=True)
class Totals:
    """All that is stored, as quickly as it can be told."""

    bytes: int
    blobs: int
    manifests: int
    repositories: int


class Usage:
    def __init__(self, session: Session) -> None:
        self._session = session

    def of_repository(self, repository: RepositoryId, owner: str) -> Room:
        """Shared means: another repository of the same owner holds it too. Nobody learns here what strangers hold."""
        size, blobs, shared, gone = self._session.rows(_OF_REPOSITORY, *below(owner), repository)[0]
        manifests = self._session.rows(_MANIFESTS_OF_REPOSITORY, repository)[0]
        return _room((size, blobs, shared, size), (gone,), manifests)

    def of_owner(self, owner: str) -> Room:
        span = below(owner)
        held = self._session.rows(_WITHIN, *span)[0]
        narrowed = {"further": _AMONG.format(whose="held"), "where": _AMONG.format(whose="kept")}
        restorable = self._session.rows(_RESTORABLE.format(**narrowed), *span, *span)[0]
        return _room(held, restorable, self._session.rows(_MANIFESTS_OF_OWNER, *span)[0])

    def of_all(self) -> Room:
        held = self._session.rows(_WITHIN_ALL)[0]
        restorable = self._session.rows(_RESTORABLE.format(further="", where=""))[0]
        return _room(held, restorable, self._session.rows(_MANIFESTS_OF_ALL)[0])

    def largest(self, owner: str | None, limit: int) -> list[tuple[RepositoryName, int]]:
        """Repositories with the bytes that each of them holds, shared ones included."""
        values: tuple[Value, ...] = below(owner) if owner else ()
        rows = self._session.rows(_LARGEST.format(where=_OF_OWNER if owner else ""), *values, limit)
        return [(RepositoryName(row[0]), int(row[1])) for row in rows]

    def totals(self) -> Totals:
        size, blobs = self._session.rows(_ALL_BLOBS)[0]
        manifests = self._session.rows(_MANIFESTS_OF_ALL)[0][1]
        return Totals(int(size), blobs, manifests, self._session.rows(_ALL_REPOSITORIES)[0][0])


def _room(held: Row, restorable: Row, manifests: Row) -> Room:
    size, blobs, shared, separately = map(int, held)
    return Room(size, shared, int(restorable[0]), separately, blobs, int(manifests[1]), int(manifests[0]))
