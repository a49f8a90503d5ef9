"""What every content store must do with uploads, copies and what is left behind."""

import asyncio
import hashlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar

from wharf.content.store import ContentStore, Location, UploadId
from wharf.errors import DigestMismatch, StoreBusy, UploadUnknown
from wharf.oci.digest import Algorithm, Digest
from wharf.oci.reference import RepositoryName
from wharf.protocol.ranges import ByteRange

NAME = RepositoryName("team/app")
OTHER = RepositoryName("team/other")
DATA = bytes(range(256)) * 9000  # more than two batches, and no multiple of one

E = TypeVar("E", bound=Exception)
Story = Callable[[ContentStore], Coroutine[Any, Any, None]]


def raised(kind: type[E], story: Coroutine[Any, Any, object]) -> Coroutine[Any, Any, E]:
    """The error that the story ends with; it is a failure if it ends well."""

    async def told() -> E:
        try:
            await story
        except kind as error:
            return error
        raise AssertionError(f"{kind.__name__} was not raised")

    return told()


async def put(store: ContentStore, data: bytes, algorithm: Algorithm = Algorithm.SHA256) -> Location:
    upload = await store.open(await store.begin(NAME, algorithm), NAME)
    await upload.write(data)
    location = await upload.commit(Digest.of(data, algorithm))
    await upload.pause()
    return location


async def content_of(store: ContentStore, location: Location, window: ByteRange) -> bytes:
    return b"".join([piece async for piece in store.read(location, window)])


