"""Which requests are pulls, whose, and of which tag."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest

from tests.registry.conftest import HandClock
from wharf.errors import StoreFull
from wharf.metadata.ledger import Ledger
from wharf.metadata.pulls import Selection, VersionPulls
from wharf.metadata.records import ManifestRecord, Moment
from wharf.metadata.session import Row
from wharf.metadata.sqlite import SqliteMetadata
from wharf.oci.digest import Digest
from wharf.oci.media_types import OCI_INDEX, OCI_MANIFEST
from wharf.oci.reference import RepositoryName, Tag
from wharf.registry.services.access import Caller
from wharf.registry.services.statistics.counting import SETTLE_SECONDS, Counting
from wharf.testing.contracts.metadata_store import manifest, push

T = TypeVar("T")

APP = RepositoryName("team/app")
LATEST = Tag("latest")
ALICE = Caller(name="alice", address="192.0.2.1")
BOB = Caller(name="bob", address="192.0.2.2")
ANYBODY = Caller(address="192.0.2.3")
INDEX = ManifestRecord(Digest.of(b"index"), OCI_INDEX, b"index")
ARM = ManifestRecord(Digest.of(b"arm"), OCI_MANIFEST, b"arm")
INTEL = ManifestRecord(Digest.of(b"intel"), OCI_MANIFEST, b"intel")


class Workers:
    """Two workers of one registry that holds an index of two images, and what they counted."""

    def __init__(self, folder: Path, clock: HandClock) -> None:
        self.clock = clock
        self.metadata = SqliteMetadata(folder, forced=False)
        self.one = Counting(self.metadata, clock)
        self.other = Counting(self.metadata, clock)
        asyncio.run(self._stock())

    async def _stock(self) -> None:
        for new in (manifest("arm"), manifest("intel"), manifest("index", "arm", "intel")):
            await self.metadata.write(lambda ledger, new=new: push(ledger, APP, new))  # type: ignore[misc]

    def see(self, *steps: Callable[[], None]) -> None:
        async def story() -> None:
            for step in steps:
                step()
            await self.one.write()
            await self.other.write()
            self.clock.move(SETTLE_SECONDS)
            await self.other.write()
            await self.one.write()

        asyncio.run(story())

    def counted(self) -> dict[tuple[str, str, str], int]:
        """Digest's content, tag and account of each pull."""
        content = {str(Digest.of(text)): text.decode() for text in (b"index", b"arm", b"intel")}
        rows = self.asked(lambda ledger: ledger.pulls._session.rows("SELECT digest, tag, account, pulls FROM pulls"))
        return {(content[row[0]], row[1], row[2]): row[3] for row in rows}

    def asked(self, question: Callable[[Ledger], T]) -> T:
        return asyncio.run(self.metadata.read(question))


def pulls(
    worker: Counting, found: ManifestRecord, tag: Tag | None = None, caller: Caller = ALICE
) -> Callable[[], None]:
    return lambda: worker.read(caller, APP, tag or found.digest, found, is_pull=True)


def asks(worker: Counting, found: ManifestRecord, tag: Tag | None = None, caller: Caller = ALICE) -> Callable[[], None]:
    return lambda: worker.read(caller, APP, tag or found.digest, found, is_pull=False)


@pytest.fixture
def workers(tmp_path: Path, clock: HandClock) -> Iterator[Workers]:
    made = Workers(tmp_path, clock)
    yield made
    made.metadata.close()


def test_a_get_by_tag_is_a_pull(workers: Workers) -> None:
    workers.see(
        pulls(workers.one, ARM, LATEST), pulls(workers.one, ARM, LATEST), pulls(workers.other, ARM, LATEST, BOB)
    )
    assert workers.counted() == {("arm", "latest", "alice"): 2, ("arm", "latest", "bob"): 1}


def test_asking_is_no_pull(workers: Workers) -> None:
    workers.see(asks(workers.one, ARM, LATEST), asks(workers.one, ARM))
    assert workers.counted() == {}


def test_a_get_by_digest_alone_is_a_pull_without_a_tag(workers: Workers) -> None:
    workers.see(pulls(workers.one, ARM, caller=ANYBODY))
    assert workers.counted() == {("arm", "", ""): 1}


def test_an_image_of_many_platforms_is_pulled_once_whichever_workers_are_asked(workers: Workers) -> None:
    workers.see(pulls(workers.other, INDEX, LATEST), pulls(workers.one, ARM), pulls(workers.other, INTEL))
    assert workers.counted() == {("index", "latest", "alice"): 1}


def test_a_digest_that_was_found_by_its_tag_is_a_pull_of_the_tag(workers: Workers) -> None:
    workers.see(asks(workers.other, INDEX, LATEST), pulls(workers.one, INDEX), pulls(workers.other, ARM))
    assert workers.counted() == {("index", "latest", "alice"): 1}


def test_what_was_asked_for_once_is_expected_once(workers: Workers) -> None:
    workers.see(pulls(workers.one, INDEX, LATEST), pulls(workers.one, ARM), pulls(workers.one, ARM))
    assert workers.counted() == {("index", "latest", "alice"): 1, ("arm", "", "alice"): 1}


def test_a_part_that_somebody_else_asks_for_is_their_own_pull(workers: Workers) -> None:
    workers.see(pulls(workers.one, INDEX, LATEST), pulls(workers.one, ARM, caller=BOB))
    assert workers.counted() == {("index", "latest", "alice"): 1, ("arm", "", "bob"): 1}


