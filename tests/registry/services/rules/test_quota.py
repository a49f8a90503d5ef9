"""Of two pushes at once, to two workers, one has the last of the room; and what is used is never thought to be less."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from functools import partial
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
from wharf.registry.services.packages.packages import Packages
from wharf.registry.services.rules.quota import take_room_for_blob
from wharf.registry.services.rules.rulebook import Rulebook
from wharf.registry.services.uploads import Chunk, Uploads
from wharf.testing.contracts.packages import publish
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
    """A store where somebody does something whenever much has just been counted."""

    def __init__(self, metadata: MetadataStore, something: Callable[[], Coroutine[object, object, None]]) -> None:
        self._metadata, self._something = metadata, something
        self.read, self.write = metadata.read, metadata.write
        self.access, self.close = metadata.access, metadata.close

    async def survey(self, question: Callable[[Ledger], T]) -> T:
        answer = await self._metadata.survey(question)
        await self._something()
        return answer


def test_what_is_pushed_while_an_administrator_s_quota_is_counted_counts(tmp_path: Path) -> None:
    async def story() -> None:
        content, metadata = MemoryContent(), SqliteMetadata(tmp_path, forced=False)
        await push(content, metadata, b"before")
        meanwhile = Meanwhile(metadata, lambda: push(content, metadata, b"pushed meanwhile"))
        room = await Rulebook(meanwhile, Gate(OpenToAll()), system_clock).set_quota(ANYBODY, CREW, 150)
        assert len(b"before" + b"pushed meanwhile") == room.used
        metadata.close()

    asyncio.run(story())


def test_what_was_added_to_a_quota_that_is_dropped_and_set_anew_while_it_is_counted_counts_once(tmp_path: Path) -> None:
    async def story() -> None:
        content, metadata = MemoryContent(), SqliteMetadata(tmp_path, forced=False)
        rulebook = Rulebook(metadata, Gate(OpenToAll()), system_clock)

        async def set_anew() -> None:
            await rulebook.drop_quota(ANYBODY, CREW)
            await rulebook.set_quota(ANYBODY, CREW, 100)
            await push(content, metadata, b"pushed meanwhile")

        await rulebook.set_quota(ANYBODY, CREW, 150)
        await push(content, metadata, b"before")
        room = await Rulebook(Meanwhile(metadata, set_anew), Gate(OpenToAll()), system_clock).set_quota(
            ANYBODY, CREW, 200
        )
        assert len(b"before" + b"pushed meanwhile") == room.used
        metadata.close()

    asyncio.run(story())


def test_a_quota_that_is_dropped_while_it_is_set_is_set_and_refuses_nobody_in_between(tmp_path: Path) -> None:
    async def story() -> None:
        content, metadata = MemoryContent(), SqliteMetadata(tmp_path, forced=False)
        rulebook = Rulebook(metadata, Gate(OpenToAll()), system_clock)

        async def drop_and_push() -> None:
            await rulebook.drop_quota(ANYBODY, CREW)
            await push(content, metadata, b"more than 10 bytes")

        await rulebook.set_quota(ANYBODY, CREW, 10)
        meanwhile = Meanwhile(metadata, drop_and_push)
        room = await Rulebook(meanwhile, Gate(OpenToAll()), system_clock).set_quota(ANYBODY, CREW, 20)
        assert (20, len(b"more than 10 bytes")) == (room.most, room.used)
        metadata.close()

    asyncio.run(story())


def test_what_comes_back_while_it_is_counted_counts(tmp_path: Path) -> None:
    async def story() -> None:
        metadata = SqliteMetadata(tmp_path, forced=False)
        packages = Packages(metadata, Gate(OpenToAll()), system_clock, keep_deleted=3600)
        rulebook = Rulebook(metadata, Gate(OpenToAll()), system_clock)
        await metadata.write(lambda ledger: publish(ledger, NAMES[0], "an image", "v1"))
        await rulebook.set_quota(ANYBODY, CREW, 1000)
        whole = (await rulebook.room(ANYBODY, CREW)).used
        await packages.delete(ANYBODY, NAMES[0])
        meanwhile = Meanwhile(metadata, lambda: packages.restore(ANYBODY, NAMES[0]))
        await Rulebook(meanwhile, Gate(OpenToAll()), system_clock).set_quota(ANYBODY, CREW, 2000)
        (kept,) = await metadata.read(lambda ledger: ledger.quotas.concerning("crew"))
        assert 0 < whole <= kept.used
        assert whole == (await rulebook.room(ANYBODY, CREW)).used
        metadata.close()

    asyncio.run(story())


def test_a_package_comes_back_into_room_that_was_made_for_it_and_not_into_less(tmp_path: Path) -> None:
    async def story() -> None:
        metadata = SqliteMetadata(tmp_path, forced=False)
        packages = Packages(metadata, Gate(OpenToAll()), system_clock, keep_deleted=3600)
        rulebook = Rulebook(metadata, Gate(OpenToAll()), system_clock)
        for name in NAMES[:2]:
            await metadata.write(partial(publish_one, name, f"an image of {name}"))
        await packages.delete(ANYBODY, NAMES[0])
        used = (await rulebook.set_quota(ANYBODY, CREW, 10)).used
        with pytest.raises(QuotaExceeded):
            await packages.restore(ANYBODY, NAMES[0])
        await rulebook.set_quota(ANYBODY, CREW, used)
        with pytest.raises(QuotaExceeded):
            await packages.restore(ANYBODY, NAMES[0])
        await packages.delete(ANYBODY, NAMES[1])
        await packages.restore(ANYBODY, NAMES[0])
        assert used == (await rulebook.room(ANYBODY, CREW)).used
        metadata.close()

    asyncio.run(story())


def test_what_goes_while_it_is_counted_what_comes_back_counts_with_what_comes_back(tmp_path: Path) -> None:
    """They have one image between them: as long as one has it, it takes no room to bring back the other."""

    async def story() -> None:
        metadata = SqliteMetadata(tmp_path, forced=False)
        packages = Packages(metadata, Gate(OpenToAll()), system_clock, keep_deleted=3600)
        rulebook = Rulebook(metadata, Gate(OpenToAll()), system_clock)
        for name in NAMES[:2]:
            await metadata.write(partial(publish_one, name, "the same image"))
        used = (await rulebook.set_quota(ANYBODY, CREW, 1000)).used
        await packages.delete(ANYBODY, NAMES[0])

        async def delete_the_other_and_count() -> None:
            await packages.delete(ANYBODY, NAMES[1])
            await rulebook.set_quota(ANYBODY, CREW, 1000)

        meanwhile = Meanwhile(metadata, delete_the_other_and_count)
        await Packages(meanwhile, Gate(OpenToAll()), system_clock, keep_deleted=3600).restore(ANYBODY, NAMES[0])
        (kept,) = await metadata.read(lambda ledger: ledger.quotas.concerning("crew"))
        assert used == kept.used == (await rulebook.room(ANYBODY, CREW)).used
        metadata.close()

    asyncio.run(story())


def publish_one(name: RepositoryName, text: str, ledger: Ledger) -> None:
    publish(ledger, name, text)


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
