"""Of two pushes at once, to two workers, one has the last of the room; and what is used is never thought to be less."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wharf.access.login import Login
from wharf.content.memory import MemoryContent
from wharf.errors import QuotaExceeded
from wharf.metadata.ledger import Ledger
from wharf.metadata.records import Moment
from wharf.metadata.sqlite import SqliteMetadata
from wharf.metadata.store import MetadataStore
from wharf.oci.digest import Digest
from wharf.oci.reference import RepositoryName
from wharf.registry.services.access import ANYBODY, Gate, OpenToAll
from wharf.registry.services.clock import system_clock
from wharf.registry.services.rules.quota import take_room_for_blob
from wharf.registry.services.rules.rulebook import Rulebook
from wharf.registry.services.uploads import Chunk, Uploads
from wharf.testing.contracts.rules import give

T = TypeVar("T")
CREW = Login("crew")
NAMES = [RepositoryName(name) for name in ("crew/a", "crew/b", "other/a", "alone")]


async def pieces(data: bytes) -> AsyncIterator[bytes]:
    yield data


def push(content: MemoryContent, metadata: MetadataStore, data: bytes) -> Coroutine[object, object, None]:
    uploads = Uploads(content, metadata, Gate(OpenToAll()), system_clock)
    return uploads.push_whole(ANYBODY, NAMES[0], Digest.of(data), Chunk(None, len(data), pieces(data)))


def test_of_two_pushes_at_once_one_has_the_last_of_the_room(tmp_path: Path) -> None:
    async def story() -> None:
        content, workers = MemoryContent(), [SqliteMetadata(tmp_path, forced=False) for _ in range(2)]
        rulebook = Rulebook(workers[0], Gate(OpenToAll()), system_clock)
        await rulebook.set_quota(ANYBODY, CREW, 150)
        pushes = (push(content, workers[number % 2], bytes([number]) * 100) for number in range(10))
        ended = await asyncio.gather(*pushes, return_exceptions=True)
        assert 9 == sum(isinstance(end, QuotaExceeded) for end in ended)
        assert 100 == (await rulebook.room(ANYBODY, CREW)).used
        assert 1 == len(list(content.copies()))
        for worker in workers:
            worker.close()

    asyncio.run(story())


class Meanwhile:
    """A store to which somebody pushes whenever much has just been counted."""

    def __init__(self, metadata: MetadataStore, content: MemoryContent) -> None:
        self._metadata, self._content = metadata, content
        self.read, self.write = metadata.read, metadata.write
        self.access, self.close = metadata.access, metadata.close

    async def survey(self, question: Callable[[Ledger], T]) -> T:
        answer = await self._metadata.survey(question)
        await push(self._content, self._metadata, b"pushed meanwhile")
        return answer


def test_what_is_pushed_while_an_administrator_s_quota_is_counted_counts(tmp_path: Path) -> None:
    async def story() -> None:
        content, metadata = MemoryContent(), SqliteMetadata(tmp_path, forced=False)
        await push(content, metadata, b"before")
        rulebook = Rulebook(Meanwhile(metadata, content), Gate(OpenToAll()), system_clock)
        room = await rulebook.set_quota(ANYBODY, CREW, 150)
        assert len(b"before" + b"pushed meanwhile") == room.used
        metadata.close()

    asyncio.run(story())


@pytest.mark.slow
@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(NAMES), st.integers(0, 5), st.sampled_from([1, 10, 100])), max_size=20))
def test_what_is_remembered_as_used_is_what_is_used(
    tmp_path_factory: pytest.TempPathFactory, holds: list[tuple[RepositoryName, int, int]]
) -> None:
    def change(ledger: Ledger) -> None:
        give(ledger, "crew", 10**9, 0)
        give(ledger, "", 10**9, 0)
        for name, which, factor in holds:
            digest, size = Digest.of(b"%d %d" % (which, factor)), (which + 1) * factor
            take_room_for_blob(ledger, name, digest, size)
            place = f"place of {digest}"
            ledger.blobs.publish(ledger.repositories.ensure(name, Moment(1)), digest, size, place, Moment(1))
        for owner in ("crew", ""):
            quota = ledger.quotas.find(owner)
            assert quota is not None
            assert quota.used == ledger.stock.bytes_used(owner)

    async def story() -> None:
        store = SqliteMetadata(tmp_path_factory.mktemp("quota"), forced=False)
        await store.write(change)
        store.close()

    asyncio.run(story())
