"""Images that lie: each lie is found, and honest images are left in peace."""

import asyncio
import json
import tarfile
from collections.abc import Sequence

import pytest

from tests.images.places import V1, Place, holding, with_layers
from tests.images.tars import file, folder, image_of, special, tar_of
from wharf.errors import ImageBroken, WharfError
from wharf.images.compress import Compression
from wharf.images.flaws import Flaw, Gravity, refuse_broken
from wharf.images.source import ImageSource
from wharf.images.validate import MOST_FLAWS, flaws_of
from wharf.oci.digest import Algorithm, Digest
from wharf.oci.manifest import parse_manifest
from wharf.oci.media_types import DOCKER_LAYER, OCI_INDEX, OCI_MANIFEST
from wharf.oci.platform import Platform
from wharf.oci.reference import Tag
from wharf.testing.random_image import (
    DOCKER,
    LINUX_AMD64,
    LINUX_ARM64,
    RandomImage,
    image_manifest,
    index_of,
    random_image,
    random_index,
    random_referrer,
)


def flaws(source: ImageSource) -> tuple[Flaw, ...]:
    return asyncio.run(flaws_of(source, V1))


def texts(source: ImageSource) -> str:
    return "\n".join(map(str, flaws(source)))


@pytest.mark.parametrize(
    "image",
    [
        random_image(1),
        random_image(1, compression=Compression.NONE),
        random_image(1, compression=Compression.ZSTD),
        random_image(1, dialect=DOCKER),
        random_image(1, layers=0),
        random_index(1),
        random_referrer(random_image(1)),
        index_of([random_index(1), random_image(2, platform=Platform("linux", "s390x"))]),
    ],
)
def test_an_honest_image_has_no_flaw(image: RandomImage) -> None:
    assert () == flaws(holding(image))


def test_digests_of_the_other_algorithm_are_as_good() -> None:
    image = random_image(1, algorithm=Algorithm.SHA512)
    assert () == asyncio.run(flaws_of(holding(image), image.digest))


# --- blobs -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("content", [b"", b"other bytes"])
def test_each_blob_with_other_bytes_is_found(content: bytes) -> None:
    image = random_image(1)
    source = holding(image)
    for layer in image.image.layers[:2]:
        source.contents[layer.digest] = content
    assert 2 == len(flaws(source))


def test_missing_blobs_are_found() -> None:
    image = random_image(1)
    source = holding(image)
    del source.contents[image.image.layers[0].digest]
    assert "no blob" in texts(source)


def test_a_blob_of_an_artifact_with_other_bytes_is_found() -> None:
    artifact = random_referrer(random_image(1))
    source = holding(artifact)
    source.contents[artifact.image.layers[0].digest] = b"other words"
    assert "does not have the announced length" in texts(source)


# --- configurations --------------------------------------------------------------------------------------------------


def test_a_layer_that_unpacks_to_something_else_is_found() -> None:
    lying = image_of(tar_of(file("a")), changes={"rootfs": {"diff_ids": [str(Digest.of(b"else"))]}})
    assert "layer 1: it unpacks to" in texts(holding(lying))


def test_layers_in_another_order_are_found() -> None:
    image = random_image(1)
    assert 2 == len(flaws(holding(with_layers(image, image.image.layers[::-1]))))


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"rootfs": {"diff_ids": []}}, "1 layers, and the configuration knows of 0"),
        ({"history": [{"created_by": "a"}, {"created_by": "b"}]}, "the history tells of 2"),
        ({"architecture": ""}, "does not say which machine it is for"),
        ({"rootfs": 5}, "expected an object"),
    ],
)
def test_a_configuration_that_contradicts_the_manifest_is_found(changes: dict[str, object], expected: str) -> None:
    lying = image_of(tar_of(file("a")), changes=changes)  # type: ignore[arg-type]
    assert expected in texts(holding(lying))


def test_an_image_listed_for_another_machine_is_found() -> None:
    image = random_image(1, platform=LINUX_AMD64)
    entry = {**image.descriptor.to_json(), "platform": LINUX_ARM64.to_json()}
    assert "lists it for linux/arm64/v8, and its configuration says linux/amd64" in texts(listing([entry], image))


