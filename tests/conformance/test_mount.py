"""A blob that another repository holds need not travel again."""

import pytest

from tests.conformance.cargo import Blob, random_blob
from tests.conformance.shipping import AS_OCTETS, Repository, by_post_and_put


@pytest.fixture
def blob(other_repository: Repository, algorithm: str) -> Blob:
    blob = random_blob(512, algorithm)
    by_post_and_put(other_repository, blob)
    return blob


@pytest.fixture(params=["from-a-named-repository", "from-wherever-it-is"])
def source(request: pytest.FixtureRequest, other_repository: Repository) -> dict[str, str]:
    return {"from": other_repository.name} if request.param == "from-a-named-repository" else {}


def test_a_blob_held_elsewhere_is_mounted(repository: Repository, blob: Blob, source: dict[str, str]) -> None:
    mounted = repository.start_upload(mount=blob.digest, **source)
    assert mounted.status == 201
    assert mounted.header("Docker-Content-Digest") in {None, blob.digest}
    assert repository.wire.get(mounted.location()).body == blob.content


def test_a_mounted_blob_is_there_like_a_pushed_one(repository: Repository, blob: Blob, source: dict[str, str]) -> None:
    repository.start_upload(mount=blob.digest, **source)
    head, found = (repository.wire.send(each, repository.blob(blob.digest)) for each in ("HEAD", "GET"))
    assert (head.status, head.header("Content-Length")) == (200, "512")
    assert (found.status, found.body) == (200, blob.content)


def test_a_mounted_blob_deleted_here_stays_there(
    repository: Repository, other_repository: Repository, blob: Blob, source: dict[str, str]
) -> None:
    repository.start_upload(mount=blob.digest, **source)
    assert repository.wire.delete(repository.blob(blob.digest)).status == 202
    assert repository.wire.head(repository.blob(blob.digest)).status == 404
    assert other_repository.wire.head(other_repository.blob(blob.digest)).status == 200


def test_a_mounted_blob_stays_when_its_source_is_deleted(
    repository: Repository, other_repository: Repository, blob: Blob, source: dict[str, str]
) -> None:
    repository.start_upload(mount=blob.digest, **source)
    assert other_repository.wire.delete(other_repository.blob(blob.digest)).status == 202
    assert other_repository.wire.head(other_repository.blob(blob.digest)).status == 404
    assert repository.wire.get(repository.blob(blob.digest)).body == blob.content


def test_a_blob_nobody_holds_starts_an_upload_instead(
    repository: Repository, algorithm: str, source: dict[str, str]
) -> None:
    blob = random_blob(512, algorithm)
    refused = repository.start_upload(mount=blob.digest, **source)
    assert refused.status == 202
    assert repository.wire.send("PUT", refused.location(digest=blob.digest), [AS_OCTETS], blob.content).status == 201
    assert repository.wire.get(repository.blob(blob.digest)).body == blob.content


def test_a_blob_is_found_only_in_the_repositories_that_hold_it(repository: Repository, blob: Blob) -> None:
    assert repository.wire.head(repository.blob(blob.digest)).status == 404
