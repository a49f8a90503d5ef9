"""Places in memory that behave like others, and copies between them."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from wharf.images.copy import Copied, Wishes, copy_image
from wharf.images.progress import Unwatched
from wharf.images.sink import Traits
from wharf.oci.descriptor import Descriptor
from wharf.oci.digest import Digest
from wharf.oci.manifest import Manifest
from wharf.oci.reference import Tag
from wharf.testing.memory_images import MemoryImages
from wharf.testing.random_image import (
    RandomImage,
    image_manifest,
    put_image,
)

V1 = Tag("v1")
REGISTRY = Traits(packs_layers=True, keeps_whole=True)
ARCHIVE = Traits(holds_indexes=False)


@dataclass(slots=True)
class Place(MemoryImages):
    """A place in memory with the traits of another, which remembers what was put last to first."""

    traits: Traits = field(default_factory=Traits)
    asked: list[Tag | Digest | None] = field(default_factory=list)
    put_in_order: list[tuple[Digest, tuple[Tag, ...]]] = field(default_factory=list)

    async def manifest(self, which: Tag | Digest | None) -> Manifest:
        self.asked.append(which)
        return await MemoryImages.manifest(self, which)

    async def put_manifest(self, manifest: Manifest, tags: Sequence[Tag]) -> None:
        self.put_in_order.append((manifest.digest(), tuple(tags)))
        await MemoryImages.put_manifest(self, manifest, tags)


def holding(*images: RandomImage, tag: Tag = V1) -> Place:
    place = Place()
    for image in images:
        asyncio.run(put_image(image, place, *([tag] if image is images[0] else [])))
    place.arrivals.clear()
    return place


def copied(source: Place, sink: MemoryImages, wishes: Wishes | None = None, which: Tag | Digest | None = V1) -> Copied:
    return asyncio.run(copy_image(source, which, sink, [V1], wishes or Wishes(), Unwatched()))


def with_layers(image: RandomImage, layers: Sequence[Descriptor]) -> RandomImage:
    return RandomImage(image_manifest(image.image.config, layers), image.blobs)