def test_a_part_that_is_asked_for_long_after_is_a_pull(workers: Workers) -> None:
    workers.see(pulls(workers.one, INDEX, LATEST))
    workers.clock.move(601)
    workers.see(pulls(workers.one, ARM))
    assert workers.counted() == {("index", "latest", "alice"): 1, ("arm", "", "alice"): 1}


def test_a_long_copy_of_all_platforms_is_one_pull(workers: Workers) -> None:
    workers.see(pulls(workers.one, INDEX, LATEST))
    for image in (ARM, INTEL):
        workers.clock.move(500)
        workers.see(pulls(workers.one, image))
    assert workers.counted() == {("index", "latest", "alice"): 1}


def test_the_day_is_that_of_the_pull(workers: Workers, clock: HandClock) -> None:
    workers.see(pulls(workers.one, ARM, LATEST))
    clock.move(86_400)
    workers.see(pulls(workers.one, ARM, LATEST))
    days = workers.asked(lambda ledger: ledger.pulls.by_day(Selection(since=0)))
    assert [1, 1] == [count for _, count in days]
    assert days[1][0] - days[0][0] == 1


def test_the_last_pull_is_remembered(workers: Workers, clock: HandClock) -> None:
    workers.see(pulls(workers.one, ARM, LATEST))
    repository = workers.asked(lambda ledger: ledger.repositories.find(APP))
    assert repository is not None
    found = workers.asked(lambda ledger: ledger.pulls.of_version(repository, ARM.digest))
    assert VersionPulls(ARM.digest, 1, Moment(clock.now - int(SETTLE_SECONDS * 1000))) == found


def test_who_reads_is_not_kept_as_an_address(workers: Workers) -> None:
    workers.see(asks(workers.one, ARM, LATEST))
    readers = workers.asked(lambda ledger: ledger.pulls._session.rows("SELECT reader FROM expected_reads"))
    assert 1 == len(readers)
    assert "192.0.2.1" not in readers[0][0]


def test_what_is_no_longer_expected_is_forgotten(workers: Workers) -> None:
    workers.see(asks(workers.one, ARM, LATEST))
    workers.clock.move(601)
    workers.see(pulls(workers.one, INTEL, LATEST))
    assert [] == workers.asked(lambda ledger: ledger.pulls._session.rows("SELECT reader FROM expected_reads"))


def test_closing_counts_what_waits(workers: Workers) -> None:
    async def story() -> None:
        pulls(workers.one, INDEX, LATEST)()
        pulls(workers.one, ARM)()
        pulls(workers.one, INTEL, caller=BOB)()
        await workers.one.close()

    asyncio.run(story())
    assert workers.counted() == {("index", "latest", "alice"): 1, ("intel", "", "bob"): 1}


def test_what_was_noted_is_written_down_by_itself(workers: Workers, tmp_path: Path) -> None:
    async def story() -> None:
        alone = Counting(workers.metadata, workers.clock, settle_seconds=0)
        pulls(alone, ARM, LATEST)()
        pulls(alone, INTEL)()
        async with asyncio.timeout(60):
            while len(await workers.metadata.read(all_rows)) < 2:
                await asyncio.sleep(0.02)

    def all_rows(ledger: Ledger) -> list[Row]:
        return ledger.pulls._session.rows("SELECT digest FROM pulls")

    asyncio.run(story())
    assert workers.counted() == {("arm", "latest", "alice"): 1, ("intel", "", "alice"): 1}


class _FullOnce:
    """A store on a disk that is full, and then is not."""

    def __init__(self, metadata: SqliteMetadata) -> None:
        self._metadata = metadata
        self._is_full = True
        self.read = metadata.read
        self.survey = metadata.survey
        self.access = metadata.access
        self.close = metadata.close

    async def write(self, change: Callable[[Ledger], T]) -> T:
        if self._is_full:
            self._is_full = False
            raise StoreFull("the disk")
        return await self._metadata.write(change)


def test_a_full_disk_delays_counting_and_loses_nothing(workers: Workers) -> None:
    async def story() -> None:
        counting = Counting(_FullOnce(workers.metadata), workers.clock, settle_seconds=0)
        for step in (pulls(counting, ARM, LATEST), pulls(counting, INTEL), pulls(counting, INTEL)):
            step()
        await counting.write()
        await counting.write()

    asyncio.run(story())
    assert workers.counted() == {("arm", "latest", "alice"): 1, ("intel", "", "alice"): 2}


def test_what_was_noted_before_the_clock_was_set_back_does_not_wait_until_it_is_there_again(workers: Workers) -> None:
    async def story() -> None:
        pulls(workers.one, INTEL)()
        await workers.one.write()
        workers.clock.move(-86_400)
        await workers.one.write()

    asyncio.run(story())
    assert workers.counted() == {("intel", "", "alice"): 1}


def test_what_is_read_of_a_repository_that_is_not_known_is_no_pull(workers: Workers) -> None:
    workers.see(lambda: workers.one.read(ALICE, RepositoryName("team/gone"), LATEST, ARM, is_pull=True))
    assert workers.counted() == {}


def test_the_number_of_pulls_is_told(workers: Workers) -> None:
    told: list[int] = []

    async def story() -> None:
        counting = Counting(workers.metadata, workers.clock, 0.0, told.append)
        for step in (pulls(counting, INDEX, LATEST), pulls(counting, ARM), pulls(counting, ARM)):
            step()
        await counting.write()

    asyncio.run(story())
    assert [2] == told
