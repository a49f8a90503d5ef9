"""Tar files that mean harm, and disks that have no room."""

import asyncio
import io
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.durability.small_disk import small_disk
from tests.oci.hostile import cpu_seconds
from wharf.errors import MalformedArchive, StoreProblem, WharfError
from wharf.images.disk import open_regular
from wharf.images.docker_archive import ArchiveSink
from wharf.images.layout import LayoutSink, LayoutSource
from wharf.images.layout_archive import LayoutArchiveSink
from wharf.images.tar_files import TarFiles
from wharf.images.verified import read_whole
from wharf.oci.descriptor import Descriptor
from wharf.oci.digest import Digest
from wharf.oci.media_types import OCI_LAYER
from wharf.oci.reference import Tag
from wharf.testing.contracts.image_place import raised, same_image, uncounted
from wharf.testing.random_image import cargo_of, put_image, random_image

V1 = Tag("v1")


def opened(folder: Path, content: bytes) -> TarFiles:
    (folder / "image.tar").write_bytes(content)
    return TarFiles(folder / "image.tar", "here")


def content_of(files: TarFiles, name: str) -> bytes | None:
    reader = files.open(name)
    return None if reader is None else read_whole(reader, 1 << 20, name)


def header(name: str, size: int = 0, kind: bytes = tarfile.REGTYPE) -> bytes:
    entry = tarfile.TarInfo(name)
    entry.size, entry.type = size, kind
    return entry.tobuf(tarfile.GNU_FORMAT)


END = bytes(1024)


@pytest.mark.parametrize("kind", [tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK])
def test_a_header_that_would_fill_the_memory_is_refused(tmp_path: Path, kind: bytes) -> None:
    with pytest.raises(MalformedArchive):
        opened(tmp_path, header("x", 1 << 40, kind) + END).open("x")


@pytest.mark.parametrize(
    "content", [b"", b"text" * 500, header("a", 5000), header("a", 0o777, b"\xff"), b"\x1f\x8b\x08"]
)
def test_an_archive_that_cannot_be_read_is_named(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(MalformedArchive) as caught:
        opened(tmp_path, content).open("x")
    assert "while reading here" in caught.value.diagnostics().evidence


def test_a_long_name_is_read_and_an_absurd_one_refused(tmp_path: Path) -> None:
    long = "a/" * 200 + "b"
    assert b"" == content_of(opened(tmp_path, header(long) + END), long)
    with pytest.raises(MalformedArchive):
        opened(tmp_path, header("n" * 5000) + END).open("x")


@pytest.mark.slow
def test_more_files_than_any_image_has_are_refused_in_time(tmp_path: Path) -> None:
    one = header("file")
    files = opened(tmp_path, one * 20_001 + END)

    def look(_: str) -> None:
        with pytest.raises(MalformedArchive):
            files.open("file")

    assert cpu_seconds(look, "") < 5


def test_a_file_with_holes_is_no_layer(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as tar:
        entry = tarfile.TarInfo("layer.tar")
        entry.pax_headers = {"GNU.sparse.map": "0,1", "GNU.sparse.size": str(1 << 50), "GNU.sparse.realsize": "1"}
        entry.size = 1
        tar.addfile(entry, io.BytesIO(b"x"))
    with pytest.raises(MalformedArchive):
        opened(tmp_path, buffer.getvalue()).open("layer.tar")


def test_links_in_a_circle_are_left(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for name, target in (("a", "b"), ("b", "c"), ("c", "a")):
            entry = tarfile.TarInfo(name)
            entry.type, entry.linkname = tarfile.SYMTYPE, target
            tar.addfile(entry)
    with pytest.raises(MalformedArchive):
        opened(tmp_path, buffer.getvalue()).open("a")


def test_of_two_files_of_one_name_the_last_counts(tmp_path: Path) -> None:
    files = opened(tmp_path, header("a", 1) + b"1" + bytes(511) + header("./a", 1) + b"2" + bytes(511) + END)
    assert b"2" == content_of(files, "a")


@pytest.mark.parametrize("size", [-1, 1 << 62])
def test_a_size_that_cannot_be_is_refused(tmp_path: Path, size: int) -> None:
    with pytest.raises(MalformedArchive):
        opened(tmp_path, header("a", size) + END).open("a")


def test_random_damage_is_refused_or_harmless(tmp_path: Path) -> None:
    good = header("a", 600) + b"x" * 600 + bytes(424) + header("b", 5) + b"hello" + bytes(507) + END
    for at in range(0, 512 * 4, 13):
        damaged = bytearray(good)
        damaged[at] ^= 0x55
        files = opened(tmp_path, bytes(damaged))
        for name in ("a", "b"):
            try:
                content_of(files, name)
            except WharfError:
                continue


def test_a_device_is_no_archive() -> None:
    with pytest.raises(WharfError):
        TarFiles(Path("/dev/zero"), "here").open("x")


def test_a_folder_is_no_archive(tmp_path: Path) -> None:
    with pytest.raises(WharfError):
        TarFiles(tmp_path, "here").open("x")


def test_a_window_ends_where_its_file_ends(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"0123456789")
    reader = open_regular(tmp_path / "file")
    assert reader is not None
    reader.window(2, 5)
    reader.seek(3)
    buffer = memoryview(bytearray(100))
    assert (2, b"56") == (reader.readinto(buffer), bytes(buffer[:2]))
    assert 0 == reader.readinto(buffer)
    reader.seek(9)
    assert 0 == reader.readinto(buffer)
    reader.close()
    reader.close()


@pytest.mark.slow
@pytest.mark.parametrize(
    "make",
    [
        lambda folder: LayoutSink(folder / "images"),
        lambda folder: ArchiveSink(folder / "image.tar"),
        lambda folder: LayoutArchiveSink(folder / "image.tar"),
    ],
    ids=["layout", "docker-archive", "oci-archive"],
)
def test_a_full_disk_is_told_and_leaves_what_was_there(
    tmp_path: Path, make: Callable[[Path], LayoutSink | ArchiveSink | LayoutArchiveSink]
) -> None:
    noise = bytes(range(256)) * 16_000
    layer = Descriptor(OCI_LAYER, Digest.of(noise), len(noise))
    with small_disk("tmpfs", tmp_path) as disk:

        async def story() -> None:
            old = LayoutSink(disk.folder / "images")
            await put_image(random_image(1), old, V1)
            await old.close()
            before = {path for path in disk.folder.rglob("*") if path.is_file()}
            disk.fill(but=len(noise) // 2)
            sink = make(disk.folder)
            problem = await raised(StoreProblem, sink.put_blob(cargo_of(layer, noise), uncounted))
            assert problem.diagnostics().cause == "the disk is full"
            await sink.abandon()
            await sink.close()
            assert before == {path for path in disk.folder.rglob("*") if path.is_file() and path.name != "ballast"}
            await same_image(random_image(1), LayoutSource(disk.folder / "images"))

        asyncio.run(story())
