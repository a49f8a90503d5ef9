"""Archives as `docker save` and its likes write them: read, written, and abused."""

import asyncio
import gzip
import io
import json
import os
import tarfile
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
import zstandard

from wharf.errors import (
    BlobUnknown,
    DigestMismatch,
    ImageBroken,
    ImageNotThere,
    Malformed,
    MalformedArchive,
    MalformedManifest,
    MalformedPlace,
    PartsMissing,
    SizeMismatch,
    WharfError,
)
from wharf.images.compress import Compression
from wharf.images.docker_archive import ArchiveSink, ArchiveSource
from wharf.images.sink import Arrival, ImageSink
from wharf.images.source import ImageSource
from wharf.oci.config import ImageConfig
from wharf.oci.digest import Algorithm, Digest
from wharf.oci.manifest import ImageManifest, parse_manifest
from wharf.oci.reference import Reference, Tag
from wharf.testing.contracts.image_place import content_of, raised, uncounted
from wharf.testing.random_image import (
    RandomImage,
    cargo_of,
    put_image,
    random_image,
    random_index,
    random_referrer,
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


# --- read ------------------------------------------------------------------------------------------------------------


def test_what_docker_saves_is_read(tmp_path: Path) -> None:
    check(archive(tmp_path, tar_of(as_files(PLAIN))), PLAIN)


@pytest.mark.parametrize("which", [V1, None])
@pytest.mark.parametrize("pack", [gzip.compress, zstandard.ZstdCompressor().compress])
def test_an_archive_may_be_compressed_as_a_whole(tmp_path: Path, pack: Any, which: Tag | None) -> None:
    check(archive(tmp_path, pack(tar_of(as_files(PLAIN)))), PLAIN, which)


def test_an_archive_comes_through_a_pipe(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=[tar_of(as_files(PLAIN))])
    writer.start()
    check(pipe, PLAIN)
    writer.join()


def test_an_archive_is_found_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "link.tar").symlink_to(archive(tmp_path, tar_of(as_files(PLAIN))))
    check(tmp_path / "link.tar", PLAIN)


def test_layers_may_be_links_to_other_layers_as_older_dockers_wrote_them(tmp_path: Path) -> None:
    config, (layer, *_) = files_of(random_image(2, layers=1, compression=Compression.NONE))
    document = json.loads(config)
    document["rootfs"]["diff_ids"] *= 3
    files: dict[str, bytes | tarfile.TarInfo] = {
        "a/layer.tar": layer,
        "b/layer.tar": link("../a/layer.tar"),
        "c/layer.tar": link("a/layer.tar", tarfile.LNKTYPE),
        "c.json": json.dumps(document).encode(),
        "manifest.json": listing(["a/layer.tar", "b/layer.tar", "c/layer.tar"]),
    }

    async def story() -> None:
        source = ArchiveSource(archive(tmp_path, tar_of(files)))
        manifest = await source.manifest(None)
        assert isinstance(manifest, ImageManifest)
        assert [await content_of(source, each) for each in manifest.layers] == [layer] * 3

    asyncio.run(story())


@pytest.mark.parametrize("compression", [Compression.GZIP, Compression.ZSTD])
@pytest.mark.parametrize("is_named_by_digest", [True, False])
def test_layers_may_be_compressed(tmp_path: Path, compression: Compression, *, is_named_by_digest: bool) -> None:
    image = random_image(3, compression=compression)
    files = as_files(image)
    if is_named_by_digest:
        config, layers = files_of(image)
        named = {f"blobs/sha256/{Digest.of(layer).hex}": layer for layer in layers}
        files = {**named, "c.json": config, "manifest.json": listing(list(named))}
    check(archive(tmp_path, tar_of(files)), image)


def test_the_same_archive_gives_the_same_manifest(tmp_path: Path) -> None:
    async def digest(file: Path) -> Digest:
        return (await ArchiveSource(file).manifest(None)).digest()

    content = tar_of(as_files(PLAIN))
    (tmp_path / "other").mkdir()
    first, second = archive(tmp_path, content), archive(tmp_path / "other", gzip.compress(content))
    assert asyncio.run(digest(first)) == asyncio.run(digest(second))
    check(first, PLAIN, asyncio.run(digest(first)))


