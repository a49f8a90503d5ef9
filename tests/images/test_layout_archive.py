"""OCI layouts within tar files."""

import asyncio
import gzip
import tarfile
from pathlib import Path

import pytest

from wharf.errors import DigestMismatch, ImageNotThere, MalformedArchive, PartsMissing, SizeMismatch
from wharf.images.layout_archive import LayoutArchiveSink, LayoutArchiveSource
from wharf.images.sink import Arrival
from wharf.oci.digest import Algorithm
from wharf.oci.reference import Tag
from wharf.testing.contracts.image_place import content_of, raised, same_image, uncounted
from wharf.testing.random_image import RandomImage, cargo_of, put_image, random_image, random_index, random_referrer

V1, V2 = Tag("v1"), Tag("v2")


def written(file: Path, *images: tuple[RandomImage, tuple[Tag, ...]]) -> Path:
    async def story() -> None:
        sink = LayoutArchiveSink(file)
        for image, tags in images:
            await put_image(image, sink, *tags)
        await sink.close()
        await sink.close()

    asyncio.run(story())
    return file


@pytest.mark.parametrize("algorithm", Algorithm)
def test_images_are_read_back_as_they_were_put(tmp_path: Path, algorithm: Algorithm) -> None:
    index, image = random_index(1, algorithm=algorithm), random_image(2)
    file = written(tmp_path / "new/images.tar", (index, (V1,)), (image, (V2, Tag("latest"))))

    async def story() -> None:
        source = LayoutArchiveSource(file)
        await same_image(index, source)
        assert (await source.manifest(V1), await source.manifest(V2)) == (index.manifest, image.manifest)
        assert await source.tags() == (Tag("latest"), V1, V2)
        await raised(ImageNotThere, source.manifest(None))
        reader = await source.blob(image.image.layers[0], 100)
        reader.close()
        await source.close()

    asyncio.run(story())


def test_the_only_image_needs_no_name_and_what_is_about_it_is_listed(tmp_path: Path) -> None:
    image = random_index(3)
    referrer = random_referrer(image)
    file = written(tmp_path / "images.tar", (image, ()), (referrer, ()))

    async def story() -> None:
        source = LayoutArchiveSource(file)
        assert await source.manifest(None) == image.manifest
        (found,) = await source.referrers(image.digest)
        assert found.digest == referrer.digest

    asyncio.run(story())


def test_an_archive_may_be_compressed_as_a_whole(tmp_path: Path) -> None:
    image = random_image(4)
    file = written(tmp_path / "images.tar", (image, (V1,)))
    file.write_bytes(gzip.compress(file.read_bytes()))

    async def story() -> None:
        source = LayoutArchiveSource(file)
        await same_image(image, source)
        await source.close()

    asyncio.run(story())


def test_nothing_stands_twice_in_it(tmp_path: Path) -> None:
    image = random_image(5)
    file = written(tmp_path / "images.tar", (image, (V1,)), (image, (V2,)))
    with tarfile.open(file) as tar:
        assert len(set(tar.getnames())) == len(tar.getnames()) == 3 + 2 + 2


def test_a_sink_knows_what_was_put(tmp_path: Path) -> None:
    async def story() -> None:
        sink = LayoutArchiveSink(tmp_path / "images.tar")
        image = random_image(6)
        layer = image.image.layers[0]
        assert await sink.put_blob(image.cargo(layer), uncounted) is Arrival.SENT
        assert await sink.put_blob(image.cargo(layer), uncounted) is Arrival.PRESENT
        reader = await image.cargo(layer).open(0)
        assert await sink.put_stream(layer.media_type, reader, uncounted) == layer
        await put_image(image, sink, V1)
        assert await sink.digest_of(V1) == await sink.digest_of(image.digest) == image.digest
        assert await sink.digest_of(V2) is None
        await sink.abandon()

    asyncio.run(story())


def test_what_was_there_stays_when_the_copy_fails(tmp_path: Path) -> None:
    file = written(tmp_path / "images.tar", (random_image(7), (V1,)))
    before = file.read_bytes()

    async def story() -> None:
        sink = LayoutArchiveSink(file)
        image = random_image(8)
        layer = image.image.layers[0]
        content = image.blobs[layer.digest]
        await raised(SizeMismatch, sink.put_blob(cargo_of(layer, content[:-1]), uncounted))
        await raised(DigestMismatch, sink.put_blob(cargo_of(layer, content[:-1] + b"!"), uncounted))
        await raised(PartsMissing, sink.put_manifest(image.manifest, [V1]))
        await sink.abandon()
        await sink.close()

    asyncio.run(story())
    assert (before, ["images.tar"]) == (file.read_bytes(), [path.name for path in tmp_path.iterdir()])


@pytest.mark.parametrize("name", ["index.json", "oci-layout"])
def test_links_are_not_followed_out_of_it(tmp_path: Path, name: str) -> None:
    with tarfile.open(tmp_path / "images.tar", "w") as tar:
        entry = tarfile.TarInfo(name)
        entry.type, entry.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(entry)

    async def story() -> None:
        source = LayoutArchiveSource(tmp_path / "images.tar")
        await raised(MalformedArchive if name == "oci-layout" else ImageNotThere, source.manifest(None))

    asyncio.run(story())


def test_a_blob_reads_as_what_it_is(tmp_path: Path) -> None:
    image = random_image(9)
    file = written(tmp_path / "images.tar", (image, (V1,)))
    file.write_bytes(file.read_bytes().replace(b'"rootfs"', b'"rootFS"'))

    async def story() -> None:
        source = LayoutArchiveSource(file)
        await raised(DigestMismatch, content_of(source, image.image.config))

    asyncio.run(story())
