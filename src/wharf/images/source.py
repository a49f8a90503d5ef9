"""A source is a place that holds images under names: a repository of a registry, a layout, an archive, an engine."""

from typing import Protocol

from wharf.images.reading import BlobReader
from wharf.oci.descriptor import Descriptor
from wharf.oci.digest import Digest
from wharf.oci.manifest import Manifest
from wharf.oci.reference import Tag


class ImageSource(Protocol):
    async def manifest(self, which: Tag | Digest | None) -> Manifest:
        """None: the only image there is. What has a digest has been held against it.

        Raises ManifestUnknown (a registry) or ImageNotThere, and names what is there.
        """

    async def blob(self, descriptor: Descriptor, offset: int = 0) -> BlobReader:
        """The bytes as the source has them: whoever takes them compares size and digest (`images.verified`)."""

    async def tags(self) -> tuple[Tag, ...]:
        """All of them, in the order of ASCII."""

    async def referrers(self, subject: Digest) -> tuple[Descriptor, ...]:
        """Manifests that say they are about this one: signatures, contents, attestations."""

    async def close(self) -> None:
        """Twice does no harm."""
