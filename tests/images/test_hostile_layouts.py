"""Layout folders in which something lies in wait."""

import asyncio
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.images.layouts import V1, blob_path, change_index, everything_in, manifest_of, written
from wharf.errors import Malformed, MalformedArchive, TooLarge
from wharf.images.layout import LayoutSource
from wharf.images.verified import Verified, read_whole
from wharf.oci.descriptor import Descriptor
from wharf.oci.digest import Digest
from wharf.testing.random_image import random_image


def as_link(path: Path) -> None:
    target = path.with_name("elsewhere")
    path.rename(target)
    path.symlink_to(target)


def as_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def as_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize("disguise", [as_link, as_pipe, as_folder])
@pytest.mark.parametrize("name", ["oci-layout", "index.json", "manifest"])
def test_what_is_no_regular_file_is_refused(tmp_path: Path, disguise: Callable[[Path], None], name: str) -> None:
    folder = written(tmp_path, random_image(18), V1)
    disguise(blob_path(folder, random_image(18).digest) if name == "manifest" else folder / name)
    with pytest.raises(MalformedArchive):
        manifest_of(folder, V1)


@pytest.mark.parametrize("disguise", [as_link, as_pipe, as_folder])
def test_a_blob_that_is_no_regular_file_is_refused(tmp_path: Path, disguise: Callable[[Path], None]) -> None:
    image = random_image(19)
    folder = written(tmp_path, image, V1)
    disguise(blob_path(folder, image.image.layers[0].digest))
    with pytest.raises(MalformedArchive):
        asyncio.run(LayoutSource(folder).blob(image.image.layers[0]))
    with pytest.raises(MalformedArchive):
        written(folder, image, V1)


@pytest.mark.parametrize("name", ["blobs", "blobs/sha256"])
def test_blobs_are_not_read_or_written_elsewhere(tmp_path: Path, name: str) -> None:
    image = random_image(20)
    folder = written(tmp_path / "images", image, V1)
    (folder / name).rename(tmp_path / "elsewhere")
    (folder / name).symlink_to(tmp_path / "elsewhere")
    before = everything_in(tmp_path / "elsewhere")
    with pytest.raises(MalformedArchive):
        manifest_of(folder, V1)
    with pytest.raises(MalformedArchive):
        written(folder, random_image(21), V1)
    assert before == everything_in(tmp_path / "elsewhere")


def test_an_endless_index_is_not_read_to_its_end(tmp_path: Path) -> None:
    folder = written(tmp_path, random_image(22), V1)
    with (folder / "index.json").open("r+b") as file:
        file.truncate(1 << 40)  # a hole: it takes no room
    with pytest.raises(TooLarge):
        manifest_of(folder, V1)


def test_an_enormous_manifest_is_not_read(tmp_path: Path) -> None:
    folder = written(tmp_path, random_image(23), V1)
    size = 1 << 40
    change_index(folder, lambda document: document["manifests"][0].update(size=size))
    os.truncate(blob_path(folder, random_image(23).digest), size)
    with pytest.raises(TooLarge):
        manifest_of(folder, V1)


@pytest.mark.parametrize("raw", [b"", b"[]", b"{", b'{"manifests": 1}', b'{"manifests": [{"digest": "sha256:../.."}]}'])
def test_an_index_that_is_none_is_refused_and_left_alone(tmp_path: Path, raw: bytes) -> None:
    folder = written(tmp_path, random_image(24), V1)
    (folder / "index.json").write_bytes(raw)
    for doing in (lambda: manifest_of(folder, V1), lambda: written(folder, random_image(25), V1)):
        with pytest.raises(Malformed):
            doing()
    assert raw == (folder / "index.json").read_bytes()


def test_a_sparse_blob_is_read_like_any_other(tmp_path: Path) -> None:
    folder = written(tmp_path, random_image(26), V1)
    hole = bytes(5_000_000)
    path = blob_path(folder, Digest.of(hole))
    path.touch()
    os.truncate(path, len(hole))
    descriptor = Descriptor("application/octet-stream", Digest.of(hole), len(hole))
    reader = Verified(asyncio.run(LayoutSource(folder).blob(descriptor)), descriptor)
    assert hole == read_whole(reader, len(hole), "blob")
