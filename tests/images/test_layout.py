"""Folders in the form of the OCI image layout, as they are written, read, shared and abused."""

import asyncio
import itertools
import json
import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.images.layouts import V1, V2, blob_path, change_index, everything_in, index_of, manifest_of, written
from wharf.errors import (
    DigestMismatch,
    ImageBroken,
    ImageNotThere,
    MalformedArchive,
    SizeMismatch,
)
from wharf.images.layout import LayoutSink, LayoutSource
from wharf.oci.digest import Digest
from wharf.oci.reference import Tag
from wharf.testing.contracts.image_place import ImagePlaceContract, uncounted
from wharf.testing.random_image import cargo_of, random_image, random_index
from wharf.testing.random_image import index_of as index_of_images


class TestLayout(ImagePlaceContract):
    async def sink(self, folder: Path) -> LayoutSink:
        return LayoutSink(folder / "images")

    async def source(self, folder: Path) -> LayoutSource:
        return LayoutSource(folder / "images")


def test_a_layout_is_marked_as_one(tmp_path: Path) -> None:
    folder = written(tmp_path / "a/b", random_image(1), V1)
    assert {"imageLayoutVersion": "1.0.0"} == json.loads((folder / "oci-layout").read_bytes())


def test_entries_are_replaced_in_their_place_and_the_rest_stays_as_it_was(tmp_path: Path) -> None:
    folder = written(tmp_path, random_image(1), V1, V2)
    stranger = {"zebra": 1, "mediaType": "text/plain", "size": 0, "digest": str(Digest.of(b"")), "alpha": [None]}

    def add_strangers(document: dict[str, Any]) -> None:
        document["manifests"].insert(0, stranger)
        document["com.example"] = {"z": 1, "a": 2}
        document["annotations"] = {"who": "somebody"}

    change_index(folder, add_strangers)
    before = index_of(folder)
    written(folder, random_image(2), V1)
    after = index_of(folder)
    assert [*before] == [*after]
    assert before["com.example"] == after["com.example"]
    assert [*stranger.items()] == [*after["manifests"][0].items()]
    assert str(random_image(2).digest) == after["manifests"][1]["digest"]
    assert before["manifests"][2:] == after["manifests"][2:]


def test_nothing_is_written_where_nothing_changes(tmp_path: Path) -> None:
    folder = written(tmp_path, random_index(3), V1)
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}
    written(folder, random_index(3), V1)
    assert before == {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}


def test_an_image_that_had_no_name_gets_one_and_stays_one(tmp_path: Path) -> None:
    folder = written(tmp_path, random_image(4))
    change_index(folder, lambda document: document["manifests"][0].update(extra="kept"))
    written(folder, random_image(4), V1)
    (entry,) = index_of(folder)["manifests"]
    assert ("kept", {"org.opencontainers.image.ref.name": "v1"}) == (entry["extra"], entry["annotations"])


def test_children_have_no_entry_of_their_own(tmp_path: Path) -> None:
    folder = written(tmp_path, random_index(5))
    assert [str(random_index(5).digest)] == [entry["digest"] for entry in index_of(folder)["manifests"]]


@pytest.mark.parametrize(
    "annotations",
    [
        {"org.opencontainers.image.ref.name": "registry.example:5000/team/app:v1"},
        {"io.containerd.image.name": "docker.io/library/app:v1"},
        {"io.containerd.image.name": "docker.io/library/app:v1", "org.opencontainers.image.ref.name": "v1"},
    ],
)
def test_names_of_other_writers_are_understood(tmp_path: Path, annotations: dict[str, str]) -> None:
    folder = written(tmp_path, random_image(6))
    written(folder, random_image(7), V2)
    change_index(folder, lambda document: document["manifests"][0].update(annotations=annotations))
    assert random_image(6).manifest == manifest_of(folder, V1)
    assert (V1, V2) == asyncio.run(LayoutSource(folder).tags())