class ContentStoreContract(ABC):
    @abstractmethod
    def make(self, folder: Path) -> ContentStore:
        """A new, empty store."""

    def reopened(self, store: ContentStore, folder: Path) -> ContentStore:
        """The store as another process finds it; a store in memory has no such thing and gives itself."""
        return store

    def run(self, folder: Path, story: Story) -> None:
        store = self.make(folder)
        try:
            asyncio.run(story(store))
        finally:
            store.close()

    def test_what_was_committed_is_read_back(self, tmp_path: Path) -> None:
        async def story(store: ContentStore) -> None:
            location = await put(store, DATA)
            assert await content_of(store, location, ByteRange(0, len(DATA))) == DATA
            assert store.size(location) == len(DATA)

        self.run(tmp_path, story)

    def test_a_window_gives_only_its_bytes(self, tmp_path: Path) -> None:
        async def story(store: ContentStore) -> None:
            location = await put(store, DATA)
            assert await content_of(store, location, ByteRange(1000, 1_500_000)) == DATA[1000:1_500_000]

        self.run(tmp_path, story)

    def test_an_empty_blob_is_a_blob(self, tmp_path: Path) -> None:
        async def story(store: ContentStore) -> None:
            assert store.size(await put(store, b"")) == 0

        self.run(tmp_path, story)

    def test_an_upload_begun_in_one_algorithm_may_be_committed_in_another(self, tmp_path: Path) -> None:
        async def story(store: ContentStore) -> None:
            upload = await store.open(await store.begin(NAME, Algorithm.SHA256), NAME)
            await upload.write(DATA)
            location = await upload.commit(Digest(Algorithm.SHA512, hashlib.sha512(DATA).hexdigest()))
            assert store.size(location) == len(DATA)

        self.run(tmp_path, story)

    def test_bytes_of_another_digest_are_refused_and_leave_nothing(self, tmp_path: Path) -> None:
        async def story(store: ContentStore) -> None:
            begun = await store.begin(NAME, Algorithm.SHA256)
            upload = await store.open(begun, NAME)
            await upload.write(b"something else")
            await raised(DigestMismatch, upload.commit(Digest.of(DATA)))
            await raised(UploadUnknown, store.received(begun, NAME))
            assert list(store.copies()) == []
            assert list(store.uploads()) == []

        self.run(tmp_path, story)

    def test_an_upload_goes_on_where_it_was_paused(self, tmp_path: Path) -> None:
        async def story(store: ContentStore) -> None:
            begun = await store.begin(NAME, Algorithm.SHA256)
            for start in range(0, len(DATA), 700_001):
                upload = await store.open(begun, NAME)
                assert upload.received == start
                await upload.write(DATA[start : start + 700_001])
                await upload.pause()
            upload = await store.open(begun, NAME)
            location = await upload.commit(Digest.of(DATA))
            assert await content_of(store, location, ByteRange(0, len(DATA))) == DATA

        self.run(tmp_path, story)

    def test_an_upload_goes_on_in_another_process(self, tmp_path: Path) -> None:
        async def story(store: ContentStore) -> None:
            begun = await store.begin(NAME, Algorithm.SHA256)
            upload = await store.open(begun, NAME)
            await upload.write(DATA[:1_600_000])
            await upload.pause()
            elsewhere = self.reopened(store, tmp_path)
            upload = await elsewhere.open(begun, NAME)
            await upload.write(DATA[1_600_000:])
            location = await upload.commit(Digest.of(DATA))
            assert await content_of(elsewhere, location, ByteRange(0, len(DATA))) == DATA

        self.run(tmp_path, story)

    def test_an_upload_tells_how_much_it_has(self, tmp_path: Path) -> None:
        async def story(store: ContentStore) -> None:
            begun = await store.begin(NAME, Algorithm.SHA256)
            upload = await store.open(begun, NAME)
            await upload.write(b"12345")
            await upload.pause()
            assert await store.received(begun, NAME) == 5

        self.run(tmp_path, story)

    def test_an_upload_is_held_by_one_request_at_a_time(self, tmp_path: Path) -> None:
        async def story(store: ContentStore) -> None:
            begun = await store.begin(NAME, Algorithm.SHA256)
            upload = await store.open(begun, NAME)
            await raised(StoreBusy, store.open(begun, NAME))
            await upload.pause()
            await (await store.open(begun, NAME)).pause()

        self.run(tmp_path, story)

    def test_an_upload_belongs_to_its_repository(self, tmp_path: Path) -> None:
        async def story(store: ContentStore) -> None:
            begun = await store.begin(NAME, Algorithm.SHA256)
            await raised(UploadUnknown, store.open(begun, OTHER))
            await raised(UploadUnknown, store.received(begun, OTHER))

        self.run(tmp_path, story)

    def test_an_upload_that_never_was_is_unknown(self, tmp_path: Path) -> None:
        async def story(store: ContentStore) -> None:
            await raised(UploadUnknown, store.open(UploadId.fresh(Algorithm.SHA256), NAME))

        self.run(tmp_path, story)

    def test_a_cancelled_upload_is_forgotten(self, tmp_path: Path) -> None:
        async def story(store: ContentStore) -> None:
            begun = await store.begin(NAME, Algorithm.SHA256)
            upload = await store.open(begun, NAME)
            await upload.write(DATA)
            await upload.cancel()
            await raised(UploadUnknown, store.open(begun, NAME))
            assert list(store.uploads()) == []

        self.run(tmp_path, story)

    def test_leaving_an_upload_twice_is_harmless(self, tmp_path: Path) -> None:
        async def story(store: ContentStore) -> None:
            upload = await store.open(await store.begin(NAME, Algorithm.SHA256), NAME)
            location = await upload.commit(Digest.of(b""))
            await upload.pause()
            await upload.cancel()
            assert store.size(location) == 0

        self.run(tmp_path, story)

    def test_two_pushes_of_one_blob_make_two_copies(self, tmp_path: Path) -> None:
        async def story(store: ContentStore) -> None:
            first, second = await asyncio.gather(put(store, DATA), put(store, DATA))
            assert first != second
            store.remove(first)
            assert store.size(first) is None
            assert await content_of(store, second, ByteRange(0, len(DATA))) == DATA

        self.run(tmp_path, story)

    def test_copies_are_found_with_their_sizes(self, tmp_path: Path) -> None:
        async def story(store: ContentStore) -> None:
            wide = await put(store, DATA, Algorithm.SHA512)
            small = await put(store, b"12345")
            assert {(copy.location, copy.size) for copy in store.copies()} == {(wide, len(DATA)), (small, 5)}

        self.run(tmp_path, story)

    def test_a_copy_cannot_be_claimed_before_its_push_let_it_go(self, tmp_path: Path) -> None:
        async def story(store: ContentStore) -> None:
            upload = await store.open(await store.begin(NAME, Algorithm.SHA256), NAME)
            await upload.write(DATA)
            location = await upload.commit(Digest.of(DATA))
            assert store.claim(location) is None
            await upload.pause()
            claim = store.claim(location)
            assert claim is not None
            claim.remove()
            claim.release()
            assert store.claim(location) is None
            assert store.size(location) is None

        self.run(tmp_path, story)

    def test_removing_what_is_gone_is_no_error(self, tmp_path: Path) -> None:
        async def story(store: ContentStore) -> None:
            location = await put(store, DATA)
            store.remove(location)
            store.remove(location)
            assert list(store.copies()) == []

        self.run(tmp_path, story)

    def test_an_abandoned_upload_is_removed_unless_a_request_holds_it(self, tmp_path: Path) -> None:
        async def story(store: ContentStore) -> None:
            begun = await store.begin(NAME, Algorithm.SHA512)
            held = await store.open(begun, NAME)
            (found,) = store.uploads()
            assert not store.abandon(found)
            await held.pause()
            assert store.abandon(found)
            assert not store.abandon(found)
            await raised(UploadUnknown, store.open(begun, NAME))

        self.run(tmp_path, story)

    def test_an_upload_that_somebody_went_on_with_is_not_abandoned(self, tmp_path: Path) -> None:
        async def story(store: ContentStore) -> None:
            begun = await store.begin(NAME, Algorithm.SHA256)
            (found,) = store.uploads()
            upload = await store.open(begun, NAME)
            await upload.write(DATA)
            await upload.pause()
            assert not store.abandon(found)
            assert await store.received(begun, NAME) == len(DATA)

        self.run(tmp_path, story)