def several(tmp_path: Path) -> Path:
    """Two images of four names."""
    one, two = random_image(4, compression=Compression.NONE), random_image(5, compression=Compression.NONE)
    (config1, layers1), (config2, layers2) = files_of(one), files_of(two)
    files: dict[str, bytes | tarfile.TarInfo] = {"1.json": config1, "2.json": config2}
    files |= {f"1-{number}": layer for number, layer in enumerate(layers1)}
    files |= {f"2-{number}": layer for number, layer in enumerate(layers2)}
    images = [
        {"Config": "1.json", "RepoTags": ["app:v1", "app:latest"], "Layers": [n for n in files if n.startswith("1-")]},
        {"Config": "2.json", "RepoTags": ["localhost/tool:v1", "team/tool:v3"], "Layers": ["2-0", "2-1", "2-2"]},
    ]
    return archive(tmp_path, tar_of({**files, "manifest.json": json.dumps(images).encode()}))


def test_an_image_is_chosen_by_its_name(tmp_path: Path) -> None:
    file = several(tmp_path)
    one, two = random_image(4, compression=Compression.NONE), random_image(5, compression=Compression.NONE)
    check(file, one, name=Reference.parse("docker.io/library/app:v1"))
    check(file, two, name=Reference.parse("team/tool:v3"))
    check(file, one, which=Tag("latest"))
    check(file, one, which=Tag("latest"), name=APP)


def test_what_podman_calls_local_is_found_by_its_bare_name(tmp_path: Path) -> None:
    check(several(tmp_path), random_image(5, compression=Compression.NONE), name=Reference.parse("tool:v1"))


@pytest.mark.parametrize(
    ("which", "name"),
    [(None, None), (V1, None), (V2, None), (None, Reference.parse("app:v3")), (Tag("v3"), APP)],
)
def test_an_image_that_is_not_there_or_not_the_only_one_is_asked_for_by_names(
    tmp_path: Path, which: Tag | None, name: Reference | None
) -> None:
    problem = refused(ImageNotThere, several(tmp_path), which, name)
    assert "app:v1" in problem.diagnostics().next_step


def test_tags_are_those_of_all_images_or_of_one_repository(tmp_path: Path) -> None:
    file = several(tmp_path)
    assert (Tag("latest"), V1, Tag("v3")) == asyncio.run(ArchiveSource(file).tags())
    assert (Tag("latest"), V1) == asyncio.run(ArchiveSource(file, APP).tags())


def test_an_image_without_a_name_is_read_and_told_by_its_file(tmp_path: Path) -> None:
    file = archive(tmp_path, tar_of(as_files(PLAIN, names=None)))
    check(file, PLAIN)
    assert "c.json (no name)" in refused(ImageNotThere, file, V1).diagnostics().next_step


def test_it_says_what_a_file_is_instead(tmp_path: Path) -> None:
    cases = {
        "oci-layout": "read it as oci-archive:",
        "repositories": "it was written by docker before 1.10",
        "README": "write it with: docker save",
    }
    for name, hint in cases.items():
        problem = refused(MalformedArchive, archive(tmp_path, tar_of({name: b"{}"})))
        assert problem.diagnostics().next_step.startswith(hint)


def test_a_file_that_is_not_there_is_told_as_that(tmp_path: Path) -> None:
    assert "nowhere.tar" in refused(ImageNotThere, tmp_path / "nowhere.tar").diagnostics().cause


def test_a_spool_is_gone_when_the_source_is_closed(tmp_path: Path) -> None:
    file = archive(tmp_path, gzip.compress(tar_of(as_files(PLAIN))))

    async def story() -> None:
        source = ArchiveSource(file)
        await source.manifest(None)
        spool = source._files._spool
        assert spool is not None
        assert spool.exists()
        await source.close()
        await source.close()
        assert not spool.exists()

    asyncio.run(story())


# --- hostile ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content", [b"", b"not a tar file at all", bytes(10_240), gzip.compress(b"neither"), b"\x1f\x8b"]
)
def test_what_is_no_archive_is_refused(tmp_path: Path, content: bytes) -> None:
    refused(MalformedArchive, archive(tmp_path, content))


