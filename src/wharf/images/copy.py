"""A copy: an image goes from where it is to where it shall be, and only what is missing there travels.

The order is what makes it safe to break off: blobs, then the manifests that name them, then the index, then what is
said about them, and the tags at the very last. A copy that fails midway has named nothing.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Protocol, runtime_checkable

from wharf.images.choose import this_machine
from wharf.images.compression import LayerForm
from wharf.images.copying import Copying
from wharf.images.packed_layers import Forgetful, PackedLayers
from wharf.images.passage import Passage
from wharf.images.progress import Progress
from wharf.images.rewriting import Family
from wharf.images.selection import Aim, select
from wharf.images.sink import Arrival, ImageSink, Origin, traits_of
from wharf.images.source import ImageSource
from wharf.oci.digest import Algorithm, Digest
from wharf.oci.manifest import Manifest
from wharf.oci.platform import Platform
from wharf.oci.reference import Tag

if TYPE_CHECKING:
    from wharf.images.loading import Delivered

DEFAULT_JOBS: Final = 5


@dataclass(frozen=True, slots=True)
class Wishes:
    """What is left open is decided by the sink: an index goes whole where it has room, and as the image for `machine`
    where one image has; uncompressed layers are packed where they usually are.

    `called`: the image, for messages. `memory`: layers that were packed before.
    """

    platforms: tuple[Platform, ...] = ()
    all_platforms: bool = False
    referrers: bool = False
    layers: LayerForm = LayerForm.AS_USUAL
    family: Family = Family.KEEP
    jobs: int = DEFAULT_JOBS
    machine: Platform = field(default_factory=this_machine)
    called: str = "the image"
    memory: PackedLayers = field(default_factory=Forgetful)


@dataclass(frozen=True, slots=True)
class Copied:
    """What stands in the sink now. `manifests` and `referrers` were put there by this copy, and `blobs` looked for."""

    digest: Digest
    manifest: Manifest
    tags: tuple[Tag, ...]
    blobs: "tuple[Delivered, ...]" = ()
    manifests: tuple[Digest, ...] = ()
    referrers: tuple[Digest, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def sent_bytes(self) -> int:
        return sum(blob.descriptor.size for blob in self.blobs if blob.arrival is Arrival.SENT)

    def count(self, arrival: Arrival) -> int:
        return sum(blob.arrival is arrival for blob in self.blobs)


async def copy_image(
    source: ImageSource,
    which: Tag | Digest | None,
    sink: ImageSink,
    tags: Sequence[Tag],
    wishes: Wishes,
    progress: Progress,
    origin: Origin | None = None,
) -> Copied:
    """Closes neither source nor sink: several images may go the same way. See `delivery`."""
    root = await source.manifest(which)
    digest = root.digest(which.algorithm if isinstance(which, Digest) else Algorithm.SHA256)
    selected = await select(source, root, digest, _aim(wishes, sink))
    passage = Passage(source, sink, progress, origin, wishes.jobs, wishes.memory)
    copying = Copying(passage, wishes.layers, wishes.family)
    top = await copying.put_parts(selected.manifest, selected.digest)
    if wishes.referrers:
        await copying.put_statements(top)
    await copying.put_top(top.parts, tags)
    return Copied(
        digest=top.parts.root,
        manifest=top.parts.top,
        tags=tuple(tags),
        blobs=copying.delivered,
        manifests=tuple(copying.put),
        referrers=tuple(copying.statements),
        notes=(*selected.notes, *dict.fromkeys(copying.notes)),
    )


def _aim(wishes: Wishes, sink: ImageSink) -> Aim:
    return Aim(
        () if wishes.all_platforms else wishes.platforms,
        insists_on_all=wishes.all_platforms,
        has_room=traits_of(sink).holds_indexes,
        machine=wishes.machine,
        called=wishes.called,
    )


# --- the end of a delivery ------------------------------------------------------------------------------------------


@runtime_checkable
class Abandonable(Protocol):
    async def abandon(self) -> None:
        """Nothing of what was put shall stay."""


@asynccontextmanager
async def delivery(sink: ImageSink) -> AsyncIterator[ImageSink]:
    """A sink that is closed when all went well, and abandoned otherwise."""
    try:
        yield sink
    except BaseException:
        if isinstance(sink, Abandonable):
            await sink.abandon()
        await sink.close()
        raise
    await sink.close()
