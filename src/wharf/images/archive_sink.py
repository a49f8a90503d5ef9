"""What `docker load` reads, as a sink: images in one tar file, their layers uncompressed.

The file is written beside its place, a layer at a time and straight from its source, and takes its place when the sink
is closed. An archive that was there before is replaced by it then, and not before.
"""

import asyncio
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Final

from wharf.errors import ImageBroken, MalformedArchive, MalformedManifest, MalformedPlace, PartsMissing
from wharf.images.archive_listing import (
    LARGEST_CONFIG,
    LISTING,
    ListedImage,
    familiar,
    listing_of,
    repositories_of,
)
from wharf.images.decompress import decompressed
from wharf.images.disk import make_folders, remove_empty
from wharf.images.new_tar import NewTar
from wharf.images.progress import Counted
from wharf.images.reading import CHUNK, BlobReader
from wharf.images.sink import Arrival, Cargo, Moved, Traits
from wharf.images.thread_work import in_thread
from wharf.images.unpacking import Hashed
from wharf.images.verified import Verified, read_whole
from wharf.oci.config import ImageConfig
from wharf.oci.descriptor import Descriptor
from wharf.oci.digest import Algorithm, Digest
from wharf.oci.manifest import ImageManifest, Manifest
from wharf.oci.media_types import DOCKER_CONFIG, OCI_CONFIG
from wharf.oci.reference import Reference, Tag

_SUFFIX: Final = ".tar"
_NAME_SIZE: Final = 64 + len(_SUFFIX)
_CONFIGS: Final = frozenset({OCI_CONFIG, DOCKER_CONFIG})


