"""Reading layers: what is in them, and what of hostile ones is refused."""

import io
import random
import tarfile
import tracemalloc

import pytest

from tests.images.tars import Entry, file, folder, special, tar_of
from tests.oci.hostile import cpu_seconds, read_or_refused
from wharf.errors import MalformedArchive
from wharf.images.layer_files import Kind, LayerFile, normal_path, nothing_is_kept, read_layer
from wharf.oci.digest import Digest


def files(tar: bytes) -> list[LayerFile]:
    return list(read_layer(io.BytesIO(tar), nothing_is_kept))


def test_files_are_known_by_path_size_and_digest() -> None:
    (found,) = files(tar_of(file("./etc/motd", b"hello")))
    assert ("etc/motd", Kind.FILE, 5) == (found.path, found.kind, found.size)
    assert Digest.of(b"hello").hex == found.digest.hex()


def test_content_is_kept_on_request() -> None:
    found = read_layer(io.BytesIO(tar_of(file("a", b"1"), file("b", b"22"))), lambda path, size: path == "b")
    assert [None, b"22"] == [each.content for each in found]


@pytest.mark.parametrize(
    ("entry", "kind"),
    [
        (folder("a"), Kind.FOLDER),
        (special("a", tarfile.SYMTYPE, "b"), Kind.SYMBOLIC),
        (special("a", tarfile.LNKTYPE, "b"), Kind.HARD),
        (special("a", tarfile.CHRTYPE), Kind.DEVICE),
        (special("a", tarfile.BLKTYPE), Kind.DEVICE),
        (special("a", tarfile.FIFOTYPE), Kind.PIPE),
    ],
)
def test_what_is_no_file_is_called_what_it_is(entry: Entry, kind: Kind) -> None:
    assert [kind] == [each.kind for each in files(tar_of(entry))]


@pytest.mark.parametrize(
    ("name", "path"),
    [("./a", "a"), ("/a", "a"), ("a//b/", "a/b"), ("../../a", "a"), ("a/../b", "b"), ("..", ""), (".", "")],
)
def test_a_path_never_leads_out(name: str, path: str) -> None:
    assert path == normal_path(name)


def test_the_reader_is_read_to_its_very_end() -> None:
    reader = io.BytesIO(tar_of(file("a")) + bytes(10**6))
    list(read_layer(reader, nothing_is_kept))
    assert b"" == reader.read()


def test_an_empty_layer_has_no_files() -> None:
    assert [] == files(bytes(1024))


@pytest.mark.parametrize("kind", [tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK])
def test_a_header_that_claims_to_be_enormous_is_refused_before_it_is_read(kind: bytes) -> None:
    entry = tarfile.TarInfo("x")
    entry.type, entry.size = kind, 2**33 - 1
    tracemalloc.start()
    with pytest.raises(MalformedArchive, match="a header of 8589934591 bytes"):
        files(entry.tobuf(format=tarfile.GNU_FORMAT) + bytes(4096))
    assert tracemalloc.get_traced_memory()[1] < 4_000_000
    tracemalloc.stop()


def test_a_file_that_claims_more_than_there_is_ends_the_reading() -> None:
    entry = tarfile.TarInfo("x")
    entry.size = 2**60
    tar = entry.tobuf(format=tarfile.GNU_FORMAT) + bytes(4096)
    assert cpu_seconds(files, tar) < 1
    with pytest.raises(MalformedArchive):
        files(tar)


def test_a_file_of_holes_is_not_larger_than_disks() -> None:
    with pytest.raises(MalformedArchive, match="holes"):
        files(with_pax({"GNU.sparse.major": "0", "GNU.sparse.size": str(2**60), "GNU.sparse.map": f"{2**59},0"}))


def with_pax(headers: dict[str, str]) -> bytes:
    entry = tarfile.TarInfo("x")
    entry.pax_headers = headers
    return entry.tobuf(format=tarfile.PAX_FORMAT) + bytes(4096)


@pytest.mark.parametrize("name", ["a/" * 2000 + "b", "a" * 5000])
def test_a_path_without_measure_is_refused(name: str) -> None:
    with pytest.raises(MalformedArchive):
        files(tar_of(file(name)))


@pytest.mark.parametrize("size", ["-1", "9" * 200, "many", "1e9"])
def test_a_size_that_is_none_does_no_harm(size: str) -> None:
    assert cpu_seconds(files, with_pax({"size": size})) < 1


@pytest.mark.parametrize("tar", [b"\0" * 100, b"no tar" * 1000, tar_of(file("a", b"x" * 5000))[:3000]])
def test_what_is_no_whole_tar_file_is_refused_or_empty(tar: bytes) -> None:
    read_or_refused(files, tar)


def test_damaged_bytes_never_lead_to_an_error_of_another_kind() -> None:
    chance = random.Random(1)
    good = tar_of(file("a/b", b"x" * 700), special("l", tarfile.SYMTYPE, "a"), file("n" * 150, b"y"), folder("d"))
    for _ in range(400):
        damaged = bytearray(good)
        for _ in range(chance.randrange(1, 12)):
            damaged[chance.randrange(len(good))] = chance.randrange(256)
        read_or_refused(files, with_checksums(damaged) if chance.random() < 0.7 else bytes(damaged))


def with_checksums(tar: bytearray) -> bytes:
    """A damaged header is seen by its sum; one who damages on purpose corrects it."""
    for start in range(0, len(tar), 512):
        header = tar[start : start + 512]
        if any(header[257:262]):
            header[148:156] = b" " * 8
            tar[start + 148 : start + 156] = b"%06o\0 " % sum(header)
    return bytes(tar)
