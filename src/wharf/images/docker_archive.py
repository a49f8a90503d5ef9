"""What `docker save` writes and `docker load` reads, as a source: images in one tar file, their layers uncompressed.

    manifest.json           which images there are: their names, and the files that they are made of
    <any name>              a configuration, or a layer, or a link to one

Such an archive holds no manifests. One is made from what is there, the same for the same archive: the layers are named
by the digests that the configuration gives, which whoever reads them compares; only a layer that was compressed and
is not called by its digest must be read beforehand.
"""

import asyncio
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from wharf.errors import BlobUnknown, ImageNotThere, MalformedArchive
from wharf.images.archive_listing import (
    LARGEST_CONFIG,
    LISTING,
    ListedImage,
    familiar,
    is_called,
    is_called_locally,
    parse_listing,
)
from wharf.images.archive_sink import ArchiveSink
from wharf.images.compression import Compression, sniffed
from wharf.images.disk import FileReader
from wharf.images.reading import CHUNK
from wharf.images.tar_files import TarFiles
from wharf.images.verified import read_whole
from wharf.oci.config import ImageConfig
from wharf.oci.descriptor import Descriptor
from wharf.oci.digest import Algorithm, Digest, Hasher
from wharf.oci.manifest import ImageManifest, Manifest, parse_manifest
from wharf.oci.media_types import OCI_CONFIG, OCI_LAYER, OCI_LAYER_GZIP, OCI_LAYER_ZSTD, OCI_MANIFEST
from wharf.oci.reference import Reference, Tag
from wharf.oci.strict_json import JsonValue

__all__ = ["ArchiveSink", "ArchiveSource"]

_LARGEST_LISTING: Final = 16 * 1024 * 1024
_MOST_LAYERS: Final = 1_000
_in_blobs: Final = re.compile(r"blobs/sha256/([0-9a-f]{64})").fullmatch
_LAYER_TYPES: Final = {
    Compression.NONE: OCI_LAYER,
    Compression.GZIP: OCI_LAYER_GZIP,
    Compression.ZSTD: OCI_LAYER_ZSTD,
}


