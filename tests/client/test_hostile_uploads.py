"""Blobs into a registry that misbehaves: they arrive whole, or a clear error says why not, and nothing stays half."""

import asyncio
import io
import secrets
import threading

import pytest

from tests.client.cargo import cargo_of, config, described, image, unwatched
from tests.client.hostile import LARGE, pushed, refused, run
from wharf.client.blobs import delivery
from wharf.client.repository import RemoteRepository
from wharf.errors import (
    DigestMismatch,
    ImageNotThere,
    RemoteAnswered,
    RemoteMisbehaved,
    Unreachable,
    WharfError,
)
from wharf.images.sink import Arrival, Cargo
from wharf.oci.descriptor import Descriptor
from wharf.oci.digest import Digest
from wharf.oci.reference import Tag
from wharf.testing.hostile_registry import HostileRegistry, Misdeed


@pytest.mark.parametrize("size", [0, 1, 1000, delivery.SMALL, delivery.SMALL + 1, LARGE])
def test_a_blob_arrives_whole(registry: HostileRegistry, size: int) -> None:
    content = secrets.token_bytes(size)
    assert Arrival.SENT is pushed(registry, content)
    assert content == registry.shelf.blobs[str(Digest.of(content))]
    assert {} == registry.shelf.uploads


@pytest.mark.parametrize("size", [1000, LARGE])
@pytest.mark.parametrize("amount", [500, 900_000, 2_999_999])
@pytest.mark.parametrize("times", [1, 3])
def test_an_upload_that_breaks_off_goes_on(registry: HostileRegistry, size: int, amount: int, times: int) -> None:
    content = secrets.token_bytes(size)
    registry.misbehave(Misdeed.DROPS_UPLOADS, times=times, amount=amount)
    assert Arrival.SENT is pushed(registry, content)
    assert content == registry.shelf.blobs[str(Digest.of(content))]
    assert 1 == len(registry.asked("POST"))


def test_an_upload_that_the_registry_forgets_is_begun_anew(registry: HostileRegistry) -> None:
    content = secrets.token_bytes(LARGE)
    registry.misbehave(Misdeed.DROPS_UPLOADS, times=1, amount=900_000)
    registry.misbehave(Misdeed.FORGETS_UPLOADS)
    assert Arrival.SENT is pushed(registry, content)
    assert content == registry.shelf.blobs[str(Digest.of(content))]
    assert 2 == len(registry.asked("POST"))


def test_chunks_that_follow_one_another_are_read_from_one_reader(registry: HostileRegistry) -> None:
    content, opened = secrets.token_bytes(2 * delivery.CHUNK_AFTER_A_BREAK + 1), list[int]()
    readers: list[io.BytesIO] = []

    async def at(offset: int) -> io.BytesIO:
        opened.append(offset)
        readers.append(io.BytesIO(content))
        readers[-1].seek(offset)
        return readers[-1]

    registry.misbehave(Misdeed.DROPS_UPLOADS, times=1, amount=900_000)
    registry.misbehave(Misdeed.FORGETS_UPLOADS)
    cargo = Cargo(described(content), at)
    assert Arrival.SENT is run(registry, lambda repository: repository.put_blob(cargo, unwatched))
    assert [0, 0] == opened
    assert all(reader.closed for reader in readers)


def test_an_upload_that_always_breaks_off_is_given_up(registry: HostileRegistry) -> None:
    registry.misbehave(Misdeed.DROPS_UPLOADS, amount=1)
    registry.misbehave(Misdeed.FORGETS_UPLOADS)
    with pytest.raises(Unreachable):
        pushed(registry, secrets.token_bytes(LARGE))
    assert {} == registry.shelf.blobs


