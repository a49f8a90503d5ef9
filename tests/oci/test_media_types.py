"""Media types: which are manifests, which layers, and which layers may be missing."""

import pytest

from wharf.oci import media_types as mt

EVERY_TYPE = sorted(
    value for name, value in vars(mt).items() if name.startswith(("OCI_", "DOCKER_")) and isinstance(value, str)
)
MANIFESTS = {mt.OCI_MANIFEST, mt.OCI_INDEX, mt.DOCKER_MANIFEST, mt.DOCKER_MANIFEST_LIST}


@pytest.mark.parametrize("media_type", EVERY_TYPE)
def test_manifests_are_the_four_that_are_accepted(media_type: str) -> None:
    assert (media_type in MANIFESTS) == mt.is_manifest(media_type)


def test_what_is_accepted_is_what_is_a_manifest() -> None:
    assert set(mt.ACCEPTED_MANIFESTS) == MANIFESTS


@pytest.mark.parametrize("media_type", EVERY_TYPE)
def test_a_manifest_is_either_of_an_image_or_an_index(media_type: str) -> None:
    assert mt.is_manifest(media_type) == (mt.is_image_manifest(media_type) != mt.is_index(media_type))


@pytest.mark.parametrize("media_type", [mt.OCI_INDEX, mt.DOCKER_MANIFEST_LIST])
def test_an_index_is_one_in_both_families(media_type: str) -> None:
    assert mt.is_index(media_type)


@pytest.mark.parametrize("media_type", EVERY_TYPE)
def test_layers_are_known_by_their_types(media_type: str) -> None:
    assert ("layer" in media_type or "rootfs" in media_type) == mt.is_layer(media_type)


@pytest.mark.parametrize("media_type", EVERY_TYPE)
def test_foreign_and_nondistributable_layers_may_be_missing(media_type: str) -> None:
    assert ("foreign" in media_type or "nondistributable" in media_type) == mt.is_nondistributable(media_type)


@pytest.mark.parametrize("media_type", EVERY_TYPE)
def test_schema_1_is_two_types_of_docker(media_type: str) -> None:
    assert ("manifest.v1+" in media_type and "docker" in media_type) == mt.is_schema1(media_type)


def test_an_unknown_type_is_nothing_of_these() -> None:
    questions = (mt.is_manifest, mt.is_index, mt.is_image_manifest, mt.is_layer, mt.is_nondistributable, mt.is_schema1)
    assert not any(question("application/x-own") for question in questions)


@pytest.mark.parametrize("media_type", EVERY_TYPE)
def test_what_docker_says_oci_says_in_one_word_of_the_same_kind(media_type: str) -> None:
    other = mt.in_oci(media_type)
    kinds = (mt.is_image_manifest, mt.is_index, mt.is_layer, mt.is_nondistributable)
    assert [kind(media_type) for kind in kinds] == [kind(other) for kind in kinds]
    assert other == media_type or ("docker" in media_type and "oci" in other)
    assert (mt.is_manifest(media_type) or mt.is_layer(media_type)) <= ("oci" in other)
