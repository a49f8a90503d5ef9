"""Tags: names that people move from one manifest to another, and the history of those moves."""

from wharf.metadata.records import Moment, RepositoryId, TagEvent, TagRecord
from wharf.metadata.repositories import CHANGED
from wharf.metadata.session import Session
from wharf.oci.digest import Digest
from wharf.oci.reference import Tag

_FIND = "SELECT digest FROM tags WHERE repository = ? AND name = ?"
_SET = (
    "INSERT INTO tags (repository, name, digest, moved_at) VALUES (?, ?, ?, ?)"
    " ON CONFLICT (repository, name) DO UPDATE SET digest = excluded.digest, moved_at = excluded.moved_at"
)
_REMOVE = "DELETE FROM tags WHERE repository = ? AND name = ?"
_RECORD = "INSERT INTO tag_events (repository, tag, digest, previous, actor, happened_at) VALUES (?, ?, ?, ?, ?, ?)"
_RECORD_ALL_GONE = (
    "INSERT INTO tag_events (repository, tag, digest, previous, actor, happened_at)"
    " SELECT repository, name, NULL, digest, ?, ? FROM tags WHERE repository = ? ORDER BY name"
)
_REMOVE_ALL = "DELETE FROM tags WHERE repository = ?"
_OF_REPOSITORY = "SELECT name FROM tags WHERE repository = ? ORDER BY name"
_NAMING_WHAT_IS_GONE = (
    "SELECT name FROM tags WHERE repository = ? AND name >= ? AND name < ? AND EXISTS"
    " (SELECT 1 FROM manifest_parts AS parts WHERE parts.repository = tags.repository AND parts.manifest = tags.digest"
    " AND NOT EXISTS (SELECT 1 FROM manifests"
    "   WHERE manifests.repository = parts.repository AND manifests.digest = parts.part)) ORDER BY name"
)
_OF_DIGEST = "SELECT name FROM tags WHERE repository = ? AND digest = ? ORDER BY name"
_PAGE = "SELECT name FROM tags WHERE repository = ? AND name > ? ORDER BY name LIMIT ?"
_RECENT = "SELECT name, digest, moved_at FROM tags WHERE repository = ? ORDER BY moved_at DESC LIMIT ?"
_STARTING = (
    "SELECT name, digest, moved_at FROM tags WHERE repository = ? AND name >= ? AND name < ? ORDER BY name LIMIT ?"
)
_HISTORY = (
    "SELECT tag, digest, previous, actor, happened_at FROM tag_events WHERE repository = ? AND tag = ?"
    " ORDER BY id DESC LIMIT ?"
)
_HISTORY_PAGE = (
    "SELECT tag, digest, previous, actor, happened_at FROM tag_events WHERE repository = ? AND tag = ?"
    " ORDER BY id DESC LIMIT ? OFFSET ?"
)
_EVENTS = "SELECT COUNT(*) FROM tag_events WHERE repository = ? AND tag = ?"


class Tags:
    def __init__(self, session: Session) -> None:
        self._session = session

    def move(self, repository: RepositoryId, tag: Tag, digest: Digest, actor: str, now: Moment) -> None:
        previous = self._at(repository, tag)
        self._session.run(_SET, repository, str(tag), str(digest), now)
        self._session.run(_RECORD, repository, str(tag), str(digest), previous, actor, now)
        self._session.run(CHANGED, repository)

    def remove(self, repository: RepositoryId, tag: Tag, actor: str, now: Moment) -> bool:
        previous = self._at(repository, tag)
        if previous is None:
            return False
        self._session.run(_REMOVE, repository, str(tag))
        self._session.run(_RECORD, repository, str(tag), None, previous, actor, now)
        self._session.run(CHANGED, repository)
        return True

    def remove_all(self, repository: RepositoryId, actor: str, now: Moment) -> None:
        self._session.run(_RECORD_ALL_GONE, actor, now, repository)
        self._session.run(_REMOVE_ALL, repository)
        self._session.run(CHANGED, repository)

    def find(self, repository: RepositoryId, tag: Tag) -> Digest | None:
        found = self._at(repository, tag)
        return Digest.parse(found) if found else None

    def of_digest(self, repository: RepositoryId, digest: Digest) -> list[Tag]:
        return [Tag(row[0]) for row in self._session.rows(_OF_DIGEST, repository, str(digest))]

    def of_repository(self, repository: RepositoryId) -> list[Tag]:
        return [Tag(row[0]) for row in self._session.rows(_OF_REPOSITORY, repository)]

    def naming_what_is_gone(self, repository: RepositoryId, start: str, end: str) -> list[Tag]:
        """Of the tags between these two, those whose manifest names another that is not here."""
        return [Tag(row[0]) for row in self._session.rows(_NAMING_WHAT_IS_GONE, repository, start, end)]

    def page(self, repository: RepositoryId, after: str, limit: int) -> list[Tag]:
        return [Tag(row[0]) for row in self._session.rows(_PAGE, repository, after, limit)]

    def resembling(self, repository: RepositoryId, tag: str, limit: int) -> list[TagRecord]:
        """Tags that share their beginning with this one, and the latest ones: where a slip of the pen is looked for."""
        start = tag[:3]
        rows = self._session.rows(_STARTING, repository, start, start + "\x7f", limit)
        rows += self._session.rows(_RECENT, repository, limit)
        return [TagRecord(Tag(row[0]), Digest.parse(row[1]), Moment(row[2])) for row in dict.fromkeys(rows)]

    def history(self, repository: RepositoryId, tag: Tag, limit: int) -> list[TagEvent]:
        rows = self._session.rows(_HISTORY, repository, str(tag), limit)
        return [TagEvent(Tag(row[0]), _digest(row[1]), _digest(row[2]), row[3], Moment(row[4])) for row in rows]

    def history_page(self, repository: RepositoryId, tag: Tag, start: int, limit: int) -> list[TagEvent]:
        rows = self._session.rows(_HISTORY_PAGE, repository, str(tag), limit, start)
        return [TagEvent(Tag(row[0]), _digest(row[1]), _digest(row[2]), row[3], Moment(row[4])) for row in rows]

    def events(self, repository: RepositoryId, tag: Tag) -> int:
        return int(self._session.rows(_EVENTS, repository, str(tag))[0][0])

    def _at(self, repository: RepositoryId, tag: Tag) -> str | None:
        rows = self._session.rows(_FIND, repository, str(tag))
        return str(rows[0][0]) if rows else None


def _digest(text: str | None) -> Digest | None:
    return Digest.parse(text) if text else None
