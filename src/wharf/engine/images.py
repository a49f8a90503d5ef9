"""A Docker Engine as a place for images: what it gives and takes is an archive, which lies in a folder for a while."""

import asyncio
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile, gettempdir
from typing import Final

from wharf.engine.docker import Engine, EngineImage
from wharf.errors import BlobUnknown, EngineRefused, ImageNotThere
from wharf.images.disk import writing_to
from wharf.images.docker_archive import ArchiveSink, ArchiveSource
from wharf.images.reading import BlobReader
from wharf.images.sink import Arrival, Cargo, Moved, Traits
from wharf.images.tar_files import TarFiles
from wharf.images.thread_work import in_thread
from wharf.oci.descriptor import Descriptor
from wharf.oci.digest import Digest
from wharf.oci.manifest import ImageManifest, Manifest
from wharf.oci.reference import DEFAULT_TAG, Reference, Tag

_ARCHIVE: Final = "image.tar"
_PLACE: Final = "the container engine"


class EngineSource:
    """The images of one repository, as the engine has them, or the one with an id.

    `near` is where the archive lies meanwhile, without a name that could be left behind.
    """

    def __init__(self, environ: Mapping[str, str], reference: Reference | Digest, near: Path | None = None) -> None:
        self._connection = _Connection(environ)
        self._reference = reference
        self._near = near
        self._saved: dict[str, ArchiveSource] = {}
        self._manifests: list[Manifest] = []
        self._owners: dict[Digest, ArchiveSource] = {}

    async def manifest(self, which: Tag | Digest | None) -> Manifest:
        if isinstance(which, Digest):
            return await self._manifest_of(which)
        archive = await self._archive(self._name_of(which))
        manifest = await archive.manifest(None)
        self._manifests.append(manifest)
        self._owners.update((blob.digest, archive) for blob in manifest.required_blobs)
        return manifest

    async def blob(self, descriptor: Descriptor, offset: int = 0) -> BlobReader:
        if descriptor.digest not in self._owners:
            raise BlobUnknown(_PLACE, str(descriptor.digest))
        return await self._owners[descriptor.digest].blob(descriptor, offset)

    async def tags(self) -> tuple[Tag, ...]:
        reference = self._reference
        if isinstance(reference, Digest):
            return ()
        engine = await self._connection.engine()
        images = await asyncio.to_thread(engine.images)
        names = (name for image in images for name in image.names if _is_of(name, reference))
        return tuple(sorted({name.tag for name in names if name.tag is not None}))

    async def referrers(self, subject: Digest) -> tuple[Descriptor, ...]:
        """An engine keeps nothing of this kind."""
        return ()

    async def close(self) -> None:
        for archive in self._saved.values():
            await archive.close()
        self._saved.clear()
        await self._connection.close()

    async def _manifest_of(self, digest: Digest) -> Manifest:
        """The engine knows no digests of manifests; they are those of the archives that it gave."""
        for manifest in self._manifests:
            if manifest.digest(digest.algorithm) == digest:
                return manifest
        raise ImageNotThere(_PLACE, str(digest), [str(tag) for tag in await self.tags()])

    def _name_of(self, tag: Tag | None) -> str:
        if isinstance(self._reference, Digest):
            return str(self._reference)
        return str(_reference(self._reference, tag or self._reference.tag or Tag(DEFAULT_TAG)))

    async def _archive(self, name: str) -> ArchiveSource:
        if name not in self._saved:
            engine = await self._connection.engine()
            if isinstance(self._reference, Digest):  # asked to save one that is not there, engines name files of theirs
                await asyncio.to_thread(engine.find, name)
            saved = await in_thread(partial(_saved, engine, name, self._near), _nobody_counts)
            self._saved[name] = ArchiveSource(saved)
        return self._saved[name]


