"""Deleting: what is deleted is gone at once, and nothing else is."""

import pytest

from tests.conformance.cargo import random_blob
from tests.conformance.data_sets import DATA_SETS, image, index
from tests.conformance.shipping import Repository, Shipment, put_tag, ship


@pytest.fixture
def emptied(fresh_shipment: Shipment) -> Shipment:
    """A shipment taken down the way clients do it: tags, then manifests from the top, then blobs."""
    repository, goods = fresh_shipment.repository, fresh_shipment.goods
    for tag, _ in goods.tagged:
        repository.wire.delete(repository.manifest(tag))
    for manifest in reversed(goods.manifests):
        repository.wire.delete(repository.manifest(manifest.digest))
    for blob in goods.blobs:
        repository.wire.delete(repository.blob(blob.digest))
    return fresh_shipment


def test_each_step_of_a_tear_down_is_accepted_and_done_at_once(fresh_shipment: Shipment) -> None:
    repository, goods = fresh_shipment.repository, fresh_shipment.goods
    tags = [repository.manifest(tag) for tag, _ in goods.tagged]
    manifests = [repository.manifest(manifest.digest) for manifest in reversed(goods.manifests)]
    blobs = [repository.blob(blob.digest) for blob in goods.blobs]
    for target in (*tags, *manifests, *blobs):
        assert (target, repository.wire.delete(target).status) == (target, 202)
        assert (target, repository.wire.head(target).status) == (target, 404)


def test_after_a_tear_down_no_tag_is_listed(emptied: Shipment) -> None:
    assert emptied.repository.listed_tags() == []


def test_after_a_tear_down_no_referrer_is_listed(emptied: Shipment) -> None:
    for subject in emptied.goods.subjects:
        answer = emptied.repository.wire.get(emptied.repository.referrers(subject))
        assert (answer.status, answer.json()["manifests"]) == (200, [])


def test_after_a_tear_down_everything_can_come_back(emptied: Shipment) -> None:
    again = ship(emptied.repository, emptied.goods)
    answers = [*again.blob_answers.values(), *again.manifest_answers.values(), *again.tag_answers.values()]
    assert {answer.status for answer in answers} == {201}
    assert emptied.repository.get_manifest(emptied.goods.top.digest).body == emptied.goods.top.raw


def test_deleting_a_tag_leaves_its_manifest(fresh_shipment: Shipment) -> None:
    repository, goods = fresh_shipment.repository, fresh_shipment.goods
    for tag, manifest in goods.tagged:
        assert repository.wire.delete(repository.manifest(tag)).status == 202
        assert repository.head_manifest(manifest.digest).status == 200


def test_deleting_a_tag_leaves_the_other_tags(repository: Repository, algorithm: str) -> None:
    goods = ship(repository, image(algorithm)).goods
    put_tag(repository, goods.top, "other")
    repository.wire.delete(repository.manifest("image"))
    assert repository.listed_tags() == ["other"]
    assert repository.get_manifest("other").body == goods.top.raw


def test_deleting_a_manifest_takes_its_tags_along(repository: Repository, algorithm: str) -> None:
    goods = ship(repository, image(algorithm)).goods
    put_tag(repository, goods.top, "other")
    assert repository.wire.delete(repository.manifest(goods.top.digest)).status == 202
    assert repository.listed_tags() == []
    assert [repository.head_manifest(tag).status for tag in ("image", "other")] == [404, 404]


def test_deleting_an_index_leaves_its_children(repository: Repository, algorithm: str) -> None:
    goods = ship(repository, index(algorithm)).goods
    repository.wire.delete(repository.manifest(goods.top.digest))
    assert [repository.head_manifest(child.digest).status for child in goods.manifests[:-1]] == [200, 200]


def test_deleting_one_image_leaves_the_blobs_that_another_shares(repository: Repository, algorithm: str) -> None:
    first, second = (DATA_SETS["artifact"](algorithm) for _ in range(2))
    ship(repository, first)
    ship(repository, second)
    repository.wire.delete(repository.manifest(first.top.digest))
    assert {repository.wire.head(repository.blob(blob.digest)).status for blob in second.blobs} == {200}


def test_deleting_here_leaves_the_same_goods_there(
    repository: Repository, other_repository: Repository, algorithm: str
) -> None:
    goods = image(algorithm)
    ship(repository, goods)
    ship(other_repository, goods)
    for target in (repository.manifest(goods.top.digest), *(repository.blob(blob.digest) for blob in goods.blobs)):
        repository.wire.delete(target)
    assert other_repository.get_manifest("image").body == goods.top.raw
    assert [other_repository.wire.get(other_repository.blob(each.digest)).body for each in goods.blobs] == [
        each.content for each in goods.blobs
    ]


def test_a_blob_that_was_never_there_cannot_be_deleted(repository: Repository, algorithm: str) -> None:
    ship(repository, image(algorithm))
    assert repository.wire.delete(repository.blob(random_blob(10, algorithm).digest)).status == 404


def test_a_manifest_that_was_never_there_cannot_be_deleted(repository: Repository, algorithm: str) -> None:
    ship(repository, image(algorithm))
    assert repository.wire.delete(repository.manifest(random_blob(10, algorithm).digest)).status == 404


def test_a_tag_that_was_never_there_cannot_be_deleted(repository: Repository, algorithm: str) -> None:
    ship(repository, image(algorithm))
    assert repository.wire.delete(repository.manifest("never")).status == 404


def test_nothing_can_be_deleted_twice(repository: Repository, algorithm: str) -> None:
    goods = ship(repository, image(algorithm)).goods
    targets = [repository.manifest("image"), repository.manifest(goods.top.digest)]
    targets += [repository.blob(blob.digest) for blob in goods.blobs]
    assert [(repository.wire.delete(each).status, repository.wire.delete(each).status) for each in targets] == [
        (202, 404)
    ] * len(targets)