def test_a_tag_of_two_images_is_no_name_and_both_are_listed(tmp_path: Path) -> None:
    folder = written(tmp_path, random_image(8))
    written(folder, random_image(9))

    def name_both(document: dict[str, Any]) -> None:
        for entry, name in zip(document["manifests"], ("a.example/x:v1", "b.example/x:v1"), strict=True):
            entry["annotations"] = {"org.opencontainers.image.ref.name": name}

    change_index(folder, name_both)
    with pytest.raises(ImageNotThere) as caught:
        manifest_of(folder, V1)
    assert {str(random_image(8).digest), str(random_image(9).digest)} == set(caught.value.present)


def test_an_image_with_two_names_is_still_the_only_one(tmp_path: Path) -> None:
    folder = written(tmp_path, random_image(10), V1, V2)
    assert random_image(10).manifest == manifest_of(folder, None)


def test_a_folder_that_is_not_there_holds_no_image(tmp_path: Path) -> None:
    with pytest.raises(ImageNotThere) as caught:
        manifest_of(tmp_path / "nowhere", V1)
    assert "nowhere" in caught.value.diagnostics().cause


def test_a_blob_that_was_cut_short_is_written_again(tmp_path: Path) -> None:
    image = random_image(11)
    folder = written(tmp_path, image, V1)
    layer = image.image.layers[0]
    blob_path(folder, layer.digest).write_bytes(b"half")
    assert asyncio.run(LayoutSink(folder).digest_of(V1)) is None
    written(folder, image, V1)
    assert image.blobs[layer.digest] == blob_path(folder, layer.digest).read_bytes()
    assert image.digest == asyncio.run(LayoutSink(folder).digest_of(V1))


def test_a_manifest_that_was_changed_is_found_out_and_written_again(tmp_path: Path) -> None:
    index = random_index(12)
    folder = written(tmp_path, index, V1)
    child = blob_path(folder, index.children[0].digest)
    child.write_bytes(child.read_bytes().replace(b"linux", b"lynux").replace(b'"size":', b'"size" :', 0)[::-1])
    with pytest.raises(DigestMismatch):
        manifest_of(folder, index.children[0].digest)
    assert asyncio.run(LayoutSink(folder).digest_of(V1)) is None
    written(folder, index, V1)
    assert index.children[0].manifest == manifest_of(folder, index.children[0].digest)


def test_what_nothing_leads_to_is_not_there(tmp_path: Path) -> None:
    folder = written(tmp_path, random_image(31), V1)
    written(folder, random_image(32), V1)
    assert asyncio.run(LayoutSink(folder).digest_of(random_image(31).digest)) is None
    written(folder, random_image(31))
    assert random_image(31).digest == asyncio.run(LayoutSink(folder).digest_of(random_image(31).digest))


def test_parts_of_an_index_are_there_with_it(tmp_path: Path) -> None:
    folder = written(tmp_path, index_of_images([random_index(33), random_image(34)]), V1)
    child = random_index(33).children[1]
    assert child.digest == asyncio.run(LayoutSink(folder).digest_of(child.digest))
    blob_path(folder, child.image.config.digest).unlink()
    for which in (V1, child.digest, random_index(33).digest):
        assert asyncio.run(LayoutSink(folder).digest_of(which)) is None
    assert random_image(34).digest == asyncio.run(LayoutSink(folder).digest_of(random_image(34).digest))


def test_many_manifests_are_put_at_once(tmp_path: Path) -> None:
    images = [random_image(number, layers=1, layer_size=100) for number in range(20)]

    async def story() -> None:
        sink = LayoutSink(tmp_path)
        for image in images:
            for blob in image.manifest.required_blobs:
                await sink.put_blob(image.cargo(blob), uncounted)
        await asyncio.gather(*(sink.put_manifest(image.manifest, ()) for image in images))
        indexes = [index_of_images([one, other]) for one, other in itertools.pairwise(images)]
        await asyncio.gather(*(sink.put_manifest(index.manifest, ()) for index in indexes))
        await sink.close()
        assert {str(index.digest) for index in indexes} == {each["digest"] for each in index_of(tmp_path)["manifests"]}

    asyncio.run(story())


