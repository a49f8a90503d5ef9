"""A manifest says of what an image consists; an index lists the manifests of one image for several platforms.

Both are JSON and are known by the digest of their exact bytes, so `raw` is the thing itself and the rest a reading
of it. Docker's schema 2 manifest and manifest list are the same documents under older names. An artifact (a chart,
a signature, a list of contents) is an image manifest that says so in `artifactType` or in its configuration's type.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TypeAlias

from wharf.errors import MalformedManifest, Schema1Refused, shown
from wharf.oci.descriptor import Descriptor, read_optional_media_type
from wharf.oci.digest import Algorithm, Digest
from wharf.oci.media_types import (
    ACCEPTED_MANIFESTS,
    DOCKER_SCHEMA1,
    OCI_INDEX,
    OCI_MANIFEST,
    is_image_manifest,
    is_index,
    is_manifest,
    is_nondistributable,
    is_schema1,
)
from wharf.oci.members import Members
from wharf.oci.strict_json import JsonValue, parse_object

MOST_DESCRIPTORS = 10_000
_COMMON = frozenset({"schemaVersion", "mediaType", "artifactType", "subject", "annotations"})
_KNOWN_IN_IMAGE = _COMMON | {"config", "layers"}
_KNOWN_IN_INDEX = _COMMON | {"manifests"}


@dataclass(frozen=True, slots=True)
class ImageManifest:
    """An image for one platform, or an artifact: a configuration and layers."""

    raw: bytes = field(repr=False)
    media_type: str
    config: Descriptor = field(compare=False)
    layers: tuple[Descriptor, ...] = field(compare=False)
    subject: Descriptor | None = field(compare=False)
    declared_artifact_type: str | None = field(compare=False)
    annotations: Mapping[str, str] = field(compare=False)
    unknown: Mapping[str, JsonValue] = field(compare=False)

    @property
    def artifact_type(self) -> str | None:
        """As the list of referrers gives it: an artifact of the older kind is known by its configuration."""
        return self.declared_artifact_type or self.config.media_type

    @property
    def required_blobs(self) -> tuple[Descriptor, ...]:
        """What a registry must hold before it accepts this. The subject is not of these: it may come later."""
        return (self.config, *(layer for layer in self.layers if not is_nondistributable(layer.media_type)))

    @property
    def children(self) -> tuple[Descriptor, ...]:
        return ()

    def digest(self, algorithm: Algorithm = Algorithm.SHA256) -> Digest:
        return Digest.of(self.raw, algorithm)


@dataclass(frozen=True, slots=True)
class ImageIndex:
    """Manifests under one name: an image for several platforms, or a collection of any kind. It may be empty."""

    raw: bytes = field(repr=False)
    media_type: str
    manifests: tuple[Descriptor, ...] = field(compare=False)
    subject: Descriptor | None = field(compare=False)
    declared_artifact_type: str | None = field(compare=False)
    annotations: Mapping[str, str] = field(compare=False)
    unknown: Mapping[str, JsonValue] = field(compare=False)

    @property
    def artifact_type(self) -> str | None:
        return self.declared_artifact_type

    @property
    def required_blobs(self) -> tuple[Descriptor, ...]:
        """Build caches are indexes that list layers; what is no manifest was pushed as a blob."""
        return tuple(
            entry
            for entry in self.manifests
            if not _is_any_manifest(entry.media_type) and not is_nondistributable(entry.media_type)
        )

    @property
    def children(self) -> tuple[Descriptor, ...]:
        return tuple(entry for entry in self.manifests if _is_any_manifest(entry.media_type))

    def digest(self, algorithm: Algorithm = Algorithm.SHA256) -> Digest:
        return Digest.of(self.raw, algorithm)


Manifest: TypeAlias = ImageManifest | ImageIndex


def parse_manifest(raw: bytes, media_type: str | None) -> Manifest:
    """Read a manifest that came with this Content-Type, or with none."""
    announced = _without_parameters(media_type)
    _refuse_schema1_type(announced)
    document = Members.of(parse_object(raw), "", MalformedManifest)
    _check_schema_version(document)
    settled = _settle_media_type(announced, document)
    _refuse_ambiguity(document, settled)
    return _read_index(raw, settled, document) if is_index(settled) else _read_image(raw, settled, document)


def _read_image(raw: bytes, media_type: str, document: Members) -> ImageManifest:
    return ImageManifest(
        raw=raw,
        media_type=media_type,
        config=Descriptor.from_json(document.values.get("config"), "config"),
        layers=_read_descriptors(document, "layers"),
        subject=_read_subject(document),
        declared_artifact_type=read_optional_media_type(document, "artifactType"),
        annotations=document.text_map("annotations"),
        unknown=MappingProxyType(
            {name: value for name, value in document.values.items() if name not in _KNOWN_IN_IMAGE}
        ),
    )


def _read_index(raw: bytes, media_type: str, document: Members) -> ImageIndex:
    return ImageIndex(
        raw=raw,
        media_type=media_type,
        manifests=_read_descriptors(document, "manifests"),
        subject=_read_subject(document),
        declared_artifact_type=read_optional_media_type(document, "artifactType"),
        annotations=document.text_map("annotations"),
        unknown=MappingProxyType(
            {name: value for name, value in document.values.items() if name not in _KNOWN_IN_INDEX}
        ),
    )


def _read_descriptors(document: Members, name: str) -> tuple[Descriptor, ...]:
    entries = document.items(name)
    if len(entries) > MOST_DESCRIPTORS:
        reason = f"{len(entries)} descriptors; at most {MOST_DESCRIPTORS} are accepted"
        raise MalformedManifest("", reason, where=name)
    return tuple(Descriptor.from_json(entry, f"{name}[{index}]") for index, entry in enumerate(entries))


def _read_subject(document: Members) -> Descriptor | None:
    subject = document.values.get("subject")
    return None if subject is None else Descriptor.from_json(subject, "subject")


def _is_any_manifest(media_type: str) -> bool:
    return is_manifest(media_type) or is_schema1(media_type)


# --- which kind of document it is ------------------------------------------------------------------------------------


def _without_parameters(media_type: str | None) -> str | None:
    """A Content-Type may go on with `; charset=utf-8`; types are compared without regard to case."""
    return (media_type or "").partition(";")[0].strip().lower() or None


def _settle_media_type(announced: str | None, document: Members) -> str:
    """Header and body must say the same: a document read in two ways could hide one of them from a check."""
    declared = read_optional_media_type(document, "mediaType")
    _refuse_schema1_type(declared)
    if announced and declared and announced != declared.lower():
        raise MalformedManifest(
            declared,
            f"the Content-Type says {shown(announced)} and the body's mediaType says {shown(declared)}",
            where="mediaType",
            next_step="send the same in both",
        )
    settled = declared or announced or _by_shape(document)
    if not is_manifest(settled):
        raise MalformedManifest(
            settled,
            "this is not a media type of a manifest",
            where="mediaType" if declared else "Content-Type",
            next_step=f"accepted are {', '.join(ACCEPTED_MANIFESTS)}",
        )
    return settled


def _by_shape(document: Members) -> str:
    """The specification lets an image leave its type away; its members then tell."""
    if "manifests" in document.values:
        return OCI_INDEX
    if "config" in document.values or "layers" in document.values:
        return OCI_MANIFEST
    raise MalformedManifest(
        "",
        "neither an image manifest (config, layers) nor an index (manifests)",
        next_step="send it with its mediaType",
    )


def _refuse_schema1_type(media_type: str | None) -> None:
    if media_type is not None and is_schema1(media_type.lower()):
        raise Schema1Refused(media_type)


def _check_schema_version(document: Members) -> None:
    version = document.values.get("schemaVersion")
    if version == 1 and not isinstance(version, bool):
        raise Schema1Refused(DOCKER_SCHEMA1)
    if version != 2 or not isinstance(version, int):
        raise MalformedManifest("", "schemaVersion must be 2", where="schemaVersion")


def _refuse_ambiguity(document: Members, media_type: str) -> None:
    """A document that is manifest and index at once is signed as the one and run as the other."""
    strange = ("manifests", "fsLayers") if is_image_manifest(media_type) else ("config", "layers", "fsLayers")
    for name in strange:
        if document.values.get(name) is not None:
            raise MalformedManifest(
                media_type,
                f"{name} cannot stand in a document of this type",
                where=name,
                next_step="send two documents",
            )
