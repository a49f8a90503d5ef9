"""Docker archives as tests make them and look at them."""

import asyncio
import io
import json
import tarfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from wharf.errors import (
    WharfError,
)
from wharf.images.compress import Compression
from wharf.images.docker_archive import ArchiveSink, ArchiveSource
from wharf.images.source import ImageSource
from wharf.oci.digest import Digest
from wharf.oci.manifest import ImageManifest
from wharf.oci.reference import Reference, Tag
from wharf.testing.contracts.image_place import content_of, raised
from wharf.testing.random_image import (
    RandomImage,
    put_image,
    random_image,
)

V1, V2 = Tag("v1"), Tag("v2")
APP, OTHER = Reference.parse("app:v1"), Reference.parse("registry.example/team/other:v1")
PLAIN = random_image(1, compression=Compression.NONE)


def files_of(image: RandomImage) -> tuple[bytes, list[bytes]]:
    return image.blobs[image.image.config.digest], [image.blobs[layer.digest] for layer in image.image.layers]


def tar_of(files: Mapping[str, bytes | tarfile.TarInfo]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for name, content in files.items():
            entry = content if isinstance(content, tarfile.TarInfo) else tarfile.TarInfo(name)
            entry.name = name
            if isinstance(content, bytes):
                entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content) if isinstance(content, bytes) else None)
    return buffer.getvalue()


def link(target: str, kind: bytes = tarfile.SYMTYPE) -> tarfile.TarInfo:
    entry = tarfile.TarInfo()
    entry.type, entry.linkname = kind, target
    return entry


def listing(layers: Sequence[str], config: str = "c.json", names: Sequence[str] | None = ("app:v1",)) -> bytes:
    return json.dumps([{"Config": config, "RepoTags": names, "Layers": list(layers)}]).encode()


def as_files(image: RandomImage, names: Sequence[str] | None = ("app:v1",)) -> dict[str, bytes | tarfile.TarInfo]:
    config, layers = files_of(image)
    named: dict[str, bytes | tarfile.TarInfo] = {f"l{number}/layer.tar": layer for number, layer in enumerate(layers)}
    return {**named, "c.json": config, "manifest.json": listing(list(named), names=names)}


def archive(folder: Path, content: bytes) -> Path:
    (folder / "image.tar").write_bytes(content)
    return folder / "image.tar"


async def same_content(image: RandomImage, source: ImageSource, which: Tag | Digest | None = None) -> ImageManifest:
    """The archive's own manifest, of which all blobs are those of the image when nothing is compressed."""
    manifest = await source.manifest(which)
    assert isinstance(manifest, ImageManifest)
    config, layers = files_of(image)
    assert await content_of(source, manifest.config) == config
    assert [await content_of(source, layer) for layer in manifest.layers] == layers
    return manifest


def check(file: Path, image: RandomImage, which: Tag | Digest | None = None, name: Reference | None = None) -> None:
    async def story() -> None:
        source = ArchiveSource(file, name)
        await same_content(image, source, which)
        await source.close()

    asyncio.run(story())


def refused(kind: type[WharfError], file: Path, which: Tag | None = None, name: Reference | None = None) -> WharfError:
    async def story() -> WharfError:
        return await raised(kind, ArchiveSource(file, name).manifest(which))

    return asyncio.run(story())


def written(file: Path, image: RandomImage, names: Sequence[Reference] = (APP,), *tags: Tag) -> Path:
    async def story() -> None:
        sink = ArchiveSink(file, names)
        await put_image(image, sink, *(tags or (V1,)))
        await sink.close()

    asyncio.run(story())
    return file


def json_in(file: Path, name: str) -> Any:
    with tarfile.open(file) as tar:
        opened = tar.extractfile(name)
        assert opened is not None
        return json.loads(opened.read())
