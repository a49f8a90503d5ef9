"""Copies between places in memory: what travels, and in which order."""

import asyncio

import pytest

from tests.images.places import REGISTRY, V1, Place, copied, holding, with_layers
from wharf.errors import (
    BlobUnknown,
)
from wharf.images.copy import delivery
from wharf.images.sink import Arrival
from wharf.oci.descriptor import Descriptor
from wharf.oci.digest import Algorithm, Digest
from wharf.oci.media_types import OCI_NONDISTRIBUTABLE_LAYER
from wharf.testing.random_image import (
    index_of,
    put_image,
    random_image,
    random_index,
)


def test_an_image_stands_there_afterwards_with_its_blobs_and_its_tag() -> None:
    image = random_image(1)
    sink = Place()
    assert image.digest == copied(holding(image), sink).digest
    assert (image.digest, image.blobs) == (sink.names[V1], sink.contents)


def test_of_a_second_copy_nothing_travels() -> None:
    source, sink = holding(random_image(1)), Place()
    copied(source, sink)
    again = copied(source, sink)
    assert (0, 4) == (again.sent_bytes, again.count(Arrival.PRESENT))


def test_where_manifests_stand_whole_their_blobs_are_not_even_asked_for() -> None:
    source, sink = holding(random_index(1)), Place(traits=REGISTRY)
    copied(source, sink)
    source.asked.clear()
    sink.put_in_order.clear()
    again = copied(source, sink)
    assert ((), [V1], []) == (again.blobs, source.asked, sink.put_in_order)


def test_a_tag_that_is_missing_is_all_that_is_put() -> None:
    source, sink = holding(random_image(1)), Place(traits=REGISTRY)
    first = copied(source, sink)
    sink.names.clear()
    copied(source, sink)
    assert {V1: first.digest} == sink.names


def test_a_child_that_stands_there_is_not_read_again() -> None:
    index = random_index(1)
    source, sink = holding(index), Place(traits=REGISTRY)
    asyncio.run(put_image(index.children[0], sink))
    copied(source, sink)
    assert [V1, index.children[1].digest] == source.asked


def test_what_an_index_that_stands_there_lists_and_lacks_is_put_beside_it() -> None:
    index = index_of([random_index(1), random_image(2)])
    whole, sink = holding(index), Place(traits=REGISTRY)
    copied(whole, sink)
    lost = index.children[0].children[1]
    del sink.manifests[lost.digest]
    sink.contents.clear()
    sink.put_in_order.clear()
    copied(whole, sink)
    assert [(lost.digest, ())] == sink.put_in_order
    assert lost.blobs.keys() == sink.contents.keys()


def test_a_blob_of_several_manifests_travels_once() -> None:
    image = random_image(1)
    twin = with_layers(image, image.image.layers[:2])
    copy = copied(holding(index_of([image, twin])), Place())
    assert len(image.blobs) == len(copy.blobs)


def test_a_layer_that_is_listed_twice_travels_once() -> None:
    image = random_image(1)
    doubled = with_layers(image, [*image.image.layers, image.image.layers[0]])
    assert len(image.blobs) == len(copied(holding(doubled), Place()).blobs)


def test_blobs_come_first_then_children_then_the_index_with_its_tag() -> None:
    index = random_index(1)
    sink = Place()
    copied(holding(index), sink)
    assert {child.digest for child in index.children} == {digest for digest, _ in sink.put_in_order[:-1]}
    assert (index.digest, (V1,)) == sink.put_in_order[-1]


def test_an_index_within_an_index_goes_first() -> None:
    inner = random_index(1)
    outer = index_of([inner, random_image(2), inner.children[0]])
    sink = Place()
    copied(holding(outer), sink)
    order = [digest for digest, _ in sink.put_in_order]
    assert order.index(inner.children[0].digest) < order.index(inner.digest) < order.index(outer.digest)


def test_a_layer_that_may_not_be_distributed_stays_and_is_mentioned() -> None:
    image = random_image(1)
    foreign = Descriptor(OCI_NONDISTRIBUTABLE_LAYER, Digest.of(b"theirs"), 6, urls=("https://example.com/layer",))
    copy = copied(holding(with_layers(image, [*image.image.layers, foreign])), Place())
    expected = "1 layer not to be distributed, and not copied: https://example.com/layer"
    assert (expected,) == copy.notes


def test_an_index_whose_children_are_not_all_there_is_copied_as_it_is() -> None:
    index = random_index(1)
    source, sink = holding(index), Place()
    del source.manifests[index.children[1].digest]
    copy = copied(source, sink)
    assert (index.digest, True) == (
        copy.digest,
        "the index lists 1 manifest that the source does not have" in copy.notes[0],
    )


def test_a_digest_of_the_other_algorithm_stays_what_it_is() -> None:
    image = random_image(1, algorithm=Algorithm.SHA512)
    assert image.digest == copied(holding(image), Place(), which=image.digest).digest


def test_bytes_that_a_descriptor_carries_are_not_asked_for() -> None:
    image = random_image(1, layers=1)
    layer = image.image.layers[0]
    carrying = Descriptor(layer.media_type, layer.digest, layer.size, data=image.blobs[layer.digest])
    source = holding(with_layers(image, [carrying]))
    source.opened.clear()
    copied(source, Place())
    assert [image.image.config.digest] == source.opened


class Archive(Place):
    is_abandoned = False

    async def abandon(self) -> None:
        self.is_abandoned = True


def test_a_sink_is_closed_after_a_delivery() -> None:
    async def deliver(sink: Archive) -> tuple[bool, bool]:
        async with delivery(sink):
            pass
        return sink.is_closed, sink.is_abandoned

    assert (True, False) == asyncio.run(deliver(Archive()))


def test_a_sink_is_abandoned_after_an_error() -> None:
    async def deliver(sink: Archive) -> tuple[bool, bool]:
        with pytest.raises(BlobUnknown):
            async with delivery(sink):
                raise BlobUnknown("app", "sha256:…")
        return sink.is_closed, sink.is_abandoned

    assert (True, True) == asyncio.run(deliver(Archive()))