def test_an_entry_without_its_blob_is_told_as_broken(tmp_path: Path) -> None:
    folder = written(tmp_path, random_image(13), V1)
    blob_path(folder, random_image(13).digest).unlink()
    with pytest.raises(ImageBroken):
        manifest_of(folder, V1)


def test_a_layout_of_the_future_is_not_guessed_at(tmp_path: Path) -> None:
    folder = written(tmp_path, random_image(14), V1)
    (folder / "oci-layout").write_text('{"imageLayoutVersion": "2.0.0"}')
    before = everything_in(folder)
    for doing in (lambda: manifest_of(folder, V1), lambda: written(folder, random_image(15), V1)):
        with pytest.raises(MalformedArchive):
            doing()
    assert before["index.json"] == everything_in(folder)["index.json"]


def test_a_folder_with_other_things_is_not_made_into_a_layout(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(MalformedArchive) as caught:
        written(tmp_path, random_image(16), V1)
    assert "thesis.txt" == caught.value.where
    assert {"thesis.txt": b"years of work"} == everything_in(tmp_path)


def test_a_file_is_no_layout(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(MalformedArchive):
        written(tmp_path / "file", random_image(17), V1)
    with pytest.raises(ImageNotThere):
        manifest_of(tmp_path / "file", V1)


# --- what goes wrong on the way --------------------------------------------------------------------------------------


def test_an_abandoned_copy_leaves_no_folder_behind(tmp_path: Path) -> None:
    async def story() -> None:
        sink = LayoutSink(tmp_path / "new/images")
        layer = random_image(27).image.layers[0]
        with pytest.raises(SizeMismatch):
            await sink.put_blob(cargo_of(layer, b"half"), uncounted)
        await sink.abandon()
        await sink.close()

    asyncio.run(story())
    assert [] == list(tmp_path.iterdir())


def test_a_folder_that_was_there_stays_there(tmp_path: Path) -> None:
    async def story() -> None:
        sink = LayoutSink(tmp_path)
        with pytest.raises(SizeMismatch):
            await sink.put_blob(cargo_of(random_image(28).image.layers[0], b"half"), uncounted)
        await sink.abandon()

    asyncio.run(story())
    assert tmp_path.exists()
    assert [] == list(tmp_path.iterdir())


class EndlessReader:
    """Gives bytes for as long as anybody asks."""

    def __init__(self) -> None:
        self.is_closed = False
        self.is_read = threading.Event()

    def readinto(self, buffer: memoryview, /) -> int:
        self.is_read.set()
        time.sleep(0.001)
        return len(buffer)

    def close(self) -> None:
        self.is_closed = True


def test_whoever_leaves_in_the_middle_leaves_nothing_behind(tmp_path: Path) -> None:
    reader = EndlessReader()

    async def story() -> None:
        sink = LayoutSink(tmp_path)
        task = asyncio.ensure_future(sink.put_stream("text/plain", reader, uncounted))
        assert await asyncio.to_thread(reader.is_read.wait, 60)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await sink.abandon()

    asyncio.run(story())
    assert reader.is_closed
    assert [] == list(tmp_path.iterdir())


def test_what_somebody_left_long_ago_is_taken_away(tmp_path: Path) -> None:
    folder = written(tmp_path, random_image(29), V1)
    (folder / f".wharf-{'0' * 16}").touch()
    (folder / f".wharf-{'1' * 16}").touch()
    (folder / ".wharf-notes").write_bytes(b"somebody's own")
    os.utime(folder / f".wharf-{'0' * 16}", (1, 1))
    written(folder, random_image(30), V2)
    assert [f".wharf-{'1' * 16}", ".wharf-notes"] == sorted(
        path.name for path in folder.iterdir() if path.name.startswith(".wharf")
    )


def test_writers_at_the_same_moment_lose_no_name(tmp_path: Path) -> None:
    def write(number: int) -> None:
        written(tmp_path / "images", random_image(number, layers=1), Tag(f"v{number}"))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(16)))
    assert {f"v{number}" for number in range(16)} == {
        str(tag) for tag in asyncio.run(LayoutSource(tmp_path / "images").tags())
    }
