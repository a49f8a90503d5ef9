"""A folder of images in the form of the OCI image layout, as a source and as a sink.

What stays after a failure: whole blobs, which the next attempt need not fetch again; never a part of one, and never an
image that is named before all of it is there. Each blob is forced to the disk once, before it gets its name, and the
index after that, so what the index names survives a loss of power.
"""

import asyncio
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from wharf.errors import Malformed, PartsMissing, TooLarge, Untrue
from wharf.images.disk import FileReader, sweep, write_new, write_stream
from wharf.images.layout_folder import LayoutFolder
from wharf.images.layout_index import LayoutIndex
from wharf.images.layout_view import LayoutView
from wharf.images.reading import BlobReader
from wharf.images.ref_name import Name, RefName
from wharf.images.sink import Arrival, Cargo, Moved, Traits
from wharf.images.thread_work import in_thread
from wharf.images.verified import Verified
from wharf.oci.descriptor import Descriptor
from wharf.oci.digest import Algorithm, Digest
from wharf.oci.manifest import Manifest
from wharf.oci.reference import Tag


class ViewSource:
    """Images of a layout, wherever it lies. With a name, the image of this name is meant where none is asked for."""

    def __init__(self, view: LayoutView, name: RefName | None = None) -> None:
        self.view = view
        self._name = name

    async def manifest(self, which: Tag | Digest | None) -> Manifest:
        return await asyncio.to_thread(self.view.chosen, which or self._name)

    async def blob(self, descriptor: Descriptor, offset: int = 0) -> FileReader:
        return self.view.blob(descriptor, offset)

    async def tags(self) -> tuple[Tag, ...]:
        index = await asyncio.to_thread(self.view.index)
        return index.tags() if index else ()

    async def names(self) -> tuple[str, ...]:
        """As they stand there; an empty one for images without a name."""
        return await asyncio.to_thread(self.view.names)

    async def referrers(self, subject: Digest) -> tuple[Descriptor, ...]:
        return tuple(await asyncio.to_thread(lambda: list(self.view.referrers(subject))))

    async def close(self) -> None:
        pass


class LayoutSource(ViewSource):
    def __init__(self, folder: Path, name: RefName | None = None) -> None:
        super().__init__(LayoutFolder(folder).view, name)


class LayoutSink:
    """Manifests without a tag get an entry when the sink is closed, unless they turned out to be parts of others.

    `name`: what is written in the place of the tag that it ends with.
    """

    traits = Traits(keeps_whole=True, is_read_as_oci=True)

    def __init__(self, folder: Path, name: RefName | None = None) -> None:
        self._folder = LayoutFolder(folder)
        self._name = name
        self._is_prepared = False
        self._preparing = threading.Lock()
        self._listing = threading.Lock()
        self._nameless: dict[Digest, Manifest] = {}

    async def digest_of(self, which: Tag | Digest) -> Digest | None:
        return await asyncio.to_thread(self._digest_of, which)

    async def put_blob(self, cargo: Cargo, moved: Moved) -> Arrival:
        wanted = cargo.descriptor
        if await asyncio.to_thread(self._folder.holds, wanted.digest, wanted.size):
            return Arrival.PRESENT
        reader = Verified(await cargo.open(0), wanted)
        await in_thread(lambda counted: self._receive(reader, lambda: wanted.digest, counted), moved)
        return Arrival.SENT

    async def put_stream(self, media_type: str, reader: BlobReader, moved: Moved) -> Descriptor:
        from wharf.images.unpacking import Hashed  # noqa: PLC0415 - start-up time: most copies do not need it

        hashed = Hashed(reader, Algorithm.SHA256)
        await in_thread(lambda counted: self._receive(hashed, hashed.digest, counted), moved)
        return Descriptor(media_type, hashed.digest(), hashed.size)

    async def put_manifest(self, manifest: Manifest, tags: Sequence[Tag]) -> None:
        await asyncio.to_thread(self._put_manifest, manifest, tags)

    async def close(self) -> None:
        if self._nameless:
            await asyncio.to_thread(self._list_nameless)

    async def abandon(self) -> None:
        self._nameless.clear()
        await asyncio.to_thread(self._folder.clear_away)

    # --- below here: in a thread -------------------------------------------------------------------------------------

    def _digest_of(self, which: Tag | Digest) -> Digest | None:
        """An image of which something is missing, or that nothing leads to, is not there: putting it again mends it."""
        view = self._folder.view
        index = view.index() or LayoutIndex.empty()
        try:
            found = view.found(index, which if isinstance(which, Digest) else named(which, self._name))
            if found is None or not self._folder.is_whole(found):
                return None
            if isinstance(which, Tag):
                return found.digest()
            return which if found.digest() in self._nameless or view.leads_to(index, which) else None
        except (Malformed, Untrue, TooLarge):
            return None

    def _prepare(self) -> None:
        with self._preparing:
            if not self._is_prepared:
                self._folder.prepare()
                sweep(self._folder.path)
                self._is_prepared = True

    def _receive(self, reader: BlobReader, digest: Callable[[], Digest], moved: Moved) -> None:
        try:
            self._prepare()
            write_stream(reader, self._folder.path, lambda: self._folder.place_of(digest()), moved)
        finally:
            reader.close()

    def _put_manifest(self, manifest: Manifest, tags: Sequence[Tag]) -> None:
        self._prepare()
        self._refuse_missing_parts(manifest)
        self._write_manifest(manifest, manifest.digest())
        with self._listing:
            for child in manifest.children:
                self._settle_child(child.digest)
            if tags or manifest.subject is not None:
                descriptor, names = entry_for(manifest), [named(tag, self._name) for tag in tags]
                self._folder.change_index(lambda index: index.with_image(descriptor, names))
            else:
                self._nameless[manifest.digest()] = manifest

    def _refuse_missing_parts(self, manifest: Manifest) -> None:
        missing = [blob for blob in manifest.required_blobs if not self._folder.holds(blob.digest, blob.size)]
        if missing:
            raise PartsMissing(self._folder.view.place, [str(blob.digest) for blob in missing])

    def _settle_child(self, digest: Digest) -> None:
        """It needs no entry of its own, and must be found under the digest that its index knows it by."""
        known = next((each for each in self._nameless.values() if each.digest(digest.algorithm) == digest), None)
        if known is not None:
            self._write_manifest(known, digest)
            del self._nameless[known.digest()]

    def _write_manifest(self, manifest: Manifest, digest: Digest) -> None:
        if self._folder.content_of(digest, len(manifest.raw)) != manifest.raw:
            write_new(self._folder.path, self._folder.place_of(digest), manifest.raw)

    def _list_nameless(self) -> None:
        def with_all(index: LayoutIndex) -> LayoutIndex:
            for manifest in self._nameless.values():
                index = index.with_image(entry_for(manifest), ())
            return index

        self._folder.change_index(with_all)
        self._nameless.clear()


def entry_for(manifest: Manifest) -> Descriptor:
    raw = manifest.raw
    return Descriptor(manifest.media_type, manifest.digest(), len(raw), artifact_type=manifest.declared_artifact_type)


def named(tag: Tag, name: RefName | None) -> Name:
    """The name that was wished for this tag."""
    return name if name is not None and name.tag == tag else tag
