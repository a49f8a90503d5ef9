"""Pushing a blob, in each of the ways there are: whichever a client takes, the same blob must be there afterwards."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.conformance.cargo import Blob, empty_object, random_blob
from tests.conformance.shipping import (
    AS_OCTETS,
    PUSHES,
    Repository,
    by_post_and_put,
    close_upload,
    send_chunk,
)
from tests.conformance.wire import Answer, Wire

Push = Callable[[Repository, Blob], Answer]
SIZES = {"one-chunk": 512, "three-chunks": 3067, "a-megabyte": 1024 * 1024 + 1}


@pytest.fixture(params=PUSHES)
def push(request: pytest.FixtureRequest) -> Push:
    return PUSHES[str(request.param)]


@pytest.fixture(params=SIZES)
def blob(request: pytest.FixtureRequest, algorithm: str) -> Blob:
    return random_blob(SIZES[str(request.param)], algorithm)


@pytest.fixture(params=["empty", "empty-object"])
def well_known(request: pytest.FixtureRequest, algorithm: str) -> Blob:
    return Blob(b"", algorithm) if request.param == "empty" else empty_object(algorithm)


def test_a_pushed_blob_is_created_and_its_digest_confirmed(repository: Repository, push: Push, blob: Blob) -> None:
    answer = push(repository, blob)
    assert answer.status == 201, answer.body
    assert answer.header("Docker-Content-Digest") == blob.digest


def test_the_location_of_a_pushed_blob_gives_its_bytes(repository: Repository, push: Push, blob: Blob) -> None:
    found = repository.wire.get(push(repository, blob).location())
    assert (found.status, found.body == blob.content) == (200, True)


def test_a_pushed_blob_can_be_looked_up_and_pulled(repository: Repository, push: Push, blob: Blob) -> None:
    push(repository, blob)
    assert_blob_is_there(repository, blob)


@pytest.mark.parametrize("size", [512, 3067])
def test_a_pushed_blob_can_be_deleted_at_once(repository: Repository, push: Push, algorithm: str, size: int) -> None:
    blob = random_blob(size, algorithm)
    push(repository, blob)
    assert repository.wire.delete(repository.blob(blob.digest)).status == 202
    assert repository.wire.head(repository.blob(blob.digest)).status == 404


def test_well_known_small_contents_are_blobs_like_others(repository: Repository, push: Push, well_known: Blob) -> None:
    assert push(repository, well_known).status == 201
    assert_blob_is_there(repository, well_known)


def test_a_blob_can_come_back_after_it_was_deleted(repository: Repository, push: Push, well_known: Blob) -> None:
    push(repository, well_known)
    repository.wire.delete(repository.blob(well_known.digest))
    assert push(repository, well_known).status == 201
    assert_blob_is_there(repository, well_known)


def test_a_blob_pushed_twice_is_created_twice(repository: Repository, push: Push, algorithm: str) -> None:
    blob = random_blob(512, algorithm)
    assert (push(repository, blob).status, push(repository, blob).status) == (201, 201)


def test_an_upload_may_name_its_algorithm_when_it_starts(repository: Repository, blob: Blob) -> None:
    started = repository.start_upload(**{"digest-algorithm": blob.algorithm})
    assert started.status == 202
    closed = repository.wire.send("PUT", started.location(digest=blob.digest), [AS_OCTETS], blob.content)
    assert closed.status == 201
    assert_blob_is_there(repository, blob)


def test_chunks_may_follow_an_upload_that_named_its_algorithm(repository: Repository, algorithm: str) -> None:
    blob = random_blob(2000, algorithm)
    last = repository.start_upload(**{"digest-algorithm": algorithm})
    last = send_chunk(repository, last, blob, 0, 1023)
    last = send_chunk(repository, last, blob, 1024, 1999)
    assert close_upload(repository, last, blob).status == 201
    assert_blob_is_there(repository, blob)


def test_a_stream_may_be_followed_by_another(repository: Repository, algorithm: str) -> None:
    blob = random_blob(2000, algorithm)
    last = repository.start_upload()
    for part in (blob.content[:777], blob.content[777:]):
        last = repository.wire.stream("PATCH", last.location(), [AS_OCTETS], [part])
    assert close_upload(repository, last, blob).status == 201
    assert_blob_is_there(repository, blob)


def test_the_end_of_a_stream_may_come_with_the_closing_put(repository: Repository, algorithm: str) -> None:
    blob = random_blob(2000, algorithm)
    patched = repository.wire.stream("PATCH", repository.start_upload().location(), [AS_OCTETS], [blob.content[:777]])
    closed = repository.wire.send("PUT", patched.location(digest=blob.digest), [AS_OCTETS], blob.content[777:])
    assert closed.status == 201
    assert_blob_is_there(repository, blob)


def test_two_uploads_never_share_a_location(repository: Repository) -> None:
    assert repository.start_upload().location() != repository.start_upload().location()


def test_the_same_blob_may_come_from_many_clients_at_once(repository: Repository, algorithm: str) -> None:
    blob = random_blob(300_000, algorithm)
    with ThreadPoolExecutor(4) as clients:
        answers = list(clients.map(lambda _: push_over_its_own_wire(repository, blob), range(8)))
    assert [answer.status for answer in answers] == [201] * 8
    assert_blob_is_there(repository, blob)


def test_one_blob_in_two_algorithms_is_known_by_both(repository: Repository) -> None:
    short = random_blob(512)
    long = Blob(short.content, "sha512")
    assert [by_post_and_put(repository, each).status for each in (short, long)] == [201, 201]
    assert_blob_is_there(repository, short)
    assert_blob_is_there(repository, long)


def push_over_its_own_wire(repository: Repository, blob: Blob) -> Answer:
    wire = Wire(repository.wire.url)
    try:
        return by_post_and_put(Repository(wire, repository.name), blob)
    finally:
        wire.close()


def assert_blob_is_there(repository: Repository, blob: Blob) -> None:
    target = repository.blob(blob.digest)
    head, found = repository.wire.head(target), repository.wire.get(target)
    told = (str(len(blob.content)), blob.digest)
    assert (head.status, found.status) == (200, 200)
    assert (head.header("Content-Length"), head.header("Docker-Content-Digest")) == told
    assert (found.header("Content-Length"), found.header("Docker-Content-Digest")) == told
    assert (head.body, found.body == blob.content) == (b"", True)
