"""Docker archives as they are written."""

import asyncio
import io
import json
import tarfile
from pathlib import Path

import pytest

from tests.images.archives import (
    APP,
    OTHER,
    PLAIN,
    V1,
    V2,
    check,
    files_of,
    json_in,
    written,
)
from wharf.errors import (
    ImageBroken,
    MalformedManifest,
    MalformedPlace,
    PartsMissing,
    SizeMismatch,
    WharfError,
)
from wharf.images.compress import Compression
from wharf.images.docker_archive import ArchiveSink
from wharf.images.sink import Arrival, ImageSink
from wharf.oci.config import ImageConfig
from wharf.oci.digest import Algorithm
from wharf.oci.manifest import parse_manifest
from wharf.oci.reference import Reference
from wharf.testing.contracts.image_place import raised, uncounted
from wharf.testing.random_image import (
    RandomImage,
    cargo_of,
    put_image,
    random_image,
    random_index,
    random_referrer,
)


@pytest.mark.parametrize("compression", Compression)
@pytest.mark.parametrize("algorithm", Algorithm)
def test_an_image_is_written_with_its_layers_unpacked(
    tmp_path: Path, compression: Compression, algorithm: Algorithm
) -> None:
    plain = random_image(7, compression=Compression.NONE)
    image = random_image(7, compression=compression, algorithm=algorithm)
    check(written(tmp_path / "new/folder/image.tar", image), plain, name=APP)


def test_it_is_named_as_docker_names_it(tmp_path: Path) -> None:
    file = written(tmp_path / "image.tar", PLAIN, [APP, OTHER, Reference.parse("team/app:v2")], V1, V1, V2)
    (image,) = json_in(file, "manifest.json")
    assert ["app:v1", "registry.example/team/other:v1", "team/app:v2"] == image["RepoTags"]
    assert {"app", "registry.example/team/other", "team/app"} == json_in(file, "repositories").keys()


def test_an_image_needs_no_name(tmp_path: Path) -> None:
    async def story() -> None:
        sink = ArchiveSink(tmp_path / "image.tar")
        await put_image(PLAIN, sink)
        problem = await raised(MalformedPlace, sink.put_manifest(PLAIN.manifest, [V1]))
        assert f"docker-archive:{tmp_path}/image.tar:NAME:v1" in problem.diagnostics().next_step
        await sink.close()

    asyncio.run(story())
    assert json_in(tmp_path / "image.tar", "manifest.json")[0]["RepoTags"] is None
    check(tmp_path / "image.tar", PLAIN)


def test_several_images_share_an_archive_and_their_layers(tmp_path: Path) -> None:
    image = random_image(8)
    packed_otherwise = random_image(8, compression=Compression.ZSTD)
    other = random_image(9)

    async def story() -> None:
        sink = ArchiveSink(tmp_path / "image.tar", [APP, Reference.parse("app:v2"), OTHER])
        await put_image(image, sink, V1)
        await put_image(packed_otherwise, sink, V2)
        await put_image(other, sink, V1)
        await sink.close()

    asyncio.run(story())
    first, second = json_in(tmp_path / "image.tar", "manifest.json")
    assert (["app:v1", "app:v2"], ["registry.example/team/other:v1"]) == (first["RepoTags"], second["RepoTags"])
    with tarfile.open(tmp_path / "image.tar") as tar:
        assert len(tar.getnames()) == len(set(tar.getnames())) == 3 + 1 + 3 + 1 + 2
    check(tmp_path / "image.tar", random_image(9, compression=Compression.NONE), name=OTHER)


def test_the_same_images_give_the_same_bytes(tmp_path: Path) -> None:
    first, second = written(tmp_path / "1.tar", PLAIN), written(tmp_path / "2.tar", PLAIN)
    assert first.read_bytes() == second.read_bytes()


def test_a_layer_is_put_once(tmp_path: Path) -> None:
    async def story() -> None:
        sink = ArchiveSink(tmp_path / "image.tar", [APP])
        image = random_image(10)
        layer = image.image.layers[0]
        counted: list[int] = []
        assert await sink.put_blob(image.cargo(layer), counted.append) is Arrival.SENT
        assert await sink.put_blob(image.cargo(layer), counted.append) is Arrival.PRESENT
        assert sum(counted) == layer.size
        await put_image(image, sink, V1)
        assert await sink.digest_of(V1) == await sink.digest_of(image.digest) == image.digest
        assert await sink.digest_of(V2) is None
        await sink.close()

    asyncio.run(story())


