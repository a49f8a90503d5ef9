"""Pulling a part of a blob, as a client does that goes on after a broken connection."""

import pytest

from tests.conformance.cargo import Blob, random_blob
from tests.conformance.shipping import Repository, by_post_and_put

SIZE = 2048
PARTS = {
    "bytes=500-1499": (500, 1499),
    "bytes=500-": (500, 2047),
    "bytes=-500": (1548, 2047),
    "bytes=2000-5000": (2000, 2047),
    "bytes=0-0": (0, 0),
    "bytes=0-2047": (0, 2047),
    "bytes=2047-": (2047, 2047),
    "bytes=-5000": (0, 2047),
}
NO_PARTS = ("bytes=500-0", "bytes=5000-10000", "bytes=2048-", "bytes=2048-2048")


@pytest.fixture
def blob(repository: Repository, algorithm: str) -> Blob:
    blob = random_blob(SIZE, algorithm)
    by_post_and_put(repository, blob)
    return blob


@pytest.mark.parametrize(("wanted", "part"), PARTS.items(), ids=PARTS)
def test_a_part_of_a_blob_can_be_pulled(repository: Repository, blob: Blob, wanted: str, part: tuple[int, int]) -> None:
    first, last = part
    answer = repository.wire.send("GET", repository.blob(blob.digest), [("Range", wanted)])
    assert answer.status == 206
    assert answer.header("Content-Range") in {f"bytes {first}-{last}/{SIZE}", f"bytes {first}-{last}/*"}
    assert answer.header("Content-Length") == str(last - first + 1)
    assert answer.body == blob.content[first : last + 1]


@pytest.mark.parametrize("wanted", NO_PARTS)
def test_a_part_that_no_blob_can_have_is_refused_with_416(repository: Repository, blob: Blob, wanted: str) -> None:
    answer = repository.wire.send("GET", repository.blob(blob.digest), [("Range", wanted)])
    assert answer.status == 416


@pytest.mark.parametrize("wanted", NO_PARTS)
def test_after_a_refused_part_the_whole_can_be_pulled(repository: Repository, blob: Blob, wanted: str) -> None:
    repository.wire.send("GET", repository.blob(blob.digest), [("Range", wanted)])
    assert repository.wire.get(repository.blob(blob.digest)).body == blob.content


def test_parts_pulled_one_after_the_other_make_the_whole(repository: Repository, blob: Blob) -> None:
    ranges = [f"bytes={start}-{start + 699}" for start in range(0, SIZE, 700)]
    parts = [repository.wire.send("GET", repository.blob(blob.digest), [("Range", each)]).body for each in ranges]
    assert b"".join(parts) == blob.content


def test_a_range_in_an_unknown_unit_is_ignored(repository: Repository, blob: Blob) -> None:
    answer = repository.wire.send("GET", repository.blob(blob.digest), [("Range", "lines=1-2")])
    assert (answer.status, answer.body) == (200, blob.content)


def test_a_part_of_a_missing_blob_is_not_found(repository: Repository, algorithm: str) -> None:
    target = repository.blob(random_blob(SIZE, algorithm).digest)
    assert repository.wire.send("GET", target, [("Range", "bytes=0-9")]).status == 404
