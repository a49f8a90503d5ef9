"""Images as files, between wharf and the tools that write and read the same forms, both ways."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.clients.layouts import BUSYBOX, STORY
from tests.clients.programs import Home
from tests.clients.tools import Podman, Skopeo
from wharf.images.compress import Compression
from wharf.images.docker_archive import ArchiveSink, ArchiveSource
from wharf.images.layout import LayoutSink, LayoutSource
from wharf.images.layout_archive import LayoutArchiveSink, LayoutArchiveSource
from wharf.images.sink import ImageSink
from wharf.images.source import ImageSource
from wharf.images.verified import read_small
from wharf.oci.config import ImageConfig
from wharf.oci.manifest import ImageManifest
from wharf.oci.reference import Reference, Tag
from wharf.testing.contracts.image_place import content_of, same_image
from wharf.testing.random_image import RandomImage, put_image, random_image, random_index

pytestmark = pytest.mark.slow

V1 = Tag("v1")
APP = Reference.parse("registry.example/team/app:v1")
LARGEST = 1 << 20

Sinks = Callable[[Path], ImageSink]
Sources = Callable[[Path], ImageSource]


def put(sink: ImageSink, image: RandomImage, *tags: Tag) -> None:
    async def story() -> None:
        await put_image(image, sink, *tags)
        await sink.close()

    asyncio.run(story())


def unpacked_layers(source: ImageSource, which: Tag | None) -> list[bytes]:
    """The layers' bytes as they lie there; of an archive that holds them unpacked, the tars."""

    async def story() -> list[bytes]:
        manifest = await source.manifest(which)
        assert isinstance(manifest, ImageManifest)
        await read_small(source, manifest.config, LARGEST, "configuration")
        layers = [await content_of(source, layer) for layer in manifest.layers]
        await source.close()
        return layers

    return asyncio.run(story())


def tars_of(image: RandomImage) -> list[bytes]:
    return [image.blobs[layer.digest] for layer in image.image.layers]


def config_of(source: ImageSource, which: Tag | None) -> ImageConfig:
    async def story() -> ImageConfig:
        manifest = await source.manifest(which)
        assert isinstance(manifest, ImageManifest)
        raw = await read_small(source, manifest.config, LARGEST, "configuration")
        await source.close()
        return ImageConfig.parse(raw)

    return asyncio.run(story())


@pytest.mark.parametrize("compression", [Compression.NONE, Compression.GZIP, Compression.ZSTD])
@pytest.mark.parametrize(("scheme", "sink"), [("oci", LayoutSink), ("oci-archive", LayoutArchiveSink)])
def test_skopeo_reads_our_layouts(
    skopeo: Skopeo, home: Home, scheme: str, sink: Sinks, compression: Compression
) -> None:
    image = random_image(1, compression=compression)
    place, back = home.folder() / "images", home.folder()
    put(sink(place), image, V1)
    skopeo.program.run("copy", f"{scheme}:{place}:v1", f"oci:{back}:v1")
    if compression is not Compression.NONE:  # what is not compressed it compresses
        asyncio.run(same_image(image, LayoutSource(back)))
    assert str(image.digest) == json.loads(skopeo.program.run("inspect", f"{scheme}:{place}:v1"))["Digest"]


def test_skopeo_reads_an_image_of_ours_that_has_no_name(skopeo: Skopeo, home: Home) -> None:
    folder = home.folder()
    put(LayoutSink(folder), random_image(2))
    assert str(random_image(2).digest) == json.loads(skopeo.program.run("inspect", f"oci:{folder}"))["Digest"]


def test_skopeo_reads_our_images_of_many_platforms(skopeo: Skopeo, home: Home) -> None:
    index = random_index(3)
    place, back = home.folder(), home.folder()
    put(LayoutSink(place), index, V1)
    skopeo.program.run("copy", "--all", f"oci:{place}:v1", f"oci:{back}:v1")
    asyncio.run(same_image(index, LayoutSource(back)))


