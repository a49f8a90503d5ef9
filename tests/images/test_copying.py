"""Copies that fail: one error, which names the blob, and no name in the sink."""

import asyncio
import io
import json
from collections.abc import Sequence

import pytest

from tests.images.places import V1, Place, copied, holding, with_layers
from wharf.errors import (
    BlobUnknown,
    DigestMismatch,
    ImageBroken,
    ImageNotThere,
    PartsMissing,
    SizeMismatch,
    TooLarge,
    TooMany,
    WharfError,
)
from wharf.oci.descriptor import Descriptor
from wharf.oci.digest import Digest
from wharf.oci.manifest import Manifest, parse_manifest
from wharf.oci.media_types import OCI_INDEX
from wharf.oci.reference import Tag
from wharf.testing.random_image import (
    RandomImage,
    index_of,
    put_image,
    random_image,
    random_index,
)


def failing(source: Place, kind: type[WharfError]) -> WharfError:
    """The error, and the certainty that nothing has a name in the sink."""
    sink = Place()
    with pytest.raises(kind) as caught:
        copied(source, sink)
    assert {} == sink.names
    return caught.value


def test_a_blob_with_other_bytes_is_named_in_the_one_error() -> None:
    image = random_image(1)
    layer = image.image.layers[1]
    source = holding(image)
    source.contents[layer.digest] = bytes(layer.size)
    error = failing(source, DigestMismatch)
    assert f"while copying the blob {layer.digest} ({layer.size} bytes)" == error.diagnostics().evidence[-1]


def test_a_blob_that_ends_early_or_never_names_nothing() -> None:
    image = random_image(1)
    source = holding(image)
    source.contents[image.image.layers[0].digest] += b"more"
    failing(source, SizeMismatch)
    source.contents[image.image.layers[0].digest] = b""
    failing(source, SizeMismatch)


def test_a_source_that_lacks_a_blob_names_nothing() -> None:
    image = random_image(1)
    source = holding(image)
    del source.contents[image.image.layers[2].digest]
    failing(source, BlobUnknown)


def test_the_first_failure_ends_the_other_transfers() -> None:
    image = random_image(1)
    ended: list[Digest] = []

    class Stuck(Place):
        async def blob(self, descriptor: Descriptor, offset: int = 0) -> io.BytesIO:
            if descriptor.digest == image.image.layers[0].digest:
                await asyncio.sleep(0)
                raise BlobUnknown("stuck", str(descriptor.digest))
            try:
                await asyncio.sleep(60)
            finally:
                ended.append(descriptor.digest)
            raise AssertionError

    source = Stuck()
    asyncio.run(put_image(image, source, V1))
    failing(source, BlobUnknown)
    assert len(image.blobs) - 1 == len(ended)


def test_one_digest_with_two_sizes_is_a_broken_image() -> None:
    image = random_image(1)
    first = image.image.layers[0]
    liar = Descriptor(first.media_type, first.digest, first.size + 1)
    failing(holding(with_layers(image, [first, liar])), ImageBroken)


def test_a_layer_of_an_absurd_size_is_not_made_room_for() -> None:
    image = random_image(1)
    first = image.image.layers[0]
    huge = Descriptor(first.media_type, first.digest, 2**63 - 1)
    source = holding(image)
    swapped = with_layers(image, [huge])
    source.manifests[swapped.digest] = swapped.manifest
    source.names[V1] = swapped.digest
    failing(source, SizeMismatch)


def test_indexes_that_go_on_within_one_another_come_to_an_end() -> None:
    bomb = random_image(1, layers=0)
    for _ in range(20):
        bomb = index_of([bomb])
    failing(holding(bomb), TooMany)


@pytest.mark.parametrize(("count", "size", "kind"), [(9_999, 1, TooMany), (100, 2**40, TooLarge)])
def test_an_index_without_measure_is_refused_before_it_is_read(count: int, size: int, kind: type[WharfError]) -> None:
    children = [Descriptor(OCI_INDEX, Digest.of(b"%d" % number), size).to_json() for number in range(count)]
    raw = json.dumps({"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": children}).encode()
    source = holding(RandomImage(parse_manifest(raw, None), {}))
    source.asked.clear()
    failing(source, kind)
    assert [V1] == source.asked


def test_a_manifest_of_another_length_than_listed_is_refused() -> None:
    image = random_image(1)
    wrong = Descriptor(image.manifest.media_type, image.digest, 5).to_json()
    raw = json.dumps({"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": [wrong]}).encode()
    failing(holding(RandomImage(parse_manifest(raw, None), {}, (image,))), SizeMismatch)


def test_an_image_that_is_not_there_is_said_to_be_so() -> None:
    with pytest.raises(ImageNotThere):
        copied(Place(), Place())


def test_a_sink_that_takes_no_index_with_holes_is_told_with_the_holes() -> None:
    index = random_index(1)

    class Strict(Place):
        async def put_manifest(self, manifest: Manifest, tags: Sequence[Tag]) -> None:
            if manifest.children:
                raise PartsMissing("strict", [])
            await Place.put_manifest(self, manifest, tags)

    source = holding(index)
    del source.manifests[index.children[0].digest]
    with pytest.raises(PartsMissing) as caught:
        copied(source, Strict())
    expected = f"the index lists {index.children[0].digest}, which the source does not have"
    assert (expected,) == caught.value.diagnostics().evidence
