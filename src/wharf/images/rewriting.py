"""An image whose manifests are written anew, because something that they name changed, or their words for it.

Whatever else stands in a manifest or index stays; only descriptors of what changed are other ones. A manifest that is
written anew has another digest, so what names it changes in its turn, from the leaves up to the root.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from types import MappingProxyType
from typing import TypeAlias, cast

from wharf.images.choose import ATTESTED
from wharf.images.parts import Parts
from wharf.oci.descriptor import Descriptor
from wharf.oci.digest import Digest
from wharf.oci.manifest import ImageIndex, ImageManifest, Manifest, parse_manifest
from wharf.oci.media_types import in_oci
from wharf.oci.strict_json import JsonValue, parse_object

Change: TypeAlias = Callable[[Manifest, Mapping[Digest, Descriptor]], Manifest]
"""A manifest as it is to be, given by their old digests what became of those below it; itself, if nothing changes."""


class Family(Enum):
    """In whose media types an image is to stand in the sink."""

    KEEP = "keep"
    OCI = "oci"


@dataclass(frozen=True, slots=True)
class Rewritten:
    """The parts as they stand in the sink, and by which digest each was known before."""

    parts: Parts
    renamed: Mapping[Digest, Digest] = field(default_factory=lambda: MappingProxyType({}))

    def after(self, earlier: "Rewritten") -> "Rewritten":
        """This was made of what the earlier one had made."""
        first = {old: self.renamed.get(between, between) for old, between in earlier.renamed.items()}
        between = set(earlier.renamed.values())
        return Rewritten(self.parts, {**first, **{old: now for old, now in self.renamed.items() if old not in between}})


def rewritten(parts: Parts, change: Change) -> Rewritten:
    written: dict[Digest, Manifest] = {}
    new: dict[Digest, Descriptor] = {}
    for step in parts.in_order():
        for digest in step:
            manifest = change(parts.manifests[digest], new)
            now = digest
            if manifest is not parts.manifests[digest]:
                now = manifest.digest(digest.algorithm)
                new[digest] = Descriptor(manifest.media_type, now, len(manifest.raw))
            written[now] = manifest
    renamed = {old: descriptor.digest for old, descriptor in new.items()}
    return Rewritten(replace(parts, root=renamed.get(parts.root, parts.root), manifests=written), renamed)


# --- in the words of OCI ---------------------------------------------------------------------------------------------


def rewritten_in_oci(parts: Parts) -> Rewritten:
    """The same configuration and layers, by OCI's names for them; without change if they have these already."""
    return rewritten(parts, _in_oci)


def speaks_docker(manifest: Manifest) -> bool:
    """Whether it, or what it names, is called by one of Docker's media types that OCI has another one for."""
    children = manifest.children if isinstance(manifest, ImageIndex) else (manifest.config, *manifest.layers)
    return any(in_oci(name) != name for name in (manifest.media_type, *(child.media_type for child in children)))


def described_in_oci(descriptor: Descriptor) -> Descriptor:
    return replace(descriptor, media_type=in_oci(descriptor.media_type))


def _in_oci(manifest: Manifest, new: Mapping[Digest, Descriptor]) -> Manifest:
    if isinstance(manifest, ImageManifest):
        if not speaks_docker(manifest):
            return manifest
        layers = map(described_in_oci, manifest.layers)
        return image_with(manifest, described_in_oci(manifest.config), layers, in_oci(manifest.media_type))
    is_touched = any(child.digest in new for child in manifest.children)
    if not is_touched and in_oci(manifest.media_type) == manifest.media_type:
        return manifest
    return index_with(manifest, new, in_oci(manifest.media_type))


# --- manifests like others -------------------------------------------------------------------------------------------


def image_with(manifest: ImageManifest, config: Descriptor, layers: Iterable[Descriptor], media_type: str) -> Manifest:
    """An image like this one, of these parts."""
    described = {"config": config.to_json(), "layers": [layer.to_json() for layer in layers]}
    return _written({**parse_object(manifest.raw), **cast("dict[str, JsonValue]", described)}, media_type)


def index_with(index: ImageIndex, new: Mapping[Digest, Descriptor], media_type: str) -> Manifest:
    """An index like this one, with what became of its entries."""
    return with_entries(index, [_entry(child, new) for child in index.manifests], media_type)


def with_entries(index: ImageIndex, entries: Sequence[Descriptor], media_type: str = "") -> Manifest:
    """An index like this one, of these entries."""
    document = {**parse_object(index.raw), "manifests": [entry.to_json() for entry in entries]}
    return _written(cast("dict[str, JsonValue]", document), media_type or index.media_type)


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


def _written(document: Mapping[str, JsonValue], media_type: str) -> Manifest:
    """With its type in it, so that a document that left it away cannot be taken for one of another family."""
    settled = {**document, "mediaType": media_type}
    return parse_manifest(json.dumps(settled, ensure_ascii=False, indent=2).encode(), media_type)