@pytest.mark.parametrize("misdeed", [Misdeed.SERVER_ERRORS, Misdeed.TOO_MANY_REQUESTS])
def test_an_upload_outlives_bad_moments(registry: HostileRegistry, misdeed: Misdeed) -> None:
    content = secrets.token_bytes(LARGE)

    class Disturbing(io.BytesIO):
        """The bad moment comes when the bytes are asked for."""

        def readinto(self, buffer: object, /) -> int:
            assert isinstance(buffer, memoryview)
            if not disturbed:
                disturbed.append(True)
                registry.misbehave(misdeed, times=1)
            return super().readinto(buffer)

    async def opened(offset: int) -> Disturbing:
        reader = Disturbing(content)
        reader.seek(offset)
        return reader

    disturbed: list[bool] = []
    cargo = Cargo(described(content), opened)
    assert Arrival.SENT is run(registry, lambda repository: repository.put_blob(cargo, unwatched))
    assert content == registry.shelf.blobs[str(Digest.of(content))]


@pytest.mark.parametrize("size", [1000, LARGE])
def test_a_blob_whose_arrival_was_not_told_is_found(registry: HostileRegistry, size: int) -> None:
    registry.misbehave(Misdeed.BREAKS_AT_THE_END, times=1)
    assert Arrival.SENT is pushed(registry, secrets.token_bytes(size))


def test_what_is_too_long_for_a_proxy_goes_in_smaller_pieces(registry: HostileRegistry) -> None:
    content = secrets.token_bytes(9_000_000)
    registry.misbehave(Misdeed.LIMITED_BODIES, amount=5_000_000)
    assert Arrival.SENT is pushed(registry, content)
    assert content == registry.shelf.blobs[str(Digest.of(content))]


def test_a_limit_that_no_piece_meets_is_told(registry: HostileRegistry) -> None:
    registry.misbehave(Misdeed.LIMITED_BODIES, amount=1000)
    with pytest.raises(RemoteAnswered) as caught:
        pushed(registry, secrets.token_bytes(LARGE))
    assert 413 == caught.value.status
    assert {} == registry.shelf.uploads


def test_chunks_are_as_long_as_the_registry_wants(registry: HostileRegistry) -> None:
    content = secrets.token_bytes(20_000_000)
    registry.misbehave(Misdeed.LEAST_CHUNK, amount=18_000_000)
    registry.misbehave(Misdeed.DROPS_UPLOADS, times=1, amount=1_500_000)
    assert Arrival.SENT is pushed(registry, content)
    lengths = [each.headers["content-length"] for each in registry.requests if each.method == "PATCH"]
    assert int(lengths[1]) >= 18_000_000


def test_a_registry_that_stores_something_else_is_not_believed(registry: HostileRegistry) -> None:
    registry.misbehave(Misdeed.FALSE_STORED_DIGEST)
    with pytest.raises(RemoteMisbehaved):
        pushed(registry, b"content")
    manifest = image(config(), [])
    refused(registry, lambda repository: repository.put_manifest(manifest, [Tag("v1")]), RemoteMisbehaved)


def test_an_upload_without_a_place_is_refused(registry: HostileRegistry) -> None:
    registry.misbehave(Misdeed.NO_LOCATION)
    with pytest.raises(RemoteMisbehaved):
        pushed(registry, b"content")


def test_a_registry_that_miscounts_for_ever_is_given_up(registry: HostileRegistry) -> None:
    registry.misbehave(Misdeed.MISCOUNTS_UPLOADS, amount=10_000_000)
    with pytest.raises(RemoteMisbehaved):
        pushed(registry, secrets.token_bytes(LARGE))


def test_a_wish_to_mount_that_is_refused_is_not_made_twice(registry: HostileRegistry) -> None:
    registry.misbehave(Misdeed.REFUSES_MOUNTS)

    async def story(repository: RemoteRepository) -> None:
        for _ in range(2):
            assert Arrival.SENT is await repository.put_blob(cargo_of(secrets.token_bytes(100)), unwatched)

    run(registry, story)
    assert 1 == len(registry.asked("POST", "mount="))


@pytest.mark.parametrize("size", [1000, LARGE])
def test_bytes_that_are_not_what_they_are_said_to_be_are_not_delivered(registry: HostileRegistry, size: int) -> None:
    content = secrets.token_bytes(size)
    pretended = Descriptor("x/y", Digest.of(b"something else"), size)
    refused(registry, lambda repository: repository.put_blob(cargo_of(content, pretended), unwatched), DigestMismatch)
    assert ({}, {}) == (registry.shelf.blobs, registry.shelf.uploads)


