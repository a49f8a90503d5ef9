"""Expected reads: what somebody will ask for next as a part of a pull that has begun.

Who asked which manifest a tag means will ask for it by its digest; who was given an index will ask for some of its
manifests. Workers tell each other here, for the next request of a client may reach another one.
"""

from dataclasses import dataclass
from typing import Final

from wharf.metadata.records import Moment, RepositoryId
from wharf.metadata.session import Session
from wharf.oci.digest import Digest

_MOST_PARTS: Final = 100  # of one index; what is asked for beyond them counts by itself

_EXPECT = (
    "INSERT INTO expected_reads (reader, repository, digest, tag, times, until) VALUES (?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (reader, repository, digest, tag)"
    " DO UPDATE SET times = expected_reads.times + excluded.times, until = excluded.until"
)
_FOUND = (
    "SELECT tag, times FROM expected_reads WHERE reader = ? AND repository = ? AND digest = ? AND until > ?"
    " ORDER BY until DESC, tag"
)
_TAKE = "UPDATE expected_reads SET times = times - ? WHERE reader = ? AND repository = ? AND digest = ? AND tag = ?"
_GONE_ON = "UPDATE expected_reads SET until = ? WHERE reader = ? AND repository = ? AND tag = ''"
_FORGET = "DELETE FROM expected_reads WHERE until <= ?"
_PARTS = "SELECT part FROM manifest_parts WHERE repository = ? AND manifest = ? ORDER BY part LIMIT ?"


@dataclass(frozen=True, slots=True)
class Expected:
    """`tag`: the one that the digest was found by; empty for a part of an index."""

    tag: str
    times: int


class ExpectedReads:
    def __init__(self, session: Session) -> None:
        self._session = session

    def tag(self, reader: str, repository: RepositoryId, digest: Digest, tag: str, times: int, until: Moment) -> None:
        self._session.run(_EXPECT, reader, repository, str(digest), tag, times, until)

    def parts(self, reader: str, repository: RepositoryId, index: Digest, times: int, until: Moment) -> None:
        for row in self._session.rows(_PARTS, repository, str(index), _MOST_PARTS):
            self._session.run(_EXPECT, reader, repository, row[0], "", times, until)

    def find(self, reader: str, repository: RepositoryId, digest: Digest, now: Moment) -> list[Expected]:
        """The latest first."""
        rows = self._session.rows(_FOUND, reader, repository, str(digest), now)
        return [Expected(str(row[0]), int(row[1])) for row in rows if row[1] > 0]

    def take(self, reader: str, repository: RepositoryId, digest: Digest, tag: str, times: int) -> None:
        self._session.run(_TAKE, times, reader, repository, str(digest), tag)

    def gone_on(self, reader: str, repository: RepositoryId, until: Moment) -> None:
        """A pull of many platforms takes a while: its other parts are waited for from now on."""
        self._session.run(_GONE_ON, until, reader, repository)

    def forget(self, now: Moment) -> None:
        self._session.run(_FORGET, now)
