"""An OCI image layout within one tar file, as a source and as a sink.

Podman and skopeo call it oci-archive; what docker has written since its version 25 can be read as one too.
"""

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from wharf.errors import PartsMissing
from wharf.images.disk import make_folders, remove_empty
from wharf.images.layout import ViewSource, entry_for, named
from wharf.images.layout_index import LayoutIndex
from wharf.images.layout_view import INDEX, MARK, VERSION, LayoutView, blob_name
from wharf.images.new_tar import NewTar
from wharf.images.progress import Counted
from wharf.images.reading import BlobReader
from wharf.images.ref_name import RefName
from wharf.images.sink import Arrival, Cargo, Moved, Traits
from wharf.images.tar_files import TarFiles
from wharf.images.thread_work import in_thread
from wharf.images.unpacking import Hashed
from wharf.images.verified import Verified
from wharf.oci.descriptor import Descriptor
from wharf.oci.digest import Algorithm, Digest
from wharf.oci.manifest import Manifest
from wharf.oci.reference import Tag

_NAME_SIZE: Final = len("blobs/sha256/") + 64


class LayoutArchiveSource(ViewSource):
    def __init__(self, file: Path, name: RefName | None = None) -> None:
        place = f"oci-archive:{file}"
        self._files = TarFiles(file, place)
        super().__init__(LayoutView(self._files, place), name)

    async def close(self) -> None:
        self._files.close()


class LayoutArchiveSink:
    """It begins empty, and what was under its name before is replaced when it is closed."""

    traits = Traits(is_read_as_oci=True)

    def __init__(self, file: Path, name: RefName | None = None) -> None:
        self._place = f"oci-archive:{file}"
        self._file = file
        self._name = name
        self._tar: NewTar | None = None
        self._made: list[Path] = []
        self._turn = asyncio.Lock()
        self._blobs: set[Digest] = set()
        self._nameless: dict[Digest, Manifest] = {}
        self._index = LayoutIndex.empty()
        self._known: set[Digest] = set()

    async def digest_of(self, which: Tag | Digest) -> Digest | None:
        if isinstance(which, Digest):
            return which if which in self._known else None
        entries = self._index.under(named(which, self._name))
        return entries[0].descriptor.digest if entries else None

    async def put_blob(self, cargo: Cargo, moved: Moved) -> Arrival:
        wanted = cargo.descriptor
        async with self._turn:  # a tar file has one end, and one writer there
            if wanted.digest in self._blobs:
                return Arrival.PRESENT
            reader = Verified(await cargo.open(0), wanted)
            await in_thread(lambda counted: self._write(Counted(reader, counted), wanted.digest), moved)
        return Arrival.SENT

    async def put_stream(self, media_type: str, reader: BlobReader, moved: Moved) -> Descriptor:
        async with self._turn:
            return await in_thread(lambda counted: self._write_stream(media_type, reader, counted), moved)

    async def put_manifest(self, manifest: Manifest, tags: Sequence[Tag]) -> None:
        missing = [str(blob.digest) for blob in manifest.required_blobs if blob.digest not in self._blobs]
        if missing:
            raise PartsMissing(self._place, missing)
        async with self._turn:
            await asyncio.to_thread(self._put_manifest, manifest, tags)

    async def close(self) -> None:
        tar, self._tar = self._tar, None
        if tar is not None:
            await asyncio.to_thread(self._finish, tar)

    async def abandon(self) -> None:
        tar, self._tar = self._tar, None
        if tar is not None:
            await asyncio.to_thread(tar.drop)
            remove_empty(self._made)

    # --- below here: in a thread, one at a time ----------------------------------------------------------------------

    def _opened(self) -> NewTar:
        if self._tar is None:
            self._made = make_folders(self._file.parent)
            self._tar = NewTar(self._file)
        return self._tar

    def _write(self, reader: BlobReader, digest: Digest) -> None:
        try:
            self._opened().add_stream(reader, lambda: blob_name(digest), len(blob_name(digest)))
        finally:
            reader.close()
        self._blobs.add(digest)

    def _write_stream(self, media_type: str, reader: BlobReader, moved: Moved) -> Descriptor:
        hashed = Hashed(Counted(reader, moved), Algorithm.SHA256)
        try:
            self._opened().add_stream(hashed, lambda: self._new_name(hashed.digest()), _NAME_SIZE)
        finally:
            hashed.close()
        self._blobs.add(hashed.digest())
        return Descriptor(media_type, hashed.digest(), hashed.size)

    def _new_name(self, digest: Digest) -> str | None:
        return None if digest in self._blobs else blob_name(digest)

    def _put_manifest(self, manifest: Manifest, tags: Sequence[Tag]) -> None:
        self._add_manifest(manifest, manifest.digest())
        for child in manifest.children:
            self._settle_child(child.digest)
        if tags or manifest.subject is not None:
            self._index = self._index.with_image(entry_for(manifest), [named(tag, self._name) for tag in tags])
        else:
            self._nameless[manifest.digest()] = manifest

    def _settle_child(self, digest: Digest) -> None:
        """It needs no entry of its own, and must be found under the digest that its index knows it by."""
        known = next((each for each in self._nameless.values() if each.digest(digest.algorithm) == digest), None)
        if known is not None:
            self._add_manifest(known, digest)
            del self._nameless[known.digest()]

    def _add_manifest(self, manifest: Manifest, digest: Digest) -> None:
        if digest not in self._known:
            self._opened().add(blob_name(digest), manifest.raw)
            self._known.add(digest)

    def _finish(self, tar: NewTar) -> None:
        try:
            for manifest in self._nameless.values():
                self._index = self._index.with_image(entry_for(manifest), ())
            if self._index.entries:
                tar.add(INDEX, self._index.to_bytes())
                tar.add(MARK, json.dumps({"imageLayoutVersion": VERSION}, separators=(",", ":")).encode())
                tar.put()
        finally:
            tar.drop()
