"""Which image of several a machine takes."""

import asyncio
import json

import pytest

from tests.images.places import V1, Place, holding
from wharf.errors import PlatformNotThere, TooMany
from wharf.images.choose import Candidate, best, candidates_of, image_for, is_attestation
from wharf.oci.descriptor import Descriptor
from wharf.oci.digest import Digest
from wharf.oci.manifest import ImageIndex, parse_manifest
from wharf.oci.media_types import OCI_INDEX, OCI_MANIFEST
from wharf.oci.platform import Platform
from wharf.testing.random_image import LINUX_AMD64, LINUX_ARM64, RandomImage, index_of, random_image, random_index


def candidates(*platforms: str) -> list[Candidate]:
    return [
        Candidate(Descriptor(OCI_MANIFEST, Digest.of(text.encode()), 1), Platform.parse(text)) for text in platforms
    ]


@pytest.mark.parametrize(
    ("present", "wanted", "expected"),
    [
        (["linux/arm64", "linux/amd64"], "linux/amd64", "linux/amd64"),
        (["linux/amd64/v3", "linux/amd64"], "linux/amd64", "linux/amd64"),
        (["linux/amd64", "linux/amd64/v2"], "linux/amd64/v3", "linux/amd64/v2"),
        (["linux/amd64", "linux/amd64/v4"], "linux/amd64/v3", "linux/amd64"),
        (["linux/arm/v5", "linux/arm/v6"], "linux/arm/v7", "linux/arm/v6"),
        (["linux/arm/v6"], "linux/arm", "linux/arm/v6"),
        (["linux/arm64"], "linux/arm64/v8", "linux/arm64"),
    ],
)
def test_the_best_of_those_that_run_is_taken(present: list[str], wanted: str, expected: str) -> None:
    assert Platform.parse(expected) == best(candidates(*present), Platform.parse(wanted), "app").platform


@pytest.mark.parametrize("wanted", ["linux/arm/v5", "windows/arm", "linux/amd64"])
def test_a_newer_processor_or_another_system_is_not_taken(wanted: str) -> None:
    with pytest.raises(PlatformNotThere, match=f"app has no image for {wanted}"):
        best(candidates("linux/arm/v6", "linux/arm64"), Platform.parse(wanted), "app")


def found(image: RandomImage, source: Place | None = None) -> tuple[Platform, ...]:
    assert isinstance(image.manifest, ImageIndex)
    listed = asyncio.run(candidates_of(source or holding(image), image.manifest))
    return tuple(candidate.platform for candidate in listed)


def test_images_of_indexes_within_an_index_are_candidates() -> None:
    s390x = random_image(2, platform=Platform("linux", "s390x"))
    assert (LINUX_AMD64, LINUX_ARM64, s390x.platform) == found(index_of([random_index(1), s390x]))


def test_an_image_whose_entry_says_no_platform_is_asked_for_it() -> None:
    image = random_image(1, platform=LINUX_ARM64)
    silent = RandomImage(image.manifest, image.blobs)
    assert (LINUX_ARM64,) == found(index_of([silent]))


def test_an_attestation_is_no_candidate() -> None:
    image = random_image(1)
    unknown = RandomImage(random_image(2).manifest, random_image(2).blobs, platform=Platform("unknown", "unknown"))
    assert (LINUX_AMD64,) == found(index_of([image, unknown]))


def test_an_attestation_is_known_by_its_mark_too() -> None:
    marked = Descriptor(
        OCI_MANIFEST, Digest.of(b""), 0, annotations={"vnd.docker.reference.type": "attestation-manifest"}
    )
    assert is_attestation(marked)


def chosen(image: RandomImage, wanted: Platform | None) -> Candidate | None:
    return asyncio.run(image_for(holding(image), image.manifest, wanted, "app"))


def test_an_image_that_is_no_index_leaves_no_choice() -> None:
    assert chosen(random_image(1), LINUX_ARM64) is None


def test_the_only_image_is_taken_unless_another_is_named() -> None:
    index = random_index(1, (Platform("plan9", "mips"),))
    only = chosen(index, None)
    assert only is not None
    assert index.children[0].digest == only.descriptor.digest
    with pytest.raises(PlatformNotThere):
        chosen(index, LINUX_AMD64)


def test_indexes_without_an_end_are_given_up() -> None:
    bomb = random_index(1)
    for _ in range(20):
        bomb = index_of([bomb])
    with pytest.raises(TooMany):
        found(bomb)


def test_an_index_of_nothing_but_repetitions_is_read_once() -> None:
    inner = random_index(1)
    entries = [inner.descriptor.to_json()] * 5000
    raw = json.dumps({"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": entries}).encode()
    outer = RandomImage(parse_manifest(raw, None), {}, (inner,))
    source = holding(outer)
    source.asked.clear()
    assert (LINUX_AMD64, LINUX_ARM64) == found(outer, source)
    assert [inner.digest] == source.asked
    assert V1 in source.names
