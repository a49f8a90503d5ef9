"""Archives as `docker save` and its likes write them: read, and abused."""

import asyncio
import gzip
import json
import os
import tarfile
import threading
from pathlib import Path
from typing import Any

import pytest
import zstandard

from tests.images.archives import (
    APP,
    PLAIN,
    V1,
    V2,
    archive,
    as_files,
    check,
    files_of,
    link,
    listing,
    refused,
    tar_of,
)
from wharf.errors import (
    BlobUnknown,
    DigestMismatch,
    ImageNotThere,
    Malformed,
    MalformedArchive,
    WharfError,
)
from wharf.images.compress import Compression
from wharf.images.docker_archive import ArchiveSource
from wharf.oci.digest import Digest
from wharf.oci.manifest import ImageManifest
from wharf.oci.reference import Reference, Tag
from wharf.testing.contracts.image_place import content_of, raised
from wharf.testing.random_image import (
    random_image,
)

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
        assert 0 == os.fstat(spool.fileno()).st_nlink  # it has no name that could be left behind
        await source.close()
        await source.close()
        assert spool.closed

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
