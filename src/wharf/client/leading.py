"""What leads to a manifest in a repository, and so what would lead nowhere without it: tags, and indexes that list it.

Registries tell neither. They tell the tags, of which each has to be asked where it leads.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

from wharf.client.client import RegistryClient
from wharf.images.together import together
from wharf.oci.descriptor import Descriptor
from wharf.oci.digest import Digest
from wharf.oci.manifest import ImageIndex
from wharf.oci.media_types import is_index
from wharf.oci.reference import RepositoryName, Tag

_AT_ONCE: Final = 8
_DEEPEST: Final = 4


@dataclass(frozen=True, slots=True)
class Tags:
    """Where each tag of a repository leads; one whose manifest is gone leads nowhere, and is not here."""

    client: RegistryClient
    repository: RepositoryName
    led: Mapping[Tag, Descriptor]

    @classmethod
    async def read(cls, client: RegistryClient, repository: RepositoryName) -> "Tags":
        tags = await client.tags(repository)
        found = await together((partial(client.find_manifest, repository, tag) for tag in tags), _AT_ONCE)
        led = {tag: descriptor for tag, descriptor in zip(tags, found, strict=True) if descriptor is not None}
        return cls(client, repository, led)

    def of(self, digest: Digest) -> tuple[Tag, ...]:
        """Whoever deletes the manifest by its digest deletes it under all these names."""
        return tuple(tag for tag, descriptor in self.led.items() if descriptor.digest == digest)

    async def of_indexes_with(self, digest: Digest, besides: frozenset[Digest] = frozenset()) -> tuple[Tag, ...]:
        """Those of an image for several platforms that lists this manifest; `besides` are on their way out, too."""
        indexes = _indexes(self.led.values()) - {digest} - besides
        lists = await together((partial(self._lists, each, digest, _DEEPEST) for each in indexes), _AT_ONCE)
        listing = {index for index, is_listed in zip(indexes, lists, strict=True) if is_listed}
        return tuple(tag for tag, descriptor in self.led.items() if descriptor.digest in listing)

    async def _lists(self, index: Digest, wanted: Digest, depth: int) -> bool:
        manifest = await self.client.manifest(self.repository, index)
        if not isinstance(manifest, ImageIndex):
            return False
        if any(child.digest == wanted for child in manifest.children):
            return True
        inner = _indexes(manifest.children) if depth else set()
        for each in inner:
            there = await self.client.find_manifest(self.repository, each)
            if there is not None and await self._lists(each, wanted, depth - 1):
                return True
        return False


def _indexes(descriptors: Iterable[Descriptor]) -> set[Digest]:
    return {descriptor.digest for descriptor in descriptors if is_index(descriptor.media_type)}
