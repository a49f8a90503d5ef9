"""Pulls: how often what was pulled, as which tag, by whom, on which day; and when each manifest was pulled last."""

from dataclasses import dataclass
from typing import Final

from wharf.metadata.records import Moment, RepositoryId
from wharf.metadata.session import Row, Session, Value
from wharf.oci.digest import Digest
from wharf.oci.reference import RepositoryName

_DAY: Final = 86_400_000
# Behind the last letter of a name that begins with the owner: a slash, and the character that follows it.
_BELOW: Final = "/"
_BEHIND: Final = "0"

_ADD = (
    "INSERT INTO pulls (repository, digest, tag, account, day, pulls) VALUES (?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (repository, digest, tag, account, day) DO UPDATE SET pulls = pulls.pulls + excluded.pulls"
)
_ADD_TO_DIGEST = (
    "INSERT INTO last_pulls (repository, digest, pulled_at, pulls) VALUES (?, ?, ?, ?)"
    " ON CONFLICT (repository, digest) DO UPDATE SET pulls = last_pulls.pulls + excluded.pulls,"
    " pulled_at = CASE WHEN excluded.pulled_at > last_pulls.pulled_at"
    " THEN excluded.pulled_at ELSE last_pulls.pulled_at END"
)
_NEXT_DAY = "SELECT MIN(day) FROM pulls WHERE day > ? AND day < ?"
_OF_DAY = "SELECT repository, digest, tag, account, pulls FROM pulls WHERE day = ? ORDER BY repository LIMIT ?"
_DROP = "DELETE FROM pulls WHERE repository = ? AND digest = ? AND tag = ? AND account = ? AND day = ?"
_OF_VERSION = "SELECT digest, pulls, pulled_at FROM last_pulls WHERE repository = ? AND digest = ?"
_EVER_OF_REPOSITORY = "SELECT COALESCE(SUM(pulls), 0), MAX(pulled_at) FROM last_pulls WHERE repository = ?"
_BY_DAY = "SELECT day, SUM(pulls) FROM pulls{where} GROUP BY day ORDER BY day"
_BY_TAG = "SELECT tag, SUM(pulls) FROM pulls{where} GROUP BY tag ORDER BY SUM(pulls) DESC, tag LIMIT ?"
_BY_ACCOUNT = "SELECT account, SUM(pulls) FROM pulls{where} GROUP BY account ORDER BY SUM(pulls) DESC, account LIMIT ?"
_BY_DIGEST = "SELECT digest, SUM(pulls) FROM pulls{where} GROUP BY digest ORDER BY SUM(pulls) DESC, digest LIMIT ?"
_BY_REPOSITORY = (
    "SELECT repositories.name, counted.pulls FROM"
    " (SELECT repository, SUM(pulls) AS pulls FROM pulls{where} GROUP BY repository) AS counted"
    " JOIN repositories ON repositories.id = counted.repository ORDER BY counted.pulls DESC, repositories.name LIMIT ?"
)


@dataclass(frozen=True, slots=True)
class VersionPulls:
    """Of one manifest, ever."""

    digest: Digest
    pulls: int
    pulled_at: Moment


@dataclass(frozen=True, slots=True)
class Selection:
    """Which pulls are asked about: of a repository, of an owner, or all; since a day; of one manifest or tag."""

    since: int
    repository: RepositoryId | None = None
    owner: str | None = None
    digest: Digest | None = None
    tag: str | None = None

    def conditions(self) -> tuple[str, tuple[Value, ...]]:
        """The clause, which begins with WHERE, and its values."""
        told: list[tuple[str, tuple[Value, ...]]] = [("day >= ?", (self.since,))]
        if self.repository is not None:
            told.append(("repository = ?", (self.repository,)))
        if self.owner is not None:
            whose = "repository IN (SELECT id FROM repositories WHERE name >= ? AND name < ?)"
            told.append((whose, below(self.owner)))
        if self.digest is not None:
            told.append(("digest = ?", (str(self.digest),)))
        if self.tag is not None:
            told.append(("tag = ?", (self.tag,)))
        clause = " AND ".join(text for text, _ in told)
        return f" WHERE {clause}", tuple(value for _, values in told for value in values)


class Pulls:
    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, repository: RepositoryId, digest: Digest, tag: str, account: str, now: Moment, times: int) -> None:
        """`tag` is empty where it was pulled by its digest, `account` where nobody said who they are."""
        self._session.run(_ADD, repository, str(digest), tag, account, day_of(now), times)
        self._session.run(_ADD_TO_DIGEST, repository, str(digest), now, times)

    def next_day(self, after: int, before: int) -> int | None:
        """The first day between these two on which there were any."""
        day = self._session.rows(_NEXT_DAY, after, before)[0][0]
        return None if day is None else int(day)

    def move(self, day: int, to: int, limit: int) -> int:
        """At most so many rows of one day become rows of another day, or are added to those. The number of them."""
        rows = self._session.rows(_OF_DAY, day, limit)
        for *whose, pulls in rows:
            self._session.run(_ADD, *whose, to, pulls)
            self._session.run(_DROP, *whose, day)
        return len(rows)

    def of_version(self, repository: RepositoryId, digest: Digest) -> VersionPulls | None:
        """None for what was never pulled by itself; parts of a pulled index are counted with it."""
        rows = self._session.rows(_OF_VERSION, repository, str(digest))
        return _version(rows[0]) if rows else None

    def ever(self, repository: RepositoryId) -> tuple[int, Moment | None]:
        """How many there ever were, and when the last one was."""
        pulls, latest = self._session.rows(_EVER_OF_REPOSITORY, repository)[0]
        return int(pulls), None if latest is None else Moment(latest)

    def by_day(self, selection: Selection) -> list[tuple[int, int]]:
        """Days, counted from 1970, on which there were any; the oldest first."""
        where, values = selection.conditions()
        return [(int(row[0]), int(row[1])) for row in self._session.rows(_BY_DAY.format(where=where), *values)]

    def by_tag(self, selection: Selection, limit: int) -> list[tuple[str, int]]:
        return self._most(_BY_TAG, selection, limit)

    def by_account(self, selection: Selection, limit: int) -> list[tuple[str, int]]:
        return self._most(_BY_ACCOUNT, selection, limit)

    def by_digest(self, selection: Selection, limit: int) -> list[tuple[Digest, int]]:
        return [(Digest.parse(text), pulls) for text, pulls in self._most(_BY_DIGEST, selection, limit)]

    def by_repository(self, selection: Selection, limit: int) -> list[tuple[RepositoryName, int]]:
        return [(RepositoryName(text), pulls) for text, pulls in self._most(_BY_REPOSITORY, selection, limit)]

    def _most(self, statement: str, selection: Selection, limit: int) -> list[tuple[str, int]]:
        where, values = selection.conditions()
        rows = self._session.rows(statement.format(where=where), *values, limit)
        return [(str(row[0]), int(row[1])) for row in rows]


def day_of(now: Moment) -> int:
    return now // _DAY


def below(owner: str) -> tuple[str, str]:
    """The names that begin with this owner stand between these two."""
    return owner + _BELOW, owner + _BEHIND


def _version(row: Row) -> VersionPulls:
    return VersionPulls(Digest.parse(row[0]), int(row[1]), Moment(row[2]))
