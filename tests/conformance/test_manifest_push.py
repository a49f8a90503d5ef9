"""Pushing manifests of every kind: accepted as they are, byte for byte, whatever they hold."""

import pytest

from tests.conformance.cargo import Details, Manifest, empty_object, image_manifest, random_annotations
from tests.conformance.data_sets import DATA_SETS, image
from tests.conformance.shipping import ACCEPT, Repository, Shipment, put_tag, ship
from tests.conformance.wire import Answer


def test_every_blob_of_the_goods_is_accepted(shipment: Shipment) -> None:
    accepted = {digest: answer.status for digest, answer in shipment.blob_answers.items()}
    assert accepted == dict.fromkeys(accepted, 201)


def test_every_manifest_is_accepted_under_its_digest(shipment: Shipment) -> None:
    accepted = {digest: answer.status for digest, answer in shipment.manifest_answers.items()}
    assert accepted == dict.fromkeys(accepted, 201)


def test_every_tag_is_accepted(shipment: Shipment) -> None:
    accepted = {tag: answer.status for tag, answer in shipment.tag_answers.items()}
    assert accepted == dict.fromkeys(accepted, 201)


def test_the_digest_of_a_pushed_manifest_is_confirmed(shipment: Shipment) -> None:
    told = {digest: answer.header("Docker-Content-Digest") for digest, answer in shipment.manifest_answers.items()}
    assert told == {digest: digest for digest in told}


def test_the_digest_behind_a_pushed_tag_is_confirmed(shipment: Shipment) -> None:
    told = {tag: answer.header("Docker-Content-Digest") for tag, answer in shipment.tag_answers.items()}
    assert told == {tag: manifest.digest for tag, manifest in shipment.goods.tagged}


def test_the_location_of_a_manifest_pushed_by_digest_gives_its_bytes(shipment: Shipment) -> None:
    for manifest in shipment.goods.manifests:
        assert_location_gives(shipment.repository, shipment.manifest_answers[manifest.digest], manifest)


def test_the_location_of_a_manifest_pushed_by_tag_gives_its_bytes(shipment: Shipment) -> None:
    for tag, manifest in shipment.goods.tagged:
        assert_location_gives(shipment.repository, shipment.tag_answers[tag], manifest)


def test_a_subject_is_confirmed_on_every_push(shipment: Shipment) -> None:
    told = {digest: answer.header("OCI-Subject") for digest, answer in shipment.manifest_answers.items()}
    assert told == {manifest.digest: manifest.subject for manifest in shipment.goods.manifests}


def test_a_subject_is_confirmed_when_pushed_by_tag(shipment: Shipment) -> None:
    told = {tag: answer.header("OCI-Subject") for tag, answer in shipment.tag_answers.items()}
    assert told == {tag: manifest.subject for tag, manifest in shipment.goods.tagged}


def test_the_same_goods_may_be_shipped_again(fresh_shipment: Shipment) -> None:
    again = ship(fresh_shipment.repository, fresh_shipment.goods)
    answers = [*again.blob_answers.values(), *again.manifest_answers.values(), *again.tag_answers.values()]
    assert {answer.status for answer in answers} == {201}


def test_a_manifest_whose_length_is_told_is_accepted_too(repository: Repository, algorithm: str) -> None:
    shipped = ship(repository, image(algorithm))
    manifest = shipped.goods.top
    headers = [("Content-Type", manifest.media_type)]
    answer = repository.wire.send("PUT", repository.manifest(manifest.digest), headers, manifest.raw)
    assert answer.status == 201


def test_one_manifest_may_be_pushed_under_both_algorithms(repository: Repository) -> None:
    short = ship(repository, image("sha256")).goods.top
    long = Manifest(short.raw, short.media_type, "sha512")
    assert repository.put_manifest(long, long.digest).status == 201
    for manifest in (short, long):
        found = repository.get_manifest(manifest.digest)
        assert (found.body, found.header("Docker-Content-Digest")) == (manifest.raw, manifest.digest)


def test_a_tag_moves_to_what_was_pushed_last(repository: Repository, algorithm: str) -> None:
    first, second = (ship(repository, image(algorithm)).goods.top for _ in range(2))
    assert first.digest != second.digest
    found = repository.get_manifest("image")
    assert (found.body, found.header("Docker-Content-Digest")) == (second.raw, second.digest)


def test_what_a_tag_pointed_to_before_stays_under_its_digest(repository: Repository, algorithm: str) -> None:
    first, _ = (ship(repository, image(algorithm)).goods.top for _ in range(2))
    assert repository.get_manifest(first.digest).body == first.raw


def test_a_tag_can_go_back_to_what_it_was(repository: Repository, algorithm: str) -> None:
    first, _ = (ship(repository, image(algorithm)).goods.top for _ in range(2))
    assert put_tag(repository, first, "image").status == 201
    assert repository.get_manifest("image").body == first.raw


@pytest.mark.parametrize("tag", ["a", "_", "UPPER", "1.2.3-rc.1_x", "t" * 128, "sha256-" + "0" * 64])
def test_every_well_formed_tag_is_accepted(repository: Repository, tag: str) -> None:
    shipped = ship(repository, image("sha256"))
    assert repository.put_manifest(shipped.goods.top, tag).status == 201
    assert repository.get_manifest(tag).body == shipped.goods.top.raw


def test_a_referrer_may_arrive_before_its_subject(repository: Repository, algorithm: str) -> None:
    subject = DATA_SETS["image"](algorithm)
    nothing = empty_object(algorithm)
    about = Details("application/vnd.wharf.test.early.v1", subject.top, random_annotations())
    early = image_manifest(algorithm, nothing.descriptor(), [nothing.descriptor()], about)
    ship(repository, DATA_SETS["artifact-without-content"](algorithm))
    assert repository.put_manifest(early, early.digest).status == 201
    ship(repository, subject)
    listed = repository.wire.get(repository.referrers(subject.top.digest)).json()["manifests"]
    assert listed == [early.listed()]


def assert_location_gives(repository: Repository, answer: Answer, manifest: Manifest) -> None:
    found = repository.wire.get(answer.location(), *ACCEPT)
    assert found.status == 200
    assert found.header("Content-Type") == manifest.media_type
    assert found.header("Content-Length") == str(len(manifest.raw))
    assert found.body == manifest.raw