def test_a_stream_becomes_a_layer(tmp_path: Path) -> None:
    async def story() -> None:
        sink = ArchiveSink(tmp_path / "image.tar", [APP])
        image = random_image(11)
        for layer in image.image.layers:
            reader = io.BytesIO(image.blobs[layer.digest])
            assert layer == await sink.put_stream(layer.media_type, reader, uncounted)
        await sink.put_blob(image.cargo(image.image.config), uncounted)
        await sink.put_manifest(image.manifest, [V1])
        await sink.close()

    asyncio.run(story())
    check(tmp_path / "image.tar", random_image(11, compression=Compression.NONE))


@pytest.mark.parametrize("image", [random_index(12), random_referrer(PLAIN)])
def test_what_is_no_image_for_one_platform_finds_no_place(tmp_path: Path, image: RandomImage) -> None:
    async def story() -> None:
        sink = ArchiveSink(tmp_path / "image.tar", [APP])
        problem = await raised(MalformedManifest, put_image(image, sink, V1))
        assert "oci:FOLDER" in problem.diagnostics().next_step
        await abandoned(sink)

    asyncio.run(story())
    assert [] == list(tmp_path.iterdir())


async def abandoned(sink: ImageSink) -> None:
    assert isinstance(sink, ArchiveSink)
    await sink.abandon()
    await sink.close()


def test_what_was_there_stays_until_the_new_archive_is_whole(tmp_path: Path) -> None:
    file = written(tmp_path / "image.tar", PLAIN)
    before = file.read_bytes()

    async def story() -> None:
        sink = ArchiveSink(file, [APP])
        image = random_image(13)
        await sink.put_blob(image.cargo(image.image.layers[0]), uncounted)
        with pytest.raises(SizeMismatch):
            await sink.put_blob(cargo_of(image.image.layers[1], b"half"), uncounted)
        await raised(PartsMissing, sink.put_manifest(image.manifest, [V1]))
        assert file.read_bytes() == before
        await abandoned(sink)

    asyncio.run(story())
    assert (before, ["image.tar"]) == (file.read_bytes(), [path.name for path in tmp_path.iterdir()])


def test_a_layer_that_breaks_off_leaves_no_trace_in_the_archive(tmp_path: Path) -> None:
    image = random_image(14)

    async def story() -> None:
        sink = ArchiveSink(tmp_path / "image.tar", [APP])
        for layer in image.image.layers:
            content = image.blobs[layer.digest]
            for wrong in (content[:-1], content[:-1] + b"!", content + b"!"):
                await raised(WharfError, sink.put_blob(cargo_of(layer, wrong), uncounted))
        await put_image(image, sink, V1)
        await sink.close()

    asyncio.run(story())
    assert written(tmp_path / "other.tar", image).read_bytes() == (tmp_path / "image.tar").read_bytes()


def test_layers_that_are_not_those_of_the_configuration_are_refused(tmp_path: Path) -> None:
    image, other = random_image(15), random_image(16)

    async def story() -> None:
        sink = ArchiveSink(tmp_path / "image.tar", [APP])
        await put_image(image, sink)
        await put_image(other, sink)
        mixed = image.manifest.raw.replace(
            str(image.image.layers[1].digest).encode(), str(other.image.layers[1].digest).encode()
        )
        document = json.loads(mixed)
        document["layers"][1]["size"] = other.image.layers[1].size
        manifest = parse_manifest(json.dumps(document).encode(), image.manifest.media_type)
        problem = await raised(ImageBroken, sink.put_manifest(manifest, [V1]))
        assert "layer 2" in problem.flaws[0]
        await abandoned(sink)

    asyncio.run(story())


def test_an_archive_of_nothing_is_not_written(tmp_path: Path) -> None:
    asyncio.run(ArchiveSink(tmp_path / "image.tar").close())
    assert [] == list(tmp_path.iterdir())


def test_many_layers_are_put_at_once(tmp_path: Path) -> None:
    image = random_image(17, layers=8)

    async def story() -> None:
        sink = ArchiveSink(tmp_path / "image.tar", [APP])
        cargoes = [image.cargo(blob) for blob in image.manifest.required_blobs]
        await asyncio.gather(*(sink.put_blob(cargo, uncounted) for cargo in cargoes))
        await sink.put_manifest(image.manifest, [V1])
        await sink.close()

    asyncio.run(story())
    check(tmp_path / "image.tar", random_image(17, layers=8, compression=Compression.NONE))
    config = ImageConfig.parse(files_of(image)[0])
    (listed,) = json_in(tmp_path / "image.tar", "manifest.json")
    assert [f"{diff_id.hex}.tar" for diff_id in config.diff_ids] == listed["Layers"]
