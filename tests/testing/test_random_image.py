"""Images made from a seed are valid, tell the truth about themselves, and are the same each time."""

import asyncio
import gzip

import pytest

from wharf.images.compress import Compression
from wharf.oci.config import ImageConfig
from wharf.oci.digest import Algorithm, Digest
from wharf.oci.reference import Tag
from wharf.testing.memory_images import MemoryImages
from wharf.testing.random_image import (
    DOCKER,
    LINUX_AMD64,
    LINUX_ARM64,
    RandomImage,
    put_image,
    random_image,
    random_index,
    random_referrer,
)


@pytest.mark.parametrize(
    "image",
    [
        random_image(1),
        random_image(2, dialect=DOCKER, compression=Compression.NONE),
        random_image(3, compression=Compression.ZSTD, algorithm=Algorithm.SHA512),
        random_index(4).children[1],
    ],
)
def test_each_blob_is_what_its_descriptor_says(image: RandomImage) -> None:
    for descriptor in image.manifest.required_blobs:
        content = image.blobs[descriptor.digest]
        assert (len(content), descriptor.digest) == (
            descriptor.size,
            Digest.of(content, descriptor.digest.algorithm),
        )


def test_the_configuration_names_the_uncompressed_layers() -> None:
    image = random_image(5, layers=4)
    config = ImageConfig.parse(image.blobs[image.image.config.digest])
    unpacked = (gzip.decompress(image.blobs[layer.digest]) for layer in image.image.layers)
    assert tuple(Digest.of(tar) for tar in unpacked) == config.diff_ids


def test_a_seed_makes_the_same_bytes_again() -> None:
    assert random_index(6) == random_index(6)
    assert random_image(6).digest != random_image(7).digest


def test_an_index_names_its_platforms() -> None:
    index = random_index(8)
    assert (LINUX_AMD64, LINUX_ARM64) == tuple(child.platform for child in index.manifest.children)


def test_an_image_in_memory_is_found_again() -> None:
    async def story() -> None:
        images, index = MemoryImages(), random_index(9)
        await put_image(index, images, Tag("v1"))
        assert index.manifest == await images.manifest(Tag("v1")) == await images.manifest(None)
        assert index.digest == await images.digest_of(Tag("v1"))
        referrer = random_referrer(index)
        await put_image(referrer, images)
        (found,) = await images.referrers(index.digest)
        assert referrer.digest == found.digest

    asyncio.run(story())
