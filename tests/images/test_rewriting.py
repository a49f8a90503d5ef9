"""Images whose media types become OCI's: the same content by other names, and another digest for what names it."""

import json

import pytest

from tests.images.places import REGISTRY, Place, copied, holding
from wharf.images.choose import ATTESTED
from wharf.images.compression import Compression, LayerForm
from wharf.images.copy import Wishes
from wharf.images.rewriting import Family, speaks_docker
from wharf.images.sink import Arrival, Traits
from wharf.oci.digest import Algorithm, Digest
from wharf.oci.manifest import ImageIndex, ImageManifest, parse_manifest
from wharf.oci.media_types import DOCKER_MANIFEST_LIST, OCI_CONFIG, OCI_INDEX, OCI_LAYER_GZIP, OCI_MANIFEST
from wharf.testing.random_image import (
    DOCKER,
    LINUX_ARM64,
    RandomImage,
    index_of,
    random_image,
    random_referrer,
)

IN_OCI = Wishes(family=Family.OCI)
LAYOUT = Traits(is_read_as_oci=True)


def with_members(image: RandomImage, **members: object) -> RandomImage:
    raw = json.dumps({**json.loads(image.manifest.raw), **members}).encode()
    return RandomImage(parse_manifest(raw, None), image.blobs, image.children)


def test_an_image_keeps_its_content_and_gets_other_names_for_it() -> None:
    image = random_image(1, dialect=DOCKER)
    copy = copied(holding(image), Place(), IN_OCI)
    assert isinstance(copy.manifest, ImageManifest)
    assert (OCI_MANIFEST, OCI_CONFIG) == (copy.manifest.media_type, copy.manifest.config.media_type)
    assert {OCI_LAYER_GZIP} == {layer.media_type for layer in copy.manifest.layers}
    assert [blob.digest for blob in image.image.required_blobs] == [b.digest for b in copy.manifest.required_blobs]
    assert ("Docker's media types became OCI's, so the image has another digest here",) == copy.notes


@pytest.mark.parametrize("algorithm", list(Algorithm))
def test_an_index_names_its_images_by_their_new_digests(algorithm: Algorithm) -> None:
    images = [random_image(1, dialect=DOCKER, algorithm=algorithm), random_image(2, platform=LINUX_ARM64)]
    sink = Place()
    index = index_of(images, DOCKER)
    copy = copied(holding(index), sink, IN_OCI, index.manifest.digest(algorithm))
    assert isinstance(copy.manifest, ImageIndex)
    assert [OCI_INDEX, OCI_MANIFEST, OCI_MANIFEST] == [
        copy.manifest.media_type, *(child.media_type for child in copy.manifest.children)
    ]  # fmt: skip
    assert copy.digest.algorithm is algorithm
    assert [images[1].digest] == [each.digest for each in copy.manifest.children if each.platform == LINUX_ARM64]
    assert 3 == len(sink.manifests)


def test_a_list_of_docker_of_images_of_oci_becomes_an_index() -> None:
    index = index_of([random_image(1)], DOCKER)
    assert DOCKER_MANIFEST_LIST == index.manifest.media_type
    assert OCI_INDEX == copied(holding(index), Place(), IN_OCI).manifest.media_type


def test_what_is_oci_already_stays_byte_for_byte() -> None:
    index = index_of([random_image(1)])
    copy = copied(holding(index), Place(), IN_OCI)
    assert (index.manifest.raw, ()) == (copy.manifest.raw, copy.notes)


def test_annotations_and_unknown_members_outlive_the_change() -> None:
    image = with_members(random_image(1, dialect=DOCKER), annotations={"a": "b"}, org=[1])
    new = json.loads(copied(holding(image), Place(), IN_OCI).manifest.raw)
    assert ({"a": "b"}, [1]) == (new["annotations"], new["org"])


def test_an_attestation_follows_the_image_it_is_about() -> None:
    image, words = random_image(1, dialect=DOCKER), random_image(2)
    index = index_of([image, words])
    entries = json.loads(index.manifest.raw)["manifests"]
    entries[1]["annotations"] = {ATTESTED: str(image.digest)}
    new = json.loads(copied(holding(with_members(index, manifests=entries)), Place(), IN_OCI).manifest.raw)["manifests"]
    assert new[1]["annotations"][ATTESTED] == new[0]["digest"] != str(image.digest)


def test_the_image_that_stands_there_in_docker_words_is_not_taken_for_it() -> None:
    image = random_image(1, dialect=DOCKER)
    sink = Place(traits=REGISTRY)
    copied(holding(image), sink)
    copy = copied(holding(image), sink, IN_OCI)
    assert image.digest != copy.digest == next(iter(sink.names.values()))
    assert {Arrival.PRESENT} == {blob.arrival for blob in copy.blobs}


def test_what_was_changed_before_is_recognised_where_it_stands() -> None:
    image = random_image(1, dialect=DOCKER)
    sink = Place(traits=REGISTRY)
    first = copied(holding(image), sink, IN_OCI)
    again = copied(holding(image), sink, IN_OCI)
    assert (first.digest, (), ()) == (again.digest, again.blobs, again.manifests)


def test_layers_may_be_compressed_on_the_same_way() -> None:
    image = random_image(1, dialect=DOCKER, compression=Compression.NONE)
    copy = copied(holding(index_of([image], DOCKER)), Place(), Wishes(family=Family.OCI, layers=LayerForm.GZIP))
    assert OCI_INDEX == copy.manifest.media_type
    assert not speaks_docker(copy.manifest)


def test_words_about_what_changed_stay_behind() -> None:
    image = random_image(1, dialect=DOCKER)
    source = holding(image, random_referrer(image))
    copy = copied(source, Place(), Wishes(family=Family.OCI, referrers=True))
    assert ((), "what is said about the digests that changed stays behind") == (copy.referrers, copy.notes[-1])


@pytest.mark.parametrize("is_in_index", [False, True])
def test_a_layout_that_takes_docker_words_says_who_cannot_read_them(*, is_in_index: bool) -> None:
    image = random_image(1, dialect=DOCKER)
    copy = copied(holding(index_of([image]) if is_in_index else image), Place(traits=LAYOUT))
    assert "skopeo and podman do not read" in copy.notes[0]
    assert () == copied(holding(image), Place(traits=REGISTRY)).notes


def test_a_kind_of_docker_that_oci_has_no_word_for_keeps_its_name() -> None:
    image = random_image(1, dialect=DOCKER)
    plugin = {**json.loads(image.manifest.raw)["config"], "mediaType": "application/vnd.docker.plugin.v1+json"}
    copy = copied(holding(with_members(image, config=plugin)), Place(), IN_OCI)
    assert isinstance(copy.manifest, ImageManifest)
    assert (OCI_MANIFEST, plugin["mediaType"]) == (copy.manifest.media_type, copy.manifest.config.media_type)
    assert isinstance(copy.digest, Digest)
