"""The image of a check: one program that prints one line, for each platform.

Each run has its own line, and so its own image: nothing of it can be in the registry already.
"""

import gzip
import io
import json
import tarfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from wharf.doctor.check.program import program_that_says
from wharf.oci.descriptor import Descriptor
from wharf.oci.digest import Digest
from wharf.oci.manifest import Manifest, parse_manifest
from wharf.oci.media_types import OCI_CONFIG, OCI_INDEX, OCI_LAYER_GZIP, OCI_MANIFEST
from wharf.oci.platform import Platform
from wharf.oci.reference import Reference
from wharf.oci.strict_json import JsonValue

PROGRAM: Final = "check"
_CREATED: Final = "2000-01-01T00:00:00Z"
_ABOUT: Final = "A check of wharf: it may be deleted."


@dataclass(frozen=True, slots=True)
class PlatformImage:
    """For one platform. `layer` is the archive as it is; a registry gets it compressed."""

    platform: Platform
    manifest: Manifest
    config: bytes = field(repr=False)
    layer: bytes = field(repr=False)
    blobs: Mapping[Digest, bytes] = field(repr=False, hash=False)


@dataclass(frozen=True, slots=True)
class SampleImage:
    """`top` is what the tag leads to: an index, or the only image."""

    line: str
    images: tuple[PlatformImage, ...]
    top: Manifest

    @property
    def manifests(self) -> tuple[Manifest, ...]:
        """Those that name others come last."""
        parts = tuple(image.manifest for image in self.images)
        return parts if self.top in parts else (*parts, self.top)

    @property
    def size(self) -> int:
        blobs = sum(len(blob) for image in self.images for blob in image.blobs.values())
        return blobs + sum(len(manifest.raw) for manifest in self.manifests)

    def for_platform(self, platform: Platform) -> PlatformImage | None:
        return next((image for image in self.images if image.platform.matches(platform)), None)


def sample_image(line: str, platforms: Sequence[Platform]) -> SampleImage:
    images = tuple(_image_for(platform, line) for platform in platforms)
    return SampleImage(line, images, images[0].manifest if len(images) == 1 else _index_of(images))


def engine_archive(image: PlatformImage, name: Reference) -> bytes:
    """As `docker save` writes it: every engine can load that."""
    config = Digest.of(image.config).hex
    listed = [{"Config": f"{config}.json", "RepoTags": [str(name)], "Layers": [f"{config}/layer.tar"]}]
    files = {"manifest.json": json.dumps(listed).encode(), f"{config}.json": image.config}
    return _archive({**files, f"{config}/layer.tar": image.layer}, mode=0o644)


def _image_for(platform: Platform, line: str) -> PlatformImage:
    layer = _archive({PROGRAM: program_that_says(f"{line}\n", platform.architecture)}, mode=0o755)
    compressed = gzip.compress(layer, mtime=0)
    config = _json(_config(platform, Digest.of(layer)))
    blobs = {Digest.of(config): config, Digest.of(compressed): compressed}
    document: JsonValue = {
        "schemaVersion": 2,
        "mediaType": OCI_MANIFEST,
        "config": _described(config, OCI_CONFIG).to_json(),
        "layers": [_described(compressed, OCI_LAYER_GZIP).to_json()],
        "annotations": {"org.opencontainers.image.description": _ABOUT},
    }
    return PlatformImage(platform, parse_manifest(_json(document), OCI_MANIFEST), config, layer, blobs)


def _config(platform: Platform, diff_id: Digest) -> JsonValue:
    return {
        "created": _CREATED,
        **platform.to_json(),
        "config": {"Entrypoint": [f"/{PROGRAM}"], "Labels": {"org.opencontainers.image.description": _ABOUT}},
        "rootfs": {"type": "layers", "diff_ids": [str(diff_id)]},
        "history": [{"created": _CREATED, "created_by": "wharf check"}],
    }


def _index_of(images: Sequence[PlatformImage]) -> Manifest:
    listed: list[JsonValue] = [dict(_entry(image)) for image in images]
    document: JsonValue = {"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": listed}
    return parse_manifest(_json(document), OCI_INDEX)


def _entry(image: PlatformImage) -> Iterator[tuple[str, JsonValue]]:
    yield from _described(image.manifest.raw, image.manifest.media_type).to_json().items()
    yield "platform", image.platform.to_json()


def _described(content: bytes, media_type: str) -> Descriptor:
    return Descriptor(media_type, Digest.of(content), len(content))


def _json(document: JsonValue) -> bytes:
    return json.dumps(document, separators=(",", ":")).encode()


def _archive(files: Mapping[str, bytes], mode: int) -> bytes:
    written = io.BytesIO()
    with tarfile.open(fileobj=written, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size, member.mode = len(content), mode
            archive.addfile(member, io.BytesIO(content))
    return written.getvalue()