class ArchiveSink:
    """`names`: what the images are called, in the order in which they come; an image's tags choose among them."""

    traits = Traits(holds_indexes=False)

    def __init__(self, file: Path, names: Sequence[Reference] = ()) -> None:
        self._place = f"docker-archive:{file}"
        self._file = file
        self._names = tuple(names)
        self._unused = list(names)
        self._tar: NewTar | None = None
        self._made: list[Path] = []
        self._turn = asyncio.Lock()
        self._configs: dict[Digest, bytes] = {}
        self._layers: dict[Digest, Digest] = {}
        self._images: dict[str, ListedImage] = {}
        self._standing: dict[Tag | Digest, Digest] = {}

    async def digest_of(self, which: Tag | Digest) -> Digest | None:
        """Of what was put since the sink was opened: it begins empty."""
        return self._standing.get(which)

    async def put_blob(self, cargo: Cargo, moved: Moved) -> Arrival:
        wanted = cargo.descriptor
        async with self._turn:  # a tar file has one end, and one writer there
            if wanted.digest in self._configs or wanted.digest in self._layers:
                return Arrival.PRESENT
            reader = Verified(await cargo.open(0), wanted)
            if wanted.media_type in _CONFIGS:
                content = await asyncio.to_thread(read_whole, reader, LARGEST_CONFIG, "configuration")
                moved(len(content))
                self._configs[wanted.digest] = content
            else:
                self._layers[wanted.digest] = await self._add_layer(reader, wanted.media_type, moved)
        return Arrival.SENT

    async def put_stream(self, media_type: str, reader: BlobReader, moved: Moved) -> Descriptor:
        packed = Hashed(reader, Algorithm.SHA256)
        async with self._turn:
            diff_id = await self._add_layer(packed, media_type, moved)
            digest, size = packed.digest(), packed.size
            self._layers[digest] = diff_id
        return Descriptor(media_type, digest, size)

    async def put_manifest(self, manifest: Manifest, tags: Sequence[Tag]) -> None:
        if not isinstance(manifest, ImageManifest) or manifest.config.media_type not in _CONFIGS:
            raise MalformedManifest(
                manifest.media_type,
                "a docker archive holds images for one platform each, and nothing else",
                next_step="write an OCI layout: oci:FOLDER, or oci-archive:FILE",
            )
        async with self._turn:
            names = self._names_for(tags)
            await asyncio.to_thread(self._list, manifest, names)
            self._standing.update(dict.fromkeys([*tags, manifest.digest()], manifest.digest()))

    async def close(self) -> None:
        tar, self._tar = self._tar, None
        if tar is not None:
            await asyncio.to_thread(self._finish, tar)

    async def abandon(self) -> None:
        tar, self._tar = self._tar, None
        if tar is not None:
            await asyncio.to_thread(tar.drop)
            remove_empty(self._made)

    # --- what it is called -------------------------------------------------------------------------------------------

    def _names_for(self, tags: Sequence[Tag]) -> list[str]:
        return [familiar(self._name_for(tag)) for tag in tags]

    def _name_for(self, tag: Tag) -> Reference:
        """Of several names with this tag each belongs to another image."""
        name = next((name for name in (*self._unused, *self._names) if name.tag == tag), None)
        if name in self._unused:
            self._unused.remove(name)
        repositories = {(name.registry, name.repository) for name in self._names}
        if name is None and len(repositories) == 1:
            name = replace(self._names[0], tag=tag, digest=None)
        if name is None:
            hint = f"name the image: {self._place}:NAME:{tag}"
            raise MalformedPlace(self._place, f"the tag {tag} belongs to no name", next_step=hint)
        return name

    # --- below here: in a thread, one at a time ----------------------------------------------------------------------

    async def _add_layer(self, reader: BlobReader, media_type: str, moved: Moved) -> Digest:
        return await in_thread(lambda counted: self._write_layer(reader, media_type, counted), moved)

    def _write_layer(self, reader: BlobReader, media_type: str, moved: Moved) -> Digest:
        """The digest of the layer as it is when nothing is compressed."""
        plain = Hashed(decompressed(Counted(reader, moved), media_type), Algorithm.SHA256)
        with closing(plain):
            try:
                self._opened().add_stream(plain, lambda: self._new_name(plain.digest()), _NAME_SIZE)
            except MalformedArchive:
                _read_on(reader)  # to the digest: bytes that were changed on their way are told as that
                raise
        return plain.digest()

    def _new_name(self, diff_id: Digest) -> str | None:
        """None for what is there already, and came in another compression."""
        return None if diff_id in self._layers.values() else _layer_name(diff_id)

    def _opened(self) -> NewTar:
        if self._tar is None:
            self._made = make_folders(self._file.parent)
            self._tar = NewTar(self._file)
        return self._tar

    def _list(self, manifest: ImageManifest, names: Sequence[str]) -> None:
        missing = [blob.digest for blob in manifest.layers if blob.digest not in self._layers]
        if manifest.config.digest not in self._configs:
            missing.append(manifest.config.digest)
        if missing:
            raise PartsMissing(self._place, [str(digest) for digest in missing])
        raw = self._configs[manifest.config.digest]
        diff_ids = [self._layers[layer.digest] for layer in manifest.layers]
        self._refuse_lies(ImageConfig.parse(raw), diff_ids)
        config = f"{Digest.of(raw).hex}.json"
        if config not in self._images:
            self._opened().add(config, raw)
        self._take_names_away(names)
        before = self._images[config].names if config in self._images else ()
        layers = tuple(map(_layer_name, diff_ids))
        self._images[config] = ListedImage(config, layers, tuple(dict.fromkeys([*before, *names])))

    def _refuse_lies(self, config: ImageConfig, diff_ids: Sequence[Digest]) -> None:
        flaws = []
        if len(config.diff_ids) != len(diff_ids):
            flaws.append(f"{len(diff_ids)} layers, and the configuration names {len(config.diff_ids)}")
        for number, (said, found) in enumerate(zip(config.diff_ids, diff_ids, strict=False), 1):
            if said != found and said.algorithm is found.algorithm:
                flaws.append(f"layer {number} unpacks to {found}, and the configuration says {said}")
        if flaws:
            raise ImageBroken(self._place, flaws)

    def _take_names_away(self, names: Sequence[str]) -> None:
        """A name belongs to the last image that got it."""
        for config, image in self._images.items():
            self._images[config] = replace(image, names=tuple(name for name in image.names if name not in names))

    def _finish(self, tar: NewTar) -> None:
        try:
            if self._images:
                images = tuple(self._images.values())
                tar.add("repositories", repositories_of(images))
                tar.add(LISTING, listing_of(images))
                tar.put()
        finally:
            tar.drop()


def _layer_name(diff_id: Digest) -> str:
    return f"{diff_id.hex}{_SUFFIX}"


def _read_on(reader: BlobReader) -> None:
    buffer = memoryview(bytearray(CHUNK))
    while reader.readinto(buffer):
        pass
