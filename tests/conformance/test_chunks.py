"""An upload in chunks: one after the other, none twice, none ahead; what went wrong can be asked and put right."""

from collections.abc import Callable

import pytest

from tests.conformance.cargo import Blob, random_blob
from tests.conformance.shipping import (
    AS_OCTETS,
    Repository,
    chunk_ranges,
    close_upload,
    close_with_chunk,
    send_chunk,
)
from tests.conformance.wire import Answer

SIZE = 3067
FIRST, SECOND, THIRD = chunk_ranges(SIZE)

Misplaced = tuple[tuple[tuple[int, int], ...], tuple[int, int]]
MISPLACED: dict[str, Misplaced] = {
    "ahead-of-the-first": ((), SECOND),
    "the-last-as-first": ((), THIRD),
    "ahead-of-the-second": ((FIRST,), THIRD),
    "the-first-again": ((FIRST,), FIRST),
    "the-first-after-the-second": ((FIRST, SECOND), FIRST),
    "the-second-again": ((FIRST, SECOND), SECOND),
    "one-byte-too-early": ((FIRST,), (1023, 2046)),
    "one-byte-too-late": ((FIRST,), (1025, 2048)),
}


@pytest.fixture
def blob(algorithm: str) -> Blob:
    return random_blob(SIZE, algorithm)


@pytest.fixture(params=MISPLACED)
def misplaced(request: pytest.FixtureRequest) -> Misplaced:
    return MISPLACED[str(request.param)]


@pytest.fixture(params=["PATCH", "PUT"])
def send_misplaced(request: pytest.FixtureRequest) -> Callable[[Repository, Answer, Blob, int, int], Answer]:
    return send_chunk if request.param == "PATCH" else close_with_chunk


def test_an_upload_starts_with_202_and_a_location(repository: Repository) -> None:
    started = repository.start_upload()
    assert started.status == 202
    assert started.location()


def test_a_smallest_chunk_is_told_as_a_number_or_not_at_all(repository: Repository) -> None:
    assert (repository.start_upload().header("OCI-Chunk-Min-Length") or "1").isdigit()


@pytest.mark.parametrize("count", [1, 2, 3])
def test_each_chunk_is_accepted_and_the_bytes_so_far_are_told(repository: Repository, blob: Blob, count: int) -> None:
    ranges = chunk_ranges(SIZE)[:count]
    last = sent(repository, blob, *ranges)
    assert last.status == 202
    assert last.header("Range") == f"0-{ranges[-1][1]}"
    assert last.location()


@pytest.mark.parametrize("count", [1, 2, 3])
def test_the_state_of_an_upload_can_be_asked(repository: Repository, blob: Blob, count: int) -> None:
    ranges = chunk_ranges(SIZE)[:count]
    asked = repository.wire.get(sent(repository, blob, *ranges).location())
    assert asked.status == 204
    assert asked.header("Range") == f"0-{ranges[-1][1]}"
    assert asked.location()


def test_the_state_of_an_upload_without_any_byte_can_be_asked(repository: Repository) -> None:
    asked = repository.wire.get(repository.start_upload().location())
    assert asked.status == 204
    assert (asked.header("Range") or "").startswith("0-")
    assert asked.location()


def test_a_misplaced_chunk_is_refused_with_416(
    repository: Repository,
    blob: Blob,
    misplaced: Misplaced,
    send_misplaced: Callable[[Repository, Answer, Blob, int, int], Answer],
) -> None:
    before, wrong = misplaced
    assert send_misplaced(repository, sent(repository, blob, *before), blob, *wrong).status == 416


def test_after_a_misplaced_chunk_the_refused_address_tells_how_far_the_upload_is(
    repository: Repository,
    blob: Blob,
    misplaced: Misplaced,
    send_misplaced: Callable[[Repository, Answer, Blob, int, int], Answer],
) -> None:
    before, wrong = misplaced
    refused = send_misplaced(repository, sent(repository, blob, *before), blob, *wrong)
    asked = repository.wire.get(refused.target)
    assert asked.status == 204
    assert asked.header("Range") in ({f"0-{before[-1][1]}"} if before else {"0-0", "0--1"})
    assert asked.location()


def test_after_a_misplaced_chunk_the_upload_can_be_finished(
    repository: Repository,
    blob: Blob,
    misplaced: Misplaced,
    send_misplaced: Callable[[Repository, Answer, Blob, int, int], Answer],
) -> None:
    before, wrong = misplaced
    refused = send_misplaced(repository, sent(repository, blob, *before), blob, *wrong)
    last = repository.wire.get(refused.target)
    for start, end in chunk_ranges(SIZE)[len(before) :]:
        last = send_chunk(repository, last, blob, start, end)
    assert close_upload(repository, last, blob).status == 201
    assert repository.wire.get(repository.blob(blob.digest)).body == blob.content


def test_a_chunk_whose_range_and_length_differ_is_refused(repository: Repository, blob: Blob) -> None:
    started = repository.start_upload()
    headers = [AS_OCTETS, ("Content-Range", "0-1023")]
    answer = repository.wire.send("PATCH", started.location(), headers, blob.content[:1000])
    assert answer.status in {400, 416}


@pytest.mark.parametrize("text", ["bytes", "1023-0", "-5", "5-", "0-1023-2047", "a-b"])
def test_a_range_that_is_none_is_refused(repository: Repository, blob: Blob, text: str) -> None:
    started = repository.start_upload()
    headers = [AS_OCTETS, ("Content-Range", text)]
    assert repository.wire.send("PATCH", started.location(), headers, blob.content[:1024]).status in {400, 416}


def test_a_cancelled_upload_ends_with_204(repository: Repository) -> None:
    started = repository.start_upload()
    assert repository.wire.send("DELETE", started.location(), [("Content-Length", "0")]).status == 204


@pytest.mark.parametrize("method", ["GET", "DELETE", "PATCH", "PUT"])
def test_a_cancelled_upload_is_known_no_more(repository: Repository, blob: Blob, method: str) -> None:
    last = sent(repository, blob, FIRST)
    repository.wire.delete(last.location())
    target = last.location(digest=blob.digest) if method == "PUT" else last.location()
    body = blob.content if method in {"PATCH", "PUT"} else b""
    assert repository.wire.send(method, target, [AS_OCTETS], body).status == 404


def test_a_cancelled_upload_leaves_no_blob(repository: Repository, blob: Blob) -> None:
    last = sent(repository, blob, FIRST, SECOND, THIRD)
    repository.wire.delete(last.location())
    assert repository.wire.head(repository.blob(blob.digest)).status == 404
    assert repository.wire.delete(repository.blob(blob.digest)).status == 404


def test_a_finished_upload_is_known_no_more(repository: Repository, blob: Blob) -> None:
    last = sent(repository, blob, FIRST, SECOND, THIRD)
    close_upload(repository, last, blob)
    assert repository.wire.get(last.location()).status == 404


def test_an_upload_nobody_started_is_not_found(repository: Repository) -> None:
    made_up = repository.uploads + "00000000-0000-4000-8000-000000000000"
    assert repository.wire.get(made_up).status == 404


def sent(repository: Repository, blob: Blob, *ranges: tuple[int, int]) -> Answer:
    """The last answer after these chunks."""
    last = repository.start_upload()
    for start, end in ranges:
        last = send_chunk(repository, last, blob, start, end)
    return last