@pytest.mark.parametrize(("scheme", "source"), [("oci", LayoutSource), ("oci-archive", LayoutArchiveSource)])
def test_we_read_the_layouts_of_skopeo(skopeo: Skopeo, home: Home, scheme: str, source: Sources) -> None:
    image = random_image(4)
    place, made = home.folder(), home.folder() / "images"
    put(LayoutSink(place), image, V1)
    skopeo.program.run("copy", f"oci:{place}:v1", f"{scheme}:{made}:v2")
    assert tars_of(image) == unpacked_layers(source(made), Tag("v2"))
    assert tars_of(image) == unpacked_layers(source(made), None)


def test_skopeo_and_we_write_into_one_layout(skopeo: Skopeo, home: Home) -> None:
    shared, other = home.folder(), home.folder()
    put(LayoutSink(other), random_image(5), V1)
    put(LayoutSink(shared), random_image(6), Tag("ours"))
    skopeo.program.run("copy", f"oci:{other}:v1", f"oci:{shared}:theirs")
    put(LayoutSink(shared), random_image(7), Tag("theirs"), Tag("later"))
    skopeo.program.run("copy", f"oci:{shared}:later", f"oci:{shared}:last")

    async def story() -> None:
        source = LayoutSource(shared)
        assert await source.tags() == tuple(map(Tag, ("last", "later", "ours", "theirs")))
        assert await source.manifest(Tag("theirs")) == random_image(7).manifest
        assert await source.manifest(Tag("ours")) == random_image(6).manifest

    asyncio.run(story())


@pytest.mark.parametrize("compression", [Compression.NONE, Compression.GZIP, Compression.ZSTD])
def test_skopeo_reads_our_archives(skopeo: Skopeo, home: Home, compression: Compression) -> None:
    plain, packed = random_image(8, compression=Compression.NONE), random_image(8, compression=compression)
    file, back = home.folder() / "image.tar", home.folder()
    put(ArchiveSink(file, [APP]), packed, V1)
    skopeo.program.run("copy", f"docker-archive:{file}:{APP}", f"docker-archive:{back}/back.tar:{APP}")
    assert tars_of(plain) == unpacked_layers(ArchiveSource(back / "back.tar", APP), None)
    named = json.loads(skopeo.program.run("list-tags", f"docker-archive:{file}"))
    assert [str(APP)] == named["Tags"]


@pytest.mark.parametrize("name", [f":{APP}", ""])
def test_we_read_the_archives_of_skopeo(skopeo: Skopeo, home: Home, name: str) -> None:
    plain = random_image(9, compression=Compression.NONE)
    place, file = home.folder(), home.folder() / "image.tar"
    put(LayoutSink(place), random_image(9), V1)
    skopeo.program.run("copy", f"oci:{place}:v1", f"docker-archive:{file}{name}")
    assert tars_of(plain) == unpacked_layers(ArchiveSource(file, APP if name else None), None)
    ours = ImageConfig.parse(plain.blobs[plain.image.config.digest])
    assert ours.diff_ids == config_of(ArchiveSource(file), None).diff_ids


def runnable(seed: int) -> RandomImage:
    files = {"bin/busybox": BUSYBOX.read_bytes(), STORY: b"a story in a file"}
    return random_image(seed, layers=2, files=files)


@pytest.mark.parametrize("form", ["docker-archive", "oci-archive"])
def test_podman_loads_what_we_write_and_we_read_what_it_saves(podman: Podman, home: Home, form: str) -> None:
    image, file, back = runnable(10), home.folder() / "image.tar", home.folder() / "back.tar"
    put(ArchiveSink(file, [APP]) if form == "docker-archive" else LayoutArchiveSink(file), image, V1)
    said = podman.program.run("load", "--input", file)
    loaded = said.strip().rpartition(": ")[2]
    podman.program.run("tag", loaded, "localhost/again:v1")
    podman.program.run("save", "--format", form, "--output", back, "localhost/again:v1")
    config = ImageConfig.parse(image.blobs[image.image.config.digest])
    source: ImageSource = ArchiveSource(back) if form == "docker-archive" else LayoutArchiveSource(back)
    assert config.diff_ids == config_of(source, V1).diff_ids
