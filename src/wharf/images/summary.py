"""What a person wants to know of an image, gathered from its manifests and configurations without reading a layer."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from wharf.errors import Malformed, NotThere, Untrue
from wharf.images.choose import is_attestation, is_runnable, read_config
from wharf.images.parts import AT_ONCE, Parts, read_parts, unique_blobs
from wharf.images.source import ImageSource
from wharf.images.statements import StatementKind, cosign_tags, kind_by_tag, kind_of_statement
from wharf.images.together import together
from wharf.oci.config import HistoryEntry, ImageConfig
from wharf.oci.descriptor import Descriptor
from wharf.oci.digest import Algorithm, Digest
from wharf.oci.manifest import ImageManifest, Manifest
from wharf.oci.platform import Platform
from wharf.oci.reference import Tag


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the build, and the layer that came of it, if one did."""

    entry: HistoryEntry
    layer: Descriptor | None = None


@dataclass(frozen=True, slots=True)
class ImageSummary:
    """The image for one platform, or an artifact, which has no configuration of this kind. `size` is what travels."""

    digest: Digest
    manifest: ImageManifest = field(repr=False)
    platform: Platform | None
    config: ImageConfig | None
    steps: tuple[Step, ...]
    size: int

    @property
    def layers(self) -> tuple[Descriptor, ...]:
        return self.manifest.layers


@dataclass(frozen=True, slots=True)
class Statement:
    """Something that is said about `subject`; `tag` where cosign keeps it under one."""

    kind: StatementKind
    subject: Digest
    digest: Digest
    artifact_type: str = ""
    annotations: Mapping[str, str] = field(default_factory=dict, hash=False)
    tag: Tag | None = None


@dataclass(frozen=True, slots=True)
class Summary:
    """`size` counts each blob once, as a registry keeps them."""

    digest: Digest
    manifest: Manifest = field(repr=False)
    images: tuple[ImageSummary, ...]
    attestations: tuple[Descriptor, ...]
    statements: tuple[Statement, ...]
    size: int
    notes: tuple[str, ...]

    @property
    def platforms(self) -> tuple[Platform, ...]:
        return tuple(dict.fromkeys(image.platform for image in self.images if image.platform is not None))


async def summarise(source: ImageSource, which: Tag | Digest | None) -> Summary:
    root = await source.manifest(which)
    digest = root.digest(which.algorithm if isinstance(which, Digest) else Algorithm.SHA256)
    parts = await read_parts(source, root, digest, _nothing_is_settled)
    notes = [f"the index lists {missing}, which is not there" for missing in sorted(parts.missing)]
    attestations = tuple(entry for entry in _entries(parts) if is_attestation(entry))
    aside = {entry.digest for entry in attestations}
    manifests = [
        (each, manifest)
        for each, manifest in parts.manifests.items()
        if isinstance(manifest, ImageManifest) and each not in aside
    ]
    images = await together((partial(_image, source, parts, *each, notes) for each in manifests), AT_ONCE)
    return Summary(
        digest=digest,
        manifest=root,
        images=_in_order(images, parts),
        attestations=attestations,
        statements=await _statements(source, [digest, *(each for each, _ in manifests if each != digest)]),
        size=sum(blob.size for blob in unique_blobs(parts.blobs())),
        notes=tuple(notes),
    )


async def _nothing_is_settled(entry: Descriptor) -> bool:
    return False


def _entries(parts: Parts) -> tuple[Descriptor, ...]:
    """All that is listed anywhere, once."""
    listed = (entry for manifest in parts.manifests.values() for entry in manifest.children)
    return tuple({entry.digest: entry for entry in listed}.values())


def _in_order(images: Sequence[ImageSummary], parts: Parts) -> tuple[ImageSummary, ...]:
    places = {entry.digest: place for place, entry in enumerate(_entries(parts))}
    return tuple(sorted(images, key=lambda image: places.get(image.digest, -1)))


async def _image(
    source: ImageSource, parts: Parts, digest: Digest, manifest: ImageManifest, notes: list[str]
) -> ImageSummary:
    """A configuration that cannot be read takes nothing away from what the manifest says."""
    config: ImageConfig | None = None
    if is_runnable(manifest):
        try:
            config = await read_config(source, manifest)
        except (Malformed, NotThere, Untrue) as error:
            notes.append(f"the configuration of {digest} cannot be read: {error}")
    listed = next((entry.platform for entry in _entries(parts) if entry.digest == digest), None)
    return ImageSummary(
        digest=digest,
        manifest=manifest,
        platform=listed or _said_platform(config),
        config=config,
        steps=tuple(steps_of(config.history if config else (), manifest.layers)),
        size=sum(blob.size for blob in unique_blobs((manifest.config, *manifest.layers))),
    )


def _said_platform(config: ImageConfig | None) -> Platform | None:
    """Some images do not say it."""
    said = config.platform if config else None
    return said if said and said.os and said.architecture else None


def steps_of(history: Sequence[HistoryEntry], layers: Sequence[Descriptor]) -> Iterator[Step]:
    """Each layer belongs to a step that was not empty, in their order. A history that tells of too few is filled up."""
    remaining = iter(layers)
    for entry in history:
        yield Step(entry, None if entry.empty_layer else next(remaining, None))
    for layer in remaining:
        yield Step(HistoryEntry(), layer)


async def _statements(source: ImageSource, subjects: Sequence[Digest]) -> tuple[Statement, ...]:
    found = await together((partial(statements_about, source, subject) for subject in subjects), AT_ONCE)
    return tuple(statement for statements in found for statement in statements)


async def statements_about(source: ImageSource, subject: Digest) -> tuple[Statement, ...]:
    listed = [
        Statement(
            kind_of_statement(entry.artifact_type), subject, entry.digest, entry.artifact_type or "", entry.annotations
        )
        for entry in await source.referrers(subject)
    ]
    for tag in await cosign_tags(source, subject):
        manifest = await source.manifest(tag)
        artifact_type = manifest.artifact_type or ""
        listed.append(Statement(kind_by_tag(tag), subject, manifest.digest(), artifact_type, manifest.annotations, tag))
    return tuple(listed)