# --- manifests -------------------------------------------------------------------------------------------------------


def listing(entries: Sequence[object], *children: RandomImage) -> Place:
    raw = json.dumps({"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": entries}).encode()
    return holding(RandomImage(parse_manifest(raw, None), {}, children))


def test_two_images_for_one_platform_are_found() -> None:
    index = index_of([random_image(1), random_image(2)])
    assert "2 images for linux/amd64" in texts(holding(index))


def test_a_child_of_another_type_than_listed_is_found() -> None:
    image = random_image(1, dialect=DOCKER)
    entry = {**image.descriptor.to_json(), "mediaType": OCI_MANIFEST}
    assert f"as {OCI_MANIFEST}, which is" in texts(listing([entry], image))


def test_a_child_of_another_length_than_listed_is_found() -> None:
    image = random_image(1)
    assert "announced: 7 bytes" in texts(listing([{**image.descriptor.to_json(), "size": 7}], image))


def test_a_child_that_is_missing_is_found() -> None:
    index = random_index(1)
    source = holding(index)
    del source.manifests[index.children[0].digest]
    assert "an index lists it, and it is not there" in texts(source)


def test_a_mixture_of_families_is_strange() -> None:
    image = random_image(1, compression=Compression.NONE)
    layers = [type(layer)(DOCKER_LAYER, layer.digest, layer.size) for layer in image.image.layers]
    (flaw,) = flaws(holding(RandomImage(image_manifest(image.image.config, layers), image.blobs)))
    assert (Gravity.STRANGE, True) == (flaw.gravity, "Docker family" in flaw.text)


def test_a_tag_that_is_listed_twice_is_found() -> None:
    class Twofold(Place):
        async def tags(self) -> tuple[Tag, ...]:
            return (V1, V1)

    source = Twofold(**{name: getattr(holding(random_image(1)), name) for name in ("contents", "manifests", "names")})
    assert "v1 stands for 2 images at once" in texts(source)


# --- layers ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tar", "gravity", "expected"),
    [
        (tar_of(file("../etc/passwd")), Gravity.BROKEN, "../etc/passwd leads out of its folder"),
        (tar_of(special("a", tarfile.LNKTYPE, "../../b")), Gravity.BROKEN, "hard link that leads out"),
        (tar_of(special("dev/sda", tarfile.BLKTYPE)), Gravity.STRANGE, "dev/sda is a device"),
        (tar_of(special("l", tarfile.SYMTYPE, "/etc"), file("l/passwd")), Gravity.STRANGE, "symbolic link l"),
        (tar_of(file("/etc/passwd")), Gravity.STRANGE, "begins at the root"),
        (tar_of(file("a", b"x" * 2000))[:1500], Gravity.BROKEN, "no whole tar file"),
    ],
)
def test_names_that_no_honest_layer_has_are_found(tar: bytes, gravity: Gravity, expected: str) -> None:
    (flaw,) = flaws(holding(image_of(tar)))
    assert (gravity, True) == (flaw.gravity, expected in flaw.text)


def test_links_to_anywhere_are_usual() -> None:
    tar = tar_of(special("bin", tarfile.SYMTYPE, "usr/bin"), special("a", tarfile.SYMTYPE, "../../x"), folder("usr"))
    assert () == flaws(holding(image_of(tar)))


def test_a_thousand_flaws_are_not_all_told() -> None:
    tar = tar_of(*(file(f"../{number}") for number in range(1000)))
    assert MOST_FLAWS == len(flaws(holding(image_of(tar))))


# --- what comes of them ----------------------------------------------------------------------------------------------


def test_a_broken_image_is_refused_with_its_flaws() -> None:
    with pytest.raises(ImageBroken) as caught:
        refuse_broken("app:v1", [Flaw("layer 1", "it lies"), Flaw("layer 2", "a device", Gravity.STRANGE)])
    assert ("layer 1: it lies",) == caught.value.flaws


def test_a_strange_image_is_not_refused() -> None:
    refuse_broken("app:v1", [Flaw("layer 2", "a device", Gravity.STRANGE)])


def test_an_image_that_is_not_there_is_an_error_and_no_flaw() -> None:
    with pytest.raises(WharfError):
        flaws(Place())
