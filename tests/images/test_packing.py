"""Layers that are compressed on their way, and the manifests that name them."""

import io
import json
import random

import pytest

from tests.images.places import REGISTRY, Place, copied, holding, with_layers
from wharf.errors import DigestMismatch, ImageBroken, SizeMismatch
from wharf.images.compression import Compression, LayerForm
from wharf.images.copy import Wishes
from wharf.images.packing import Confirmed
from wharf.images.reading import CHUNK
from wharf.oci.descriptor import Descriptor
from wharf.oci.digest import Algorithm, Digest
from wharf.oci.manifest import ImageManifest, parse_manifest
from wharf.oci.media_types import OCI_INDEX, OCI_LAYER, OCI_LAYER_GZIP, OCI_LAYER_ZSTD
from wharf.testing.random_image import (
    DOCKER,
    LINUX_AMD64,
    LINUX_ARM64,
    RandomImage,
    index_of,
    random_image,
)


@pytest.mark.parametrize(("form", "expected"), [(LayerForm.AS_USUAL, OCI_LAYER_GZIP), (LayerForm.ZSTD, OCI_LAYER_ZSTD)])
def test_uncompressed_layers_are_compressed_on_their_way_to_a_registry(form: LayerForm, expected: str) -> None:
    image = random_image(1, compression=Compression.NONE)
    copy = copied(holding(image), Place(traits=REGISTRY), Wishes(layers=form))
    assert isinstance(copy.manifest, ImageManifest)
    assert [expected] * 3 == [layer.media_type for layer in copy.manifest.layers]
    assert image.image.config.digest == copy.manifest.config.digest


def test_an_index_of_compressed_images_names_their_new_digests() -> None:
    amd64, arm64 = (random_image(1, compression=Compression.NONE, platform=each) for each in (LINUX_AMD64, LINUX_ARM64))
    sink = Place(traits=REGISTRY)
    copy = copied(holding(index_of([amd64, arm64])), sink)
    assert all(child.digest in sink.manifests for child in copy.manifest.children)
    assert [LINUX_AMD64, LINUX_ARM64] == [child.platform for child in copy.manifest.children]


def test_docker_layers_in_zstd_make_an_image_of_the_other_family() -> None:
    image = random_image(1, compression=Compression.NONE, dialect=DOCKER)
    copy = copied(holding(index_of([image], DOCKER)), Place(), Wishes(layers=LayerForm.ZSTD))
    assert (OCI_INDEX, True) == (copy.manifest.media_type, "oci" in copy.manifest.children[0].media_type)


def test_annotations_and_unknown_members_outlive_the_compression() -> None:
    image = random_image(1, compression=Compression.NONE)
    document = json.loads(image.manifest.raw) | {"annotations": {"a": "b"}, "org.example": [1]}
    document["layers"][0]["annotations"] = {"c": "d"}
    annotated = RandomImage(parse_manifest(json.dumps(document).encode(), None), image.blobs)
    new = json.loads(copied(holding(annotated), Place(traits=REGISTRY)).manifest.raw)
    assert ({"a": "b"}, [1], {"c": "d"}) == (new["annotations"], new["org.example"], new["layers"][0]["annotations"])


def test_layers_are_left_as_they_are_where_that_is_wished() -> None:
    image = random_image(1, compression=Compression.NONE)
    wishes = Wishes(layers=LayerForm.KEEP)
    assert image.digest == copied(holding(image), Place(traits=REGISTRY), wishes).digest


def test_a_configuration_that_lies_about_an_uncompressed_layer_is_caught() -> None:
    image = random_image(1, compression=Compression.NONE)
    swapped = with_layers(image, image.image.layers[::-1])
    with pytest.raises(ImageBroken) as caught:
        copied(holding(swapped), Place(traits=REGISTRY))
    assert "and the configuration says" in caught.value.flaws[0]


@pytest.mark.parametrize("algorithm", list(Algorithm))
@pytest.mark.parametrize("content", [b"short", bytes(10**7)], ids=["short", "endless"])
def test_a_layer_that_is_another_than_announced_is_never_whole_in_the_sink(
    algorithm: Algorithm, content: bytes
) -> None:
    image = random_image(1, compression=Compression.NONE, algorithm=algorithm)
    source, sink = holding(image), Place(traits=REGISTRY)
    layer = image.image.layers[0]
    source.contents[layer.digest] = content
    with pytest.raises(SizeMismatch):
        copied(source, sink)
    source.contents[layer.digest] = bytes(layer.size)
    with pytest.raises(DigestMismatch) as caught:
        copied(source, sink)
    assert str(layer.digest) in caught.value.diagnostics().evidence[-1]


def test_a_read_into_no_room_at_all_is_not_taken_for_the_end() -> None:
    content = random.Random(1).randbytes(3 * CHUNK)
    layer = Descriptor(OCI_LAYER, Digest.of(content), len(content))
    packed = Confirmed(io.BytesIO(content), Compression.GZIP, layer, layer.digest)
    assert 0 < packed.readinto(memoryview(bytearray(CHUNK)))
    assert 0 == packed.readinto(memoryview(b""))
    packed.close()


def test_a_layer_named_in_another_algorithm_is_held_against_both() -> None:
    image = random_image(1, compression=Compression.NONE, algorithm=Algorithm.SHA512)
    copy = copied(holding(image), Place(traits=REGISTRY), which=image.digest)
    assert Algorithm.SHA256 is copy.manifest.required_blobs[1].digest.algorithm
