"""Referrers are manifests about a manifest: signatures, lists of contents, attestations.

Registries that know of them list them. For the others, clients keep the list themselves: an index under the tag
`sha256-<hex>` of the subject. To edit it is to read, change and write it; two that do so at once may lose one entry,
so whoever wrote looks again.
"""

import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from wharf.oci.descriptor import Descriptor
from wharf.oci.digest import Digest
from wharf.oci.manifest import ImageIndex, Manifest, parse_manifest
from wharf.oci.media_types import OCI_INDEX
from wharf.oci.reference import Tag

MOST_EDITS: Final = 4
_TAG_HEX = 64


def fallback_tag(subject: Digest) -> Tag:
    return Tag(f"{subject.algorithm}-{subject.hex[:_TAG_HEX]}")


def as_referrer(manifest: Manifest) -> Descriptor:
    """How the list shows it."""
    return Descriptor(
        media_type=manifest.media_type,
        digest=manifest.digest(),
        size=len(manifest.raw),
        annotations=manifest.annotations,
        artifact_type=manifest.artifact_type,
    )


def of_type(referrers: Iterable[Descriptor], artifact_type: str | None) -> tuple[Descriptor, ...]:
    return tuple(each for each in referrers if artifact_type is None or each.artifact_type == artifact_type)


def with_entry(listed: tuple[Descriptor, ...], entry: Descriptor) -> tuple[Descriptor, ...]:
    return (*(each for each in listed if each.digest != entry.digest), entry)


def without_entry(listed: tuple[Descriptor, ...], digest: Digest) -> tuple[Descriptor, ...]:
    return tuple(each for each in listed if each.digest != digest)


def listed_in(manifest: Manifest | None) -> tuple[Descriptor, ...]:
    """Anything may stand under the tag; only an index is a list. Embedded data is for manifests, not for lists."""
    if not isinstance(manifest, ImageIndex):
        return ()
    return tuple(replace(each, data=None) for each in manifest.manifests)


def fallback_index(listed: tuple[Descriptor, ...]) -> Manifest:
    document = {"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": [each.to_json() for each in listed]}
    return parse_manifest(json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode(), OCI_INDEX)
