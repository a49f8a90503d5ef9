"""Layers that lie uncompressed in one place travel compressed into another; then the manifests that name them change.

What a layer unpacks to, and with it the configuration, stays the same. Whatever else stands in a manifest or index
stays as well; only descriptors of what changed are written anew.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from types import MappingProxyType
from typing import Final, cast

from wharf.errors import DigestMismatch, ImageBroken, SizeMismatch
from wharf.images.choose import ATTESTED, is_runnable
from wharf.images.compress import Compressed, Compression
from wharf.images.parts import Parts
from wharf.images.reading import BlobReader
from wharf.images.verified import Verified
from wharf.oci.config import ImageConfig
from wharf.oci.descriptor import Descriptor
from wharf.oci.digest import Algorithm, Digest
from wharf.oci.manifest import ImageIndex, ImageManifest, Manifest, parse_manifest
from wharf.oci.media_types import (
    DOCKER_CONFIG,
    DOCKER_LAYER,
    DOCKER_LAYER_GZIP,
    DOCKER_MANIFEST,
    DOCKER_MANIFEST_LIST,
    OCI_CONFIG,
    OCI_INDEX,
    OCI_LAYER,
    OCI_LAYER_GZIP,
    OCI_LAYER_ZSTD,
    OCI_MANIFEST,
)
from wharf.oci.strict_json import JsonValue, parse_object

_UNPACKED: Final = frozenset({OCI_LAYER, DOCKER_LAYER})
_PACKED: Final = {
    (OCI_LAYER, Compression.GZIP): OCI_LAYER_GZIP,
    (OCI_LAYER, Compression.ZSTD): OCI_LAYER_ZSTD,
    (DOCKER_LAYER, Compression.GZIP): DOCKER_LAYER_GZIP,
    (DOCKER_LAYER, Compression.ZSTD): OCI_LAYER_ZSTD,  # Docker's family has no word for it that all clients know
}
_IN_OCI: Final = {
    DOCKER_MANIFEST: OCI_MANIFEST,
    DOCKER_MANIFEST_LIST: OCI_INDEX,
    DOCKER_CONFIG: OCI_CONFIG,
    DOCKER_LAYER: OCI_LAYER,
    DOCKER_LAYER_GZIP: OCI_LAYER_GZIP,
}


class LayerForm(Enum):
    """How uncompressed layers are to lie in the sink. What is compressed already is never touched."""

    AS_USUAL = "as usual"
    KEEP = "keep"
    GZIP = "gzip"
    ZSTD = "zstd"

    def compression(self, *, is_usually_packed: bool) -> Compression:
        match self:
            case LayerForm.ZSTD:
                return Compression.ZSTD
            case LayerForm.GZIP:
                return Compression.GZIP
            case LayerForm.KEEP:
                return Compression.NONE
            case LayerForm.AS_USUAL:
                return Compression.GZIP if is_usually_packed else Compression.NONE


@dataclass(frozen=True, slots=True)
class Repacked:
    """The parts as they stand in the sink, and by which digest each was known before."""

    parts: Parts
    renamed: Mapping[Digest, Digest] = field(default_factory=lambda: MappingProxyType({}))


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


def repacked(parts: Parts, packed: Mapping[Digest, Descriptor]) -> Repacked:
    """The manifests with the packed layers in place of the unpacked, from the leaves up to the root."""
    written: dict[Digest, Manifest] = {}
    renamed: dict[Digest, Digest] = {}
    for step in parts.in_order():
        for digest in step:
            manifest = _rewritten(parts.manifests[digest], packed, written, renamed)
            renamed[digest] = digest if manifest is parts.manifests[digest] else manifest.digest(digest.algorithm)
            written[renamed[digest]] = manifest
    new = replace(parts, root=renamed[parts.root], manifests=written)
    return Repacked(new, {old: now for old, now in renamed.items() if old != now})


def _rewritten(
    manifest: Manifest,
    packed: Mapping[Digest, Descriptor],
    written: Mapping[Digest, Manifest],
    renamed: Mapping[Digest, Digest],
) -> Manifest:
    if isinstance(manifest, ImageManifest):
        changed = {layer.digest for layer in unpacked_layers(manifest)} & packed.keys()
        return _with_layers(manifest, packed) if changed else manifest
    new = {old: _described(written[now], now) for old, now in renamed.items() if old != now}
    if not any(child.digest in new for child in manifest.children):
        return manifest
    speaks_oci = any(now.media_type == OCI_MANIFEST for now in new.values())
    media_type = _IN_OCI.get(manifest.media_type, manifest.media_type) if speaks_oci else manifest.media_type
    return with_entries(manifest, [_entry(child, new) for child in manifest.manifests], media_type)


def _with_layers(manifest: ImageManifest, packed: Mapping[Digest, Descriptor]) -> Manifest:
    layers = [_layer(layer, packed) for layer in manifest.layers]
    speaks_oci = any(layer.media_type == OCI_LAYER_ZSTD for layer in layers)
    if speaks_oci:
        layers = [_in_oci(layer) for layer in layers]
    config = _in_oci(manifest.config) if speaks_oci else manifest.config
    document = {
        **parse_object(manifest.raw),
        "config": config.to_json(),
        "layers": [layer.to_json() for layer in layers],
    }
    media_type = _IN_OCI.get(manifest.media_type, manifest.media_type) if speaks_oci else manifest.media_type
    return _written(cast("dict[str, JsonValue]", document), media_type)


def _layer(layer: Descriptor, packed: Mapping[Digest, Descriptor]) -> Descriptor:
    if layer.media_type not in _UNPACKED or layer.digest not in packed:
        return layer
    new = packed[layer.digest]
    return replace(layer, media_type=new.media_type, digest=new.digest, size=new.size, data=None)


def _in_oci(descriptor: Descriptor) -> Descriptor:
    return replace(descriptor, media_type=_IN_OCI.get(descriptor.media_type, descriptor.media_type))


def _entry(entry: Descriptor, new: Mapping[Digest, Descriptor]) -> Descriptor:
    """An attestation names the image it is about by digest, which may be another one now."""
    renamed = {str(old): str(now.digest) for old, now in new.items()}
    about = entry.annotations.get(ATTESTED, "")
    if about in renamed:
        entry = replace(entry, annotations={**entry.annotations, ATTESTED: renamed[about]})
    if entry.digest not in new:
        return entry
    now = new[entry.digest]
    return replace(entry, media_type=now.media_type, digest=now.digest, size=now.size, data=None)


def with_entries(index: ImageIndex, entries: Sequence[Descriptor], media_type: str = "") -> Manifest:
    """An index like this one, of these entries."""
    document = {**parse_object(index.raw), "manifests": [entry.to_json() for entry in entries]}
    return _written(cast("dict[str, JsonValue]", document), media_type or index.media_type)


def _described(manifest: Manifest, digest: Digest) -> Descriptor:
    return Descriptor(manifest.media_type, digest, len(manifest.raw))


def _written(document: Mapping[str, JsonValue], media_type: str) -> Manifest:
    """With its type in it, so that a document that left it away cannot be taken for one of another family."""
    settled = {**document, "mediaType": media_type}
    return parse_manifest(json.dumps(settled, ensure_ascii=False, indent=2).encode(), media_type)
