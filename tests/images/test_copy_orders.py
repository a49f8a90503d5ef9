"""Whatever an image consists of, everything is put before what names it, and nothing is missing in the end."""

import asyncio
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.images.places import REGISTRY, V1, Place, copied, holding
from tests.oci.hostile import steady
from wharf.errors import PartsMissing
from wharf.images.compression import Compression, LayerForm
from wharf.images.copy import Wishes
from wharf.images.flaws import Gravity
from wharf.images.validate import flaws_of
from wharf.oci.manifest import Manifest
from wharf.oci.reference import Tag
from wharf.testing.random_image import DOCKER, LINUX_AMD64, LINUX_ARM64, RandomImage, index_of, random_image

LEAVES = [
    random_image(seed, layers=layers, layer_size=200, compression=compression, dialect=dialect, platform=platform)
    for seed, layers, compression, dialect, platform in (
        (1, 2, Compression.GZIP, DOCKER, LINUX_AMD64),
        (1, 1, Compression.NONE, DOCKER, LINUX_ARM64),
        (2, 0, Compression.GZIP, DOCKER, LINUX_AMD64),
        (3, 2, Compression.NONE, DOCKER, LINUX_AMD64),
        (4, 1, Compression.ZSTD, DOCKER, LINUX_ARM64),
    )
]
images = st.recursive(
    st.sampled_from(LEAVES),
    lambda inner: st.lists(inner, max_size=4).map(lambda parts: index_of(parts, DOCKER)),
    max_leaves=8,
)


class Strict(Place):
    """A registry that takes a manifest only after all that it names."""

    async def put_manifest(self, manifest: Manifest, tags: Sequence[Tag]) -> None:
        missing = [str(child.digest) for child in manifest.children if child.digest not in self.manifests]
        if missing:
            raise PartsMissing("strict", missing)
        await Place.put_manifest(self, manifest, tags)


@pytest.mark.slow
@steady
@given(images, st.sampled_from(LayerForm), st.integers(1, 6))
def test_any_image_arrives_whole(image: RandomImage, form: LayerForm, jobs: int) -> None:
    sink = Strict(traits=REGISTRY)
    copy = copied(holding(image), sink, Wishes(layers=form, jobs=jobs))
    assert {V1: copy.digest} == sink.names
    assert form is not LayerForm.KEEP or image.digest == copy.digest
    broken = [flaw for flaw in asyncio.run(flaws_of(sink, V1)) if flaw.gravity is Gravity.BROKEN]
    assert [] == [flaw for flaw in broken if "images for linux" not in flaw.text]


@pytest.mark.slow
@steady
@given(images)
def test_a_second_copy_changes_nothing(image: RandomImage) -> None:
    source, sink = holding(image), Strict(traits=REGISTRY)
    wishes = Wishes(layers=LayerForm.KEEP)
    copied(source, sink, wishes)
    sink.put_in_order.clear()
    assert (0, 0) == (copied(source, sink, wishes).sent_bytes, len(sink.put_in_order))
