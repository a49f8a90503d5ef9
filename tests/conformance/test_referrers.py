"""What refers to this? Signatures, bills of material and other papers are found through what they are about."""

from collections.abc import Iterator

import pytest

from tests.conformance.cargo import INDEX, Descriptor, Manifest
from tests.conformance.data_sets import DATA_SETS
from tests.conformance.shipping import Repository, Shipment, ship
from tests.conformance.wire import Answer, with_query

WITH_SUBJECTS = tuple(kind for kind, make in DATA_SETS.items() if make("sha256").subjects)


@pytest.fixture(params=WITH_SUBJECTS)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_the_list_is_an_index(shipment: Shipment) -> None:
    for subject in shipment.goods.subjects:
        answer = asked(shipment.repository, subject)
        assert answer.status == 200
        assert answer.header("Content-Type") == INDEX
        assert (answer.json()["schemaVersion"], answer.json()["mediaType"]) == (2, INDEX)


def test_the_list_names_every_referrer_and_nothing_else(shipment: Shipment) -> None:
    for subject in shipment.goods.subjects:
        expected = shipment.goods.referrers_of(subject)
        assert set(entries(asked(shipment.repository, subject))) == {each.digest for each in expected}


def test_each_entry_tells_type_size_and_annotations(shipment: Shipment) -> None:
    for subject in shipment.goods.subjects:
        found = entries(asked(shipment.repository, subject))
        assert found == {each.digest: each.listed() for each in shipment.goods.referrers_of(subject)}


def test_an_unfiltered_list_names_no_filter(shipment: Shipment) -> None:
    for subject in shipment.goods.subjects:
        assert asked(shipment.repository, subject).header("OCI-Filters-Applied") is None


def test_a_list_filtered_by_type_holds_that_type_alone(shipment: Shipment) -> None:
    for subject, wanted, expected in by_type(shipment):
        answer = asked(shipment.repository, subject, artifactType=wanted)
        assert answer.status == 200
        assert set(entries(answer)) == {each.digest for each in expected}


def test_a_filtered_list_says_so(shipment: Shipment) -> None:
    for subject, wanted, _ in by_type(shipment):
        assert asked(shipment.repository, subject, artifactType=wanted).values("OCI-Filters-Applied") == (
            "artifactType",
        )


def test_a_filtered_list_is_an_index_too(shipment: Shipment) -> None:
    for subject, wanted, _ in by_type(shipment):
        answer = asked(shipment.repository, subject, artifactType=wanted)
        assert answer.header("Content-Type") == INDEX
        assert (answer.json()["schemaVersion"], answer.json()["mediaType"]) == (2, INDEX)


def test_a_filter_that_fits_nothing_gives_an_empty_list(shipment: Shipment) -> None:
    for subject in shipment.goods.subjects:
        answer = asked(shipment.repository, subject, artifactType="application/vnd.wharf.test.none")
        assert (answer.status, entries(answer)) == (200, {})


def test_a_deleted_referrer_is_listed_no_more(fresh_shipment: Shipment) -> None:
    repository, goods = fresh_shipment.repository, fresh_shipment.goods
    repository.wire.delete(repository.manifest(goods.top.digest))
    assert goods.top.subject
    assert goods.top.digest not in entries(asked(repository, goods.top.subject))


def test_referrers_can_still_be_asked_for_when_their_subject_is_gone(repository: Repository, algorithm: str) -> None:
    goods = ship(repository, DATA_SETS["image-and-its-referrers"](algorithm)).goods
    repository.wire.delete(repository.manifest(goods.subjects[0]))
    assert asked(repository, goods.subjects[0]).status == 200


def test_referrers_in_another_repository_are_not_listed(
    repository: Repository, other_repository: Repository, algorithm: str
) -> None:
    goods = ship(other_repository, DATA_SETS["image-and-its-referrers"](algorithm)).goods
    ship(repository, DATA_SETS["image"](algorithm))
    assert entries(asked(repository, goods.subjects[0])) == {}


@pytest.mark.parametrize("text", ["sha256:baddigeststring", "sha256:" + "0" * 63, "latest", "sha256:" + "G" * 64])
def test_the_referrers_of_what_is_no_digest_are_refused_with_400(repository: Repository, text: str) -> None:
    assert repository.wire.get(repository.referrers(text)).status == 400


def asked(repository: Repository, subject: str, **parameters: str) -> Answer:
    return repository.wire.get(with_query(repository.referrers(subject), **parameters))


def entries(answer: Answer) -> dict[str, Descriptor]:
    listed = answer.json()["manifests"]
    assert isinstance(listed, list)
    return {str(each["digest"]): each for each in listed if isinstance(each, dict)}


def by_type(shipment: Shipment) -> Iterator[tuple[str, str, tuple[Manifest, ...]]]:
    """Each subject with each type among its referrers, and the referrers of that type."""
    for subject in shipment.goods.subjects:
        referrers = shipment.goods.referrers_of(subject)
        for wanted in {each.listed_type for each in referrers} - {None}:
            yield subject, str(wanted), tuple(each for each in referrers if each.listed_type == wanted)
