"""Layers that lie uncompressed in one place travel compressed into another; then the manifests that name them change.

What a layer unpacks to, and with it the configuration, stays the same.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from wharf.errors import DigestMismatch, ImageBroken, SizeMismatch
from wharf.images.choose import is_runnable
from wharf.images.compress import Compressed
from wharf.images.compression import Compression
from wharf.images.parts import Parts
from wharf.images.reading import BlobReader
from wharf.images.rewriting import Rewritten, described_in_oci, image_with, index_with, rewritten
from wharf.images.verified import Verified
from wharf.oci.config import ImageConfig
from wharf.oci.descriptor import Descriptor
from wharf.oci.digest import Algorithm, Digest
from wharf.oci.manifest import ImageManifest, Manifest
from wharf.oci.media_types import (
    DOCKER_LAYER,
    DOCKER_LAYER_GZIP,
    OCI_LAYER,
    OCI_LAYER_GZIP,
    OCI_LAYER_ZSTD,
    OCI_MANIFEST,
    in_oci,
)

_UNPACKED: Final = frozenset({OCI_LAYER, DOCKER_LAYER})
_PACKED: Final = {
    (OCI_LAYER, Compression.GZIP): OCI_LAYER_GZIP,
    (OCI_LAYER, Compression.ZSTD): OCI_LAYER_ZSTD,
    (DOCKER_LAYER, Compression.GZIP): DOCKER_LAYER_GZIP,
    (DOCKER_LAYER, Compression.ZSTD): OCI_LAYER_ZSTD,  # Docker's family has no word for it that all clients know
}


class Confirmed:
    """A layer that is compressed while it is read, and whose end is handed out only if what went in was true.

    It is hashed once on the way in, as what it unpacks to, which for an uncompressed layer is its own digest as well.
    """

    __slots__ = ("_diff_id", "_layer", "_squeezed")

    def __init__(self, reader: BlobReader, compression: Compression, layer: Descriptor, diff_id: Digest) -> None:
        for digest in {layer.digest, diff_id}:
            if digest.algorithm is not Algorithm.SHA256:
                reader = Verified(reader, Descriptor(layer.media_type, digest, layer.size))
        self._squeezed = Compressed(reader, compression)
        self._layer = layer
        self._diff_id = diff_id

    def readinto(self, buffer: memoryview, /) -> int:
        if len(buffer) == 0:
            return 0
        count = self._squeezed.readinto(buffer)
        if self._squeezed.size > self._layer.size or count == 0:
            self._judge()
        return count

    def close(self) -> None:
        self._squeezed.close()

    def _judge(self) -> None:
        if self._squeezed.size != self._layer.size:
            raise SizeMismatch(self._layer.size, self._squeezed.size)
        computed = self._squeezed.diff_id
        for announced in (self._layer.digest, self._diff_id):
            if announced.algorithm is Algorithm.SHA256 and announced != computed:
                raise DigestMismatch(str(announced), str(computed))


def unpacked_layers(manifest: Manifest) -> tuple[Descriptor, ...]:
    """An artifact may keep a tar file among its layers; that one is left as it is."""
    if not isinstance(manifest, ImageManifest) or not is_runnable(manifest):
        return ()
    return tuple(layer for layer in manifest.layers if layer.media_type in _UNPACKED)


def packed_type(media_type: str, compression: Compression) -> str:
    return _PACKED[media_type, compression]


def true_diff_ids(manifest: ImageManifest, config: ImageConfig) -> dict[Digest, Digest]:
    """What each uncompressed layer unpacks to, which is the layer itself, if the configuration tells the truth."""
    diff_ids = config.diff_ids
    if len(diff_ids) != len(manifest.layers):
        raise ImageBroken("the image", [f"{len(manifest.layers)} layers, and the configuration has {len(diff_ids)}"])
    pairs = [
        (number, layer.digest, diff_id)
        for number, (layer, diff_id) in enumerate(zip(manifest.layers, diff_ids, strict=True), 1)
        if layer.media_type in _UNPACKED
    ]
    flaws = [
        f"layer {number} unpacks to {layer}, and the configuration says {diff_id}"
        for number, layer, diff_id in pairs
        if layer.algorithm == diff_id.algorithm and layer != diff_id
    ]
    if flaws:
        raise ImageBroken("the image", flaws)
    return {layer: diff_id for _, layer, diff_id in pairs}


def repacked(parts: Parts, packed: Mapping[Digest, Descriptor]) -> Rewritten:
    """The manifests with the packed layers in place of the unpacked."""

    def change(manifest: Manifest, new: Mapping[Digest, Descriptor]) -> Manifest:
        if isinstance(manifest, ImageManifest):
            changed = {layer.digest for layer in unpacked_layers(manifest)} & packed.keys()
            return _with_layers(manifest, packed) if changed else manifest
        if not any(child.digest in new for child in manifest.children):
            return manifest
        speaks_oci = any(now.media_type == OCI_MANIFEST for now in new.values())
        return index_with(manifest, new, in_oci(manifest.media_type) if speaks_oci else manifest.media_type)

    return rewritten(parts, change)


def _with_layers(manifest: ImageManifest, packed: Mapping[Digest, Descriptor]) -> Manifest:
    layers = [_layer(layer, packed) for layer in manifest.layers]
    if any(layer.media_type == OCI_LAYER_ZSTD for layer in layers):
        in_one_family = map(described_in_oci, layers)
        return image_with(manifest, described_in_oci(manifest.config), in_one_family, in_oci(manifest.media_type))
    return image_with(manifest, manifest.config, layers, manifest.media_type)


def _layer(layer: Descriptor, packed: Mapping[Digest, Descriptor]) -> Descriptor:
    if layer.media_type not in _UNPACKED or layer.digest not in packed:
        return layer
    new = packed[layer.digest]
    return replace(layer, media_type=new.media_type, digest=new.digest, size=new.size, data=None)