class EngineSink:
    """Images are gathered in an archive, which the engine reads when the sink is closed; then they get their tags."""

    traits = Traits(holds_indexes=False)

    def __init__(self, environ: Mapping[str, str], reference: Reference, near: Path | None = None) -> None:
        self._connection = _Connection(environ)
        self._reference = reference
        self._folder = TemporaryDirectory(prefix="wharf-", dir=near)
        self._archive = ArchiveSink(self._file, ())
        self._wanted: dict[Digest, set[Tag]] = {}
        self._known: set[Digest] = set()
        self._is_open = True

    @property
    def _file(self) -> Path:
        return Path(self._folder.name) / _ARCHIVE

    async def recognises(self, image: ImageManifest) -> bool:
        """An engine calls an image by the digest of its configuration, which names all of its layers."""
        engine = await self._connection.engine()
        try:
            found = await asyncio.to_thread(engine.find, str(image.config.digest))
        except ImageNotThere:
            return False
        if found.id == image.config.digest:
            self._known.add(found.id)
        return found.id in self._known

    async def digest_of(self, which: Tag | Digest) -> Digest | None:
        """What an engine would write out has another digest than what it took in."""
        return None

    async def put_blob(self, cargo: Cargo, moved: Moved) -> Arrival:
        return await self._archive.put_blob(cargo, moved)

    async def put_stream(self, media_type: str, reader: BlobReader, moved: Moved) -> Descriptor:
        return await self._archive.put_stream(media_type, reader, moved)

    async def put_manifest(self, manifest: Manifest, tags: Sequence[Tag]) -> None:
        if not isinstance(manifest, ImageManifest) or manifest.config.digest not in self._known:
            await self._archive.put_manifest(manifest, ())
        if isinstance(manifest, ImageManifest):
            self._wanted.setdefault(manifest.config.digest, set()).update(tags)

    async def abandon(self) -> None:
        if self._is_open:
            self._is_open = False
            await self._archive.abandon()
            await self._clear_up()

    async def close(self) -> None:
        if not self._is_open:
            return
        self._is_open = False
        try:
            await self._deliver()
        finally:
            await self._clear_up()

    async def _deliver(self) -> None:
        loaded: tuple[EngineImage, ...] = ()
        engine = await self._connection.engine()
        if self._wanted.keys() - self._known:
            await self._archive.close()
            loaded = await in_thread(partial(_load, engine, self._file), _nobody_counts)
        else:
            await self._archive.abandon()
        for config, tags in self._wanted.items():
            image = config if config in self._known else _loaded_as(config, loaded)
            for tag in sorted(tags):
                await asyncio.to_thread(engine.tag, str(image), _reference(self._reference, tag))

    async def _clear_up(self) -> None:
        await self._connection.close()
        self._folder.cleanup()


class _Connection:
    """One engine, asked for when it is needed first."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self._engine: Engine | None = None
        self._turn = asyncio.Lock()

    async def engine(self) -> Engine:
        async with self._turn:
            if self._engine is None:
                self._engine = await asyncio.to_thread(Engine.connect, self._environ)
            return self._engine

    async def close(self) -> None:
        if self._engine is not None:
            self._engine.close()
            self._engine = None


def _loaded_as(config: Digest, loaded: Sequence[EngineImage]) -> Digest:
    """By its configuration; an engine that keeps manifests calls it by another digest, and then there is only one."""
    ids = {image.id for image in loaded}
    if config in ids:
        return config
    if len(ids) == 1:
        return ids.pop()
    said = [f"it speaks of: {', '.join(map(str, sorted(ids))) or 'no image'}"]
    raise EngineRefused("load the image", f"it does not say what became of {config}", said)


def _saved(engine: Engine, name: str, near: Path | None, moved: Moved) -> TarFiles:
    with writing_to(near or Path(gettempdir())), ExitStack() as stack:
        archive = stack.enter_context(TemporaryFile(dir=near))
        engine.save(name, archive, moved)
        archive.flush()
        stack.pop_all()
    return TarFiles(Path(name), f"docker-daemon:{name}", archive)


def _load(engine: Engine, file: Path, moved: Moved) -> tuple[EngineImage, ...]:
    """An engine may take long, and whoever waits may leave: the archive loses its name, where an open file can."""
    with file.open("rb") as archive:
        if sys.platform != "win32":
            file.unlink()
            file.parent.rmdir()
        return engine.load(archive, moved)


def _is_of(name: Reference, reference: Reference) -> bool:
    return (name.registry, name.repository) == (reference.registry, reference.repository)


def _reference(reference: Reference, tag: Tag) -> Reference:
    return Reference(reference.registry, reference.repository, tag)


def _nobody_counts(size: int) -> None:
    """How large the archive will be is not known before it is there."""
