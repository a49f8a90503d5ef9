"""The place in memory keeps the contract of places for images."""

from pathlib import Path

from wharf.testing.contracts.image_place import ImagePlaceContract
from wharf.testing.memory_images import MemoryImages


class TestMemoryImages(ImagePlaceContract):
    places: dict[Path, MemoryImages]

    def setup_method(self) -> None:
        self.places = {}

    async def sink(self, folder: Path) -> MemoryImages:
        return self.places.setdefault(folder, MemoryImages())

    async def source(self, folder: Path) -> MemoryImages:
        return self.places.setdefault(folder, MemoryImages())
