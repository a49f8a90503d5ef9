"""The blobs of an image on their way into a sink: each once, the largest first, and packed where that is wanted.

Where a sink has everything already, nothing of this is needed, and nothing of it is loaded.
"""

import io
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from wharf.errors import WharfError
from wharf.images.choose import read_config
from wharf.images.compression import Compression
from wharf.images.packing import true_diff_ids, unpacked_layers
from wharf.images.parts import Parts
from wharf.images.passage import Passage
from wharf.images.reading import BlobReader
from wharf.images.sink import Arrival, Cargo
from wharf.images.squeezing import Squeezing
from wharf.images.together import together
from wharf.oci.descriptor import Descriptor
from wharf.oci.digest import Digest
from wharf.oci.manifest import ImageManifest


@dataclass(frozen=True, slots=True)
class Delivered:
    """A blob as the source has it, and how it came into the sink."""

    descriptor: Descriptor
    arrival: Arrival


class Loading:
    """For one copy, which may put several images: what was delivered is not asked for again."""

    def __init__(self, passage: Passage) -> None:
        self._source, self._sink, self._progress, self._origin, self._jobs, self._memory = passage
        self.delivered: dict[Digest, Delivered] = {}

    async def put_blobs(self, parts: Parts, compression: Compression) -> Mapping[Digest, Descriptor]:
        """By the digest of each layer that was packed, what it is now. The largest go first, so that none is last."""
        diff_ids = {} if compression is Compression.NONE else await self._diff_ids_to_pack(parts)
        packed: dict[Digest, Descriptor] = {}

        def moving(blob: Descriptor) -> Callable[[], Awaitable[None]]:
            if blob.digest not in diff_ids:
                return self._sending(blob)
            return self._packing(blob, diff_ids[blob.digest], compression, packed)

        wanted = [blob for blob in parts.blobs() if blob.digest not in self.delivered]
        wanted.sort(key=lambda blob: blob.size, reverse=True)
        await together(map(moving, wanted), self._jobs)
        return packed

    async def _diff_ids_to_pack(self, parts: Parts) -> Mapping[Digest, Digest]:
        diff_ids: dict[Digest, Digest] = {}
        for manifest in parts.manifests.values():
            if isinstance(manifest, ImageManifest) and unpacked_layers(manifest):
                diff_ids |= true_diff_ids(manifest, await read_config(self._source, manifest))
        return diff_ids

    def _sending(self, blob: Descriptor) -> Callable[[], Awaitable[None]]:
        async def send() -> Arrival:
            cargo = Cargo(blob, lambda offset: self._open(blob, offset), self._origin)
            return await self._sink.put_blob(cargo, lambda size: self._progress.advance(blob, size))

        return lambda: self._watched(blob, send)

    def _packing(
        self, layer: Descriptor, diff_id: Digest, compression: Compression, packed: dict[Digest, Descriptor]
    ) -> Callable[[], Awaitable[None]]:
        async def pack() -> Arrival:
            packed[layer.digest], arrival = await squeezing.put_into(self._sink, self._origin)
            return arrival

        squeezing = Squeezing(
            layer,
            diff_id,
            lambda: self._open(layer, 0),
            lambda size: self._progress.advance(layer, size),
            compression,
            self._memory,
        )
        return lambda: self._watched(layer, pack)

    async def _watched(self, blob: Descriptor, move: Callable[[], Awaitable[Arrival]]) -> None:
        self._progress.begin(blob)
        try:
            arrival = await move()
        except WharfError as error:
            error.seen_at(f"while copying the blob {blob.digest} ({blob.size} bytes)")
            raise
        self._progress.end(blob, arrival)
        self.delivered[blob.digest] = Delivered(blob, arrival)

    async def _open(self, blob: Descriptor, offset: int) -> BlobReader:
        if blob.data is not None:  # its digest was compared when it was read
            return io.BytesIO(blob.data[offset:])
        return await self._source.blob(blob, offset)
