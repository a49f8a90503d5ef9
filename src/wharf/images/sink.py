"""A sink is a place that takes images: blobs first, then the manifests that name them, then their tags."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple, Protocol, runtime_checkable

from wharf.images.reading import BlobReader
from wharf.oci.descriptor import Descriptor
from wharf.oci.digest import Digest
from wharf.oci.manifest import ImageManifest, Manifest
from wharf.oci.reference import RepositoryName, Tag


class Arrival(Enum):
    """How a blob came to be where it is."""

    PRESENT = "present"
    MOUNTED = "mounted"
    SENT = "sent"


@dataclass(frozen=True, slots=True)
class Origin:
    """The repository that a blob is copied from: a registry that holds both may link it."""

    registry: str
    repository: RepositoryName


@dataclass(frozen=True, slots=True)
class Cargo:
    """One blob to be delivered. It can be opened again, at any byte, if a transfer breaks off."""

    descriptor: Descriptor
    open: Callable[[int], Awaitable[BlobReader]]
    origin: Origin | None = None


Moved = Callable[[int], None]
"""Told how many more bytes went over; called from any thread."""


class ImageSink(Protocol):
    async def digest_of(self, which: Tag | Digest) -> Digest | None:
        """The manifest that stands there under this name already."""

    async def put_blob(self, cargo: Cargo, moved: Moved) -> Arrival:
        """After it the sink holds the blob, whole and true. Nothing is sent that is there already."""

    async def put_stream(self, media_type: str, reader: BlobReader, moved: Moved) -> Descriptor:
        """A blob whose digest is known only when all of it was read. It is read once."""

    async def put_manifest(self, manifest: Manifest, tags: Sequence[Tag]) -> None:
        """Under its digest, and under each of the tags."""

    async def close(self) -> None:
        """What was put is complete and in its place afterwards: an archive is written to its end here.

        A sink that is left because of an error is closed with `abandon` first where it has one, and nothing half
        stays: what was there before is still there.
        """


class Traits(NamedTuple):
    """How a sink differs from a folder that takes everything as it comes and promises nothing.

    `holds_indexes`: an image for several platforms can stand there as one. `packs_layers`: layers usually lie there
    compressed. `keeps_whole`: a manifest that stands there stands with all of its blobs. `is_read_as_oci`: not all who
    read there know Docker's media types.
    """

    holds_indexes: bool = True
    packs_layers: bool = False
    keeps_whole: bool = False
    is_read_as_oci: bool = False


@runtime_checkable
class Distinctive(Protocol):
    @property
    def traits(self) -> Traits: ...


def traits_of(sink: ImageSink) -> Traits:
    return sink.traits if isinstance(sink, Distinctive) else Traits()


@runtime_checkable
class Recognising(Protocol):
    """A sink that keeps images in a form of its own, where they have no digest of a manifest any more."""

    async def recognises(self, image: ImageManifest) -> bool:
        """Whether it has this image already: then its manifest is put, for the tags, and nothing else."""