@pytest.mark.parametrize(
    "raw",
    [b"", b"{}", b"[1]", b'[{"Config": 1}]', b'[{"Layers": []}]', b'[], "more": 1', b"[" * 1000,
     b'[{"Config": "c.json", "Layers": [1]}]'],
)  # fmt: skip
def test_a_listing_that_is_none_is_refused(tmp_path: Path, raw: bytes) -> None:
    refused(Malformed, archive(tmp_path, tar_of({**as_files(PLAIN), "manifest.json": raw})))


@pytest.mark.parametrize(
    "target", ["/etc/passwd", "../../etc/passwd", "../outside", "l0/layer.tar", "../l0/layer.tar", "../l1/layer.tar/x"]
)
@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE])
def test_a_link_leads_nowhere_but_to_files_of_the_archive(tmp_path: Path, target: str, kind: bytes) -> None:
    files = {**as_files(PLAIN), "l0/layer.tar": link(target, kind)}
    refused(MalformedArchive, archive(tmp_path, tar_of(files)))


@pytest.mark.parametrize("name", ["/etc/passwd", "../../etc/passwd", "no/such/file", "", ".", "l0"])
def test_a_name_in_the_listing_leads_nowhere_but_to_files_of_the_archive(tmp_path: Path, name: str) -> None:
    files = as_files(PLAIN)
    layers = ["l0/layer.tar", "l1/layer.tar", name]
    refused(MalformedArchive, archive(tmp_path, tar_of({**files, "manifest.json": listing(layers)})))
    refused(Malformed, archive(tmp_path, tar_of({**files, "manifest.json": listing(layers, config=name)})))


@pytest.mark.parametrize("kind", [tarfile.FIFOTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE])
def test_devices_and_pipes_are_no_layers(tmp_path: Path, kind: bytes) -> None:
    refused(MalformedArchive, archive(tmp_path, tar_of({**as_files(PLAIN), "l1/layer.tar": link("", kind)})))


def test_two_listings_are_one_too_many(tmp_path: Path) -> None:
    file = archive(tmp_path, tar_of(as_files(PLAIN)))
    with tarfile.open(file, "a") as tar:
        tar.addfile(tarfile.TarInfo("./manifest.json"))
    problem = refused(MalformedArchive, file)
    assert "it stands twice" in problem.diagnostics().cause


def test_an_archive_that_was_cut_short_is_refused(tmp_path: Path) -> None:
    config, layers = files_of(PLAIN)
    content = tar_of({"manifest.json": listing(["l"] * len(layers)), "c.json": config, "l": bytes(50_000)})
    refused(MalformedArchive, archive(tmp_path, content[:20_000]))


@pytest.mark.parametrize("count", [0, 1, 4])
def test_a_configuration_must_name_as_many_layers_as_there_are(tmp_path: Path, count: int) -> None:
    files = {**as_files(PLAIN), "manifest.json": listing(["l0/layer.tar"] * count)}
    refused(MalformedArchive, archive(tmp_path, tar_of(files)))


def test_a_configuration_that_lies_about_a_layer_is_found_out_by_who_reads_it(tmp_path: Path) -> None:
    files = {**as_files(PLAIN), "l0/layer.tar": PLAIN.blobs[PLAIN.image.layers[0].digest][:-512] + b"!" * 512}

    async def story() -> None:
        source = ArchiveSource(archive(tmp_path, tar_of(files)))
        manifest = await source.manifest(None)
        assert isinstance(manifest, ImageManifest)
        await raised(DigestMismatch, content_of(source, manifest.layers[0]))

    asyncio.run(story())


def test_an_enormous_listing_is_not_read(tmp_path: Path) -> None:
    header = tarfile.TarInfo("manifest.json")
    header.size = 1 << 40
    (tmp_path / "image.tar").write_bytes(header.tobuf(tarfile.GNU_FORMAT))
    os.truncate(tmp_path / "image.tar", (1 << 40) + 4096)
    refused(WharfError, tmp_path / "image.tar")


def test_what_nobody_knows_is_no_blob(tmp_path: Path) -> None:
    async def story() -> None:
        source = ArchiveSource(archive(tmp_path, tar_of(as_files(PLAIN))))
        await raised(BlobUnknown, source.blob(random_image(6).image.config))
        assert await source.referrers(PLAIN.digest) == ()

    asyncio.run(story())


# --- written ---------------------------------------------------------------------------------------------------------


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
