"""Which part of an image for several platforms is copied."""

import json

import pytest

from tests.images.places import ARCHIVE, Place, copied, holding
from wharf.errors import (
    MalformedPlace,
    PlatformNotThere,
)
from wharf.images.copy import Wishes
from wharf.oci.manifest import ImageIndex, parse_manifest
from wharf.oci.platform import Platform
from wharf.testing.random_image import (
    LINUX_AMD64,
    LINUX_ARM64,
    RandomImage,
    index_of,
    random_image,
    random_index,
    random_referrer,
)


def test_where_there_is_room_for_one_image_this_machine_decides() -> None:
    index = random_index(1)
    copy = copied(holding(index), Place(traits=ARCHIVE), Wishes(machine=LINUX_ARM64))
    assert index.children[1].digest == copy.digest
    assert ("of 2 images, the one for linux/arm64/v8 was taken",) == copy.notes


def test_all_platforms_do_not_fit_where_there_is_room_for_one() -> None:
    with pytest.raises(MalformedPlace, match="one platform at a time"):
        copied(holding(random_index(1)), Place(traits=ARCHIVE), Wishes(all_platforms=True))


def test_of_one_platform_the_image_itself_is_copied() -> None:
    index = random_index(1)
    assert index.children[0].digest == copied(holding(index), Place(), Wishes(platforms=(LINUX_AMD64,))).digest


def test_of_some_platforms_a_smaller_index_is_written() -> None:
    s390x = Platform("linux", "s390x")
    index = random_index(1, (LINUX_AMD64, LINUX_ARM64, s390x))
    copy = copied(holding(index), Place(), Wishes(platforms=(LINUX_AMD64, s390x)))
    assert isinstance(copy.manifest, ImageIndex)
    assert [index.children[0].digest, index.children[2].digest] == [each.digest for each in copy.manifest.manifests]
    assert ("a smaller index was written, for linux/amd64, linux/s390x",) == copy.notes


def test_of_all_platforms_by_name_the_index_stays_the_same() -> None:
    index = random_index(1)
    assert index.digest == copied(holding(index), Place(), Wishes(platforms=(LINUX_AMD64, LINUX_ARM64))).digest


@pytest.mark.parametrize("image", [random_index(1), random_image(1)], ids=["index", "image"])
def test_a_platform_that_is_not_there_is_refused_with_those_that_are(image: RandomImage) -> None:
    wishes = Wishes(platforms=(Platform("linux", "s390x"),), called="registry.example/app:v1")
    with pytest.raises(PlatformNotThere, match=r"registry\.example/app:v1 has no image for linux/s390x") as caught:
        copied(holding(image), Place(), wishes)
    assert "linux/amd64" in caught.value.present


def test_what_is_attested_of_a_platform_goes_with_it() -> None:
    s390x = Platform("linux", "s390x")
    images = [random_image(1, platform=platform) for platform in (LINUX_AMD64, LINUX_ARM64, s390x)]
    index = index_of([*images, *(attestation_of(image) for image in images)])
    document = json.loads(index.manifest.raw)
    for entry, image in zip(document["manifests"][3:], images, strict=True):
        entry["annotations"] = {
            "vnd.docker.reference.type": "attestation-manifest",
            "vnd.docker.reference.digest": str(image.digest),
        }
    marked = RandomImage(parse_manifest(json.dumps(document).encode(), None), {}, index.children)
    copy = copied(holding(marked), Place(), Wishes(platforms=(LINUX_AMD64, s390x)))
    assert [index.children[place].digest for place in (0, 2, 3, 5)] == [each.digest for each in copy.manifest.children]


def attestation_of(image: RandomImage) -> RandomImage:
    words = random_referrer(image)
    return RandomImage(words.manifest, words.blobs, platform=Platform("unknown", "unknown"))


def test_images_from_within_inner_indexes_can_be_chosen() -> None:
    inner, s390x = random_index(1), random_image(2, platform=Platform("linux", "s390x"))
    wishes = Wishes(platforms=(LINUX_ARM64, Platform("linux", "s390x")))
    copy = copied(holding(index_of([inner, s390x])), Place(), wishes)
    assert {inner.children[1].digest, s390x.digest} == {child.digest for child in copy.manifest.children}