class ArchiveSource:
    """With a reference, that image is the one there is; tags are then those of its repository."""

    def __init__(self, file: Path | TarFiles, reference: Reference | None = None) -> None:
        self._files = TarFiles(file, f"docker-archive:{file}") if isinstance(file, Path) else file
        self._place = self._files.place
        self._reference = reference
        self._names: dict[Digest, str] = {}
        self._manifests: dict[ListedImage, ImageManifest] = {}
        self._listed: tuple[ListedImage, ...] | None = None

    async def manifest(self, which: Tag | Digest | None) -> Manifest:
        return await asyncio.to_thread(self._manifest, which)

    async def blob(self, descriptor: Descriptor, offset: int = 0) -> FileReader:
        return await asyncio.to_thread(self._open, descriptor, offset)

    async def tags(self) -> tuple[Tag, ...]:
        listed = await asyncio.to_thread(self._images)
        tags = {name.tag for image in listed for name in image.references if self._is_of_repository(name)}
        return tuple(sorted(tag for tag in tags if tag is not None))

    async def names(self) -> tuple[str, ...]:
        """As docker writes them; an empty one for images without a name."""
        listed = await asyncio.to_thread(self._images)
        return tuple(dict.fromkeys(name for image in listed for name in _names_of(image) or ("",)))

    async def referrers(self, subject: Digest) -> tuple[Descriptor, ...]:
        """An archive of this kind has no place for them."""
        return ()

    async def close(self) -> None:
        self._files.close()

    # --- below here: in a thread -------------------------------------------------------------------------------------

    def _manifest(self, which: Tag | Digest | None) -> Manifest:
        if isinstance(which, Digest):
            made = [self._made(image) for image in self._images()]
            found = [manifest for manifest in made if manifest.digest(which.algorithm) == which][:1]
        else:
            found = [self._made(image) for image in self._chosen(which)]
        if len(found) != 1:
            raise self._not_there(which)
        return found[0]

    def _chosen(self, tag: Tag | None) -> list[ListedImage]:
        images = self._images()
        if self._reference is not None:
            wanted = Reference(self._reference.registry, self._reference.repository, tag or self._reference.tag)
            exact = [image for image in images if is_called(image, wanted)]
            return exact[:1] or [image for image in images if is_called_locally(image, wanted)][:1]
        if tag is None:
            return list(images)
        return [image for image in images if tag in {name.tag for name in image.references}]

    def _not_there(self, which: Tag | Digest | None) -> ImageNotThere:
        wanted = str(which or self._reference or "")
        present = sorted({name for image in self._images() for name in image.names or (f"{image.config} (no name)",)})
        return ImageNotThere(self._place, wanted, present)

    def _is_of_repository(self, name: Reference) -> bool:
        return self._reference is None or (name.registry, name.repository) == (
            self._reference.registry,
            self._reference.repository,
        )

    def _images(self) -> tuple[ListedImage, ...]:
        if self._listed is None:
            raw = self._read(LISTING, _LARGEST_LISTING)
            if raw is None:
                raise self._no_listing()
            self._listed = parse_listing(raw)
        return self._listed

    def _no_listing(self) -> MalformedArchive:
        if self._files.size("oci-layout") is not None:
            hint = f"read it as oci-archive:{self._files.path}"
        elif self._files.size("repositories") is not None:
            hint = "it was written by docker before 1.10: load it and save it again"
        else:
            hint = "write it with: docker save --output FILE IMAGE"
        return MalformedArchive(self._place, f"no {LISTING} in this archive", next_step=hint)

    def _made(self, image: ListedImage) -> ImageManifest:
        if image not in self._manifests:
            self._manifests[image] = self._make(image)
        return self._manifests[image]

    def _make(self, image: ListedImage) -> ImageManifest:
        """A manifest that says what this image is made of."""
        raw = self._read(image.config, LARGEST_CONFIG)
        if raw is None:
            raise self._missing(image.config)
        config = ImageConfig.parse(raw)
        self._refuse_other_count(image, config)
        described = Descriptor(OCI_CONFIG, self._known_as(config.digest(), image.config), len(raw))
        return _manifest_of(described, map(self._layer, image.layers, config.diff_ids))

    def _refuse_other_count(self, image: ListedImage, config: ImageConfig) -> None:
        files, diff_ids = len(image.layers), len(config.diff_ids)
        if files != diff_ids or files > _MOST_LAYERS:
            reason = f"{files} layers are listed, and the configuration names {diff_ids} (at most {_MOST_LAYERS})"
            raise MalformedArchive(image.config, reason, where=LISTING)

    def _layer(self, name: str, diff_id: Digest) -> Descriptor:
        reader = self._files.open(name)
        if reader is None:
            raise self._missing(name)
        try:
            head = memoryview(bytearray(4))
            kind = sniffed(bytes(head[: reader.readinto(head)]))
            digest = diff_id if kind is Compression.NONE else _digest_of_packed(name, reader)
        finally:
            reader.close()
        return Descriptor(_LAYER_TYPES[kind], self._known_as(digest, name), reader.size)

    def _known_as(self, digest: Digest, name: str) -> Digest:
        self._names[digest] = name
        return digest

    def _open(self, descriptor: Descriptor, offset: int) -> FileReader:
        if descriptor.digest not in self._names:
            for image in self._images():
                self._made(image)
        name = self._names.get(descriptor.digest)
        reader = None if name is None else self._files.open(name)
        if reader is None:
            raise BlobUnknown(self._place, str(descriptor.digest))
        reader.seek(offset)
        return reader

    def _read(self, name: str, limit: int) -> bytes | None:
        reader = self._files.open(name)
        return None if reader is None else read_whole(reader, limit, name)

    def _missing(self, name: str) -> MalformedArchive:
        return MalformedArchive(name, f"{LISTING} names this file, and it is not in the archive", where=self._place)


def _names_of(image: ListedImage) -> tuple[str, ...]:
    return tuple(map(familiar, image.references)) or image.names


def _digest_of_packed(name: str, reader: FileReader) -> Digest:
    """Docker calls blobs by their digests; whoever reads one compares it."""
    called = _in_blobs(name)
    if called:
        return Digest(Algorithm.SHA256, called[1])
    hasher = Hasher()
    buffer = memoryview(bytearray(CHUNK))
    reader.seek(0)
    while count := reader.readinto(buffer):
        hasher.update(buffer[:count])
    return hasher.digest()


def _manifest_of(config: Descriptor, layers: Iterator[Descriptor]) -> ImageManifest:
    document: dict[str, JsonValue] = {
        "schemaVersion": 2,
        "mediaType": OCI_MANIFEST,
        "config": config.to_json(),
        "layers": [layer.to_json() for layer in layers],
    }
    manifest = parse_manifest(json.dumps(document, separators=(",", ":")).encode(), OCI_MANIFEST)
    assert isinstance(manifest, ImageManifest)
    return manifest