@pytest.mark.parametrize("size", [1000, LARGE])
@pytest.mark.parametrize("difference", [-1, 1])
def test_more_or_less_than_was_said_is_not_delivered(registry: HostileRegistry, size: int, difference: int) -> None:
    content = secrets.token_bytes(size)
    pretended = Descriptor("x/y", Digest.of(content), size + difference)
    refused(registry, lambda repository: repository.put_blob(cargo_of(content, pretended), unwatched), WharfError)
    assert ({}, {}) == (registry.shelf.blobs, registry.shelf.uploads)


def test_a_cargo_that_cannot_be_read_is_not_tried_again(registry: HostileRegistry) -> None:
    class Failing(io.BytesIO):
        def readinto(self, _buffer: object, /) -> int:
            raise Unreachable("elsewhere.example", "the other registry is gone")

    async def opened(_offset: int) -> Failing:
        return Failing()

    cargo = cargo_of(secrets.token_bytes(LARGE))
    failing = Cargo(cargo.descriptor, opened)
    error = refused(registry, lambda repository: repository.put_blob(failing, unwatched), Unreachable)
    assert "elsewhere.example" in str(error)
    assert 1 >= len(registry.asked("PATCH"))  # it may have been given up before the registry had read it


def test_progress_counts_each_byte_once(registry: HostileRegistry) -> None:
    content, steps = secrets.token_bytes(LARGE), list[int]()
    registry.misbehave(Misdeed.DROPS_UPLOADS, times=3, amount=900_000)
    run(registry, lambda repository: repository.put_blob(cargo_of(content), steps.append))
    assert LARGE == sum(steps)


def test_a_delivery_that_is_cancelled_leaves_no_upload(registry: HostileRegistry) -> None:
    class Slow(io.BytesIO):
        def readinto(self, buffer: object, /) -> int:
            started.set()
            assert isinstance(buffer, memoryview)
            return super().readinto(buffer[:1000])

    content = secrets.token_bytes(LARGE)
    started = threading.Event()

    async def opened(_offset: int) -> Slow:
        return Slow(content)

    async def story(repository: RemoteRepository) -> None:
        cargo = Cargo(described(content), opened)
        task = asyncio.create_task(repository.put_blob(cargo, unwatched))
        assert await asyncio.to_thread(started.wait, 60)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    run(registry, story)
    assert {} == registry.shelf.uploads


def test_a_stream_that_breaks_off_is_over(registry: HostileRegistry) -> None:
    registry.misbehave(Misdeed.DROPS_UPLOADS, amount=1_500_000)
    reader = io.BytesIO(secrets.token_bytes(LARGE))
    refused(registry, lambda it: it.put_stream("x/y", reader, unwatched), Unreachable)
    assert reader.closed
    assert {} == registry.shelf.blobs


def test_a_stream_that_cannot_be_read_leaves_nothing(registry: HostileRegistry) -> None:
    class Failing(io.BytesIO):
        def readinto(self, buffer: object, /) -> int:
            assert isinstance(buffer, memoryview)
            if self.tell() > LARGE // 2:
                raise ImageNotThere("the archive", "app:v1")
            return super().readinto(buffer)

    reader = Failing(secrets.token_bytes(LARGE))
    refused(registry, lambda it: it.put_stream("x/y", reader, unwatched), ImageNotThere)
    assert reader.closed
    assert ({}, {}) == (registry.shelf.blobs, registry.shelf.uploads)


def test_each_byte_of_a_stream_is_counted_once(registry: HostileRegistry) -> None:
    for size in (0, 1000, LARGE):
        steps: list[int] = []
        reader = io.BytesIO(secrets.token_bytes(size))
        run(registry, lambda it, reader=reader, steps=steps: it.put_stream("x/y", reader, steps.append))  # type: ignore[misc]
        assert size == sum(steps)
