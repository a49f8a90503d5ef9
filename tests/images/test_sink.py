"""What a sink says of itself, and what a copy makes of it."""

import asyncio
from dataclasses import dataclass

from tests.images.places import V1, Place, copied, holding
from wharf.images.sink import Traits, traits_of
from wharf.oci.manifest import ImageManifest
from wharf.testing.memory_images import MemoryImages
from wharf.testing.random_image import put_image, random_image, random_index


@dataclass(slots=True)
class Knowing(Place):
    """It has each image already, in a form of its own."""

    async def recognises(self, image: ImageManifest) -> bool:
        return image.config.digest in self.contents


def test_a_sink_that_says_nothing_of_itself_takes_everything() -> None:
    assert Traits() == traits_of(MemoryImages())


def test_a_sink_may_say_how_it_differs() -> None:
    assert Traits(packs_layers=True) == traits_of(Place(traits=Traits(packs_layers=True)))


def test_of_an_image_that_is_recognised_only_the_manifest_is_put() -> None:
    image = random_image(1)
    sink = Knowing()
    asyncio.run(put_image(image, sink))
    sink.manifests.clear()
    sink.put_in_order.clear()
    assert () == copied(holding(image), sink).blobs
    assert [(image.digest, (V1,))] == sink.put_in_order


def test_an_index_or_another_image_is_not_recognised() -> None:
    sink = Knowing()
    assert 3 + 1 == len(copied(holding(random_image(2)), sink).blobs)
    assert 2 * 3 == len(copied(holding(random_index(1)), sink).blobs)
