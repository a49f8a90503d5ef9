"""Pulling what was pushed: the same bytes, the same type, the same digest, by every name they have."""

import pytest

from tests.conformance.cargo import INDEX, Blob, Manifest
from tests.conformance.shipping import ACCEPT, Repository, Shipment
from tests.conformance.wire import Answer


@pytest.fixture
def repository(shipment: Shipment) -> Repository:
    return shipment.repository


def test_every_blob_can_be_looked_up(repository: Repository, shipment: Shipment) -> None:
    for blob in shipment.goods.blobs:
        found = repository.wire.head(repository.blob(blob.digest))
        assert (found.status, found.body) == (200, b"")
        assert_tells_of_blob(found, blob)


def test_every_blob_can_be_pulled(repository: Repository, shipment: Shipment) -> None:
    for blob in shipment.goods.blobs:
        found = repository.wire.get(repository.blob(blob.digest))
        assert (found.status, found.body) == (200, blob.content)
        assert_tells_of_blob(found, blob)


def test_every_manifest_can_be_looked_up_by_digest(repository: Repository, shipment: Shipment) -> None:
    for manifest in shipment.goods.manifests:
        found = repository.head_manifest(manifest.digest)
        assert (found.status, found.body) == (200, b"")
        assert_tells_of_manifest(found, manifest)


def test_every_manifest_can_be_pulled_by_digest(repository: Repository, shipment: Shipment) -> None:
    for manifest in shipment.goods.manifests:
        found = repository.get_manifest(manifest.digest)
        assert (found.status, found.body == manifest.raw) == (200, True)
        assert_tells_of_manifest(found, manifest)


def test_every_tag_can_be_looked_up(repository: Repository, shipment: Shipment) -> None:
    for tag, manifest in shipment.goods.tagged:
        found = repository.head_manifest(tag)
        assert (found.status, found.body) == (200, b"")
        assert_tells_of_manifest(found, manifest)


def test_every_tag_can_be_pulled(repository: Repository, shipment: Shipment) -> None:
    for tag, manifest in shipment.goods.tagged:
        found = repository.get_manifest(tag)
        assert (found.status, found.body == manifest.raw) == (200, True)
        assert_tells_of_manifest(found, manifest)


def test_every_tag_is_listed_under_the_name_of_the_repository(repository: Repository, shipment: Shipment) -> None:
    answer = repository.wire.get(repository.tags)
    assert answer.status == 200
    assert answer.json() == {"name": repository.name, "tags": sorted(tag for tag, _ in shipment.goods.tagged)}


def test_a_manifest_is_found_whichever_of_its_types_is_asked_for_in_one_line(
    repository: Repository, shipment: Shipment
) -> None:
    every = ", ".join(value for _, value in ACCEPT)
    found = repository.wire.get(repository.manifest(shipment.goods.top.digest), ("Accept", every))
    assert (found.status, found.header("Content-Type")) == (200, shipment.goods.top.media_type)


def test_a_manifest_is_found_when_any_type_will_do(repository: Repository, shipment: Shipment) -> None:
    found = repository.wire.get(repository.manifest(shipment.goods.top.digest), ("Accept", "*/*"))
    assert (found.status, found.header("Content-Type")) == (200, shipment.goods.top.media_type)


def test_the_referrers_of_what_nothing_refers_to_are_an_empty_index(repository: Repository, shipment: Shipment) -> None:
    for manifest in shipment.goods.manifests:
        if manifest.digest not in shipment.goods.subjects:
            answer = repository.wire.get(repository.referrers(manifest.digest))
            assert answer.json() == {"schemaVersion": 2, "mediaType": INDEX, "manifests": []}


def assert_tells_of_blob(answer: Answer, blob: Blob) -> None:
    assert answer.header("Content-Length") == str(len(blob.content))
    assert answer.header("Docker-Content-Digest") == blob.digest


def assert_tells_of_manifest(answer: Answer, manifest: Manifest) -> None:
    assert answer.header("Content-Type") == manifest.media_type
    assert answer.header("Content-Length") == str(len(manifest.raw))
    assert answer.header("Docker-Content-Digest") == manifest.digest
