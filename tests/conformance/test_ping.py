"""Does this server speak the protocol at all, and what does it say of what it has never seen?"""

import pytest

from tests.conformance.cargo import INDEX, random_blob
from tests.conformance.shipping import Repository
from tests.conformance.wire import Wire


def test_the_base_answers_200(wire: Wire) -> None:
    assert wire.get("/v2/").status == 200


def test_the_tags_of_an_unseen_repository_are_none_or_not_found(repository: Repository) -> None:
    answer = repository.wire.get(repository.tags)
    assert (answer.status == 200 and not answer.json()["tags"]) or answer.status == 404


def test_the_referrers_in_an_unseen_repository_are_an_empty_index(repository: Repository, algorithm: str) -> None:
    answer = repository.wire.get(repository.referrers(random_blob(10, algorithm).digest))
    assert answer.status == 200
    assert answer.header("Content-Type") == INDEX
    assert answer.json() == {"schemaVersion": 2, "mediaType": INDEX, "manifests": []}


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_blob_that_was_never_pushed_is_not_found(repository: Repository, algorithm: str, method: str) -> None:
    assert repository.wire.send(method, repository.blob(random_blob(10, algorithm).digest)).status == 404


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_manifest_digest_that_was_never_pushed_is_not_found(
    repository: Repository, algorithm: str, method: str
) -> None:
    assert repository.wire.send(method, repository.manifest(random_blob(10, algorithm).digest)).status == 404


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_tag_that_was_never_pushed_is_not_found(repository: Repository, method: str) -> None:
    assert repository.wire.send(method, repository.manifest("missing-tag")).status == 404


def test_not_found_is_told_as_a_list_of_error_codes(repository: Repository) -> None:
    answer = repository.wire.get(repository.manifest("missing-tag"))
    assert set(answer.error_codes()) <= {"MANIFEST_UNKNOWN", "NAME_UNKNOWN"}
    assert answer.error_codes()
