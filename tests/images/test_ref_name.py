"""Whole references as names in a layout: an image is found by one, and gets one where that is asked for."""

import asyncio
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.images.layouts import change_index, index_of, written
from wharf.errors import ImageNotThere, Malformed
from wharf.images.layout import LayoutSink, LayoutSource
from wharf.images.layout_archive import LayoutArchiveSink, LayoutArchiveSource
from wharf.images.layout_index import CONTAINERD_NAME, REF_NAME
from wharf.images.ref_name import RefName
from wharf.oci.manifest import Manifest
from wharf.oci.reference import Tag
from wharf.testing.random_image import put_image, random_image

ONE, TWO = RefName("localhost/one:1"), RefName("localhost/two:1")
V1 = Tag("1")


def rename_last(name: RefName, index: dict[str, Any]) -> None:
    index["manifests"][-1]["annotations"][REF_NAME] = str(name)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """As buildah leaves it: two images, whose names differ before the tag."""
    for seed, name in enumerate((ONE, TWO)):
        written(tmp_path / "images", random_image(seed, layers=1), Tag(f"t{seed}"))
        change_index(tmp_path / "images", partial(rename_last, name))
    return tmp_path / "images"


def manifest_of(folder: Path, name: RefName) -> Manifest:
    return asyncio.run(LayoutSource(folder, name).manifest(None))


def test_each_of_two_images_is_found_by_its_whole_name(folder: Path) -> None:
    assert [random_image(0, layers=1).digest, random_image(1, layers=1).digest] == [
        manifest_of(folder, name).digest() for name in (ONE, TWO)
    ]


def test_a_name_of_the_containerd_family_is_as_good(folder: Path) -> None:
    change_index(
        folder, lambda index: index["manifests"][0].update(annotations={CONTAINERD_NAME: "h/x:1", REF_NAME: "1"})
    )
    assert random_image(0, layers=1).digest == manifest_of(folder, RefName("h/x:1")).digest()


def test_the_tag_at_the_end_is_not_enough_for_a_whole_name(folder: Path) -> None:
    with pytest.raises(ImageNotThere) as caught:
        manifest_of(folder, RefName("localhost/three:1"))
    assert "localhost/one:1, localhost/two:1" in caught.value.diagnostics().next_step


@pytest.mark.parametrize("kind", ["folder", "file"])
def test_an_image_is_put_under_a_whole_name(kind: str, tmp_path: Path) -> None:
    sinks: dict[str, Callable[[Path, RefName], LayoutSink | LayoutArchiveSink]]
    sinks = {"folder": LayoutSink, "file": LayoutArchiveSink}
    sources: dict[str, Callable[[Path, RefName], LayoutSource | LayoutArchiveSource]]
    sources = {"folder": LayoutSource, "file": LayoutArchiveSource}
    image = random_image(1)

    async def story() -> None:
        sink = sinks[kind](tmp_path / "images", ONE)
        await put_image(image, sink, V1)
        assert image.digest == await sink.digest_of(V1)
        await sink.close()
        source = sources[kind](tmp_path / "images", ONE)
        assert (image.manifest, (V1,)) == (await source.manifest(None), await source.tags())
        await source.close()

    asyncio.run(story())


def test_a_whole_name_replaces_only_the_image_of_the_same_name(folder: Path) -> None:
    new = random_image(7)

    async def story() -> None:
        sink = LayoutSink(folder, TWO)
        assert random_image(1, layers=1).digest == await sink.digest_of(V1)
        await put_image(new, sink, V1)
        await sink.close()

    asyncio.run(story())
    entries = [(entry["annotations"][REF_NAME], entry["digest"]) for entry in index_of(folder)["manifests"]]
    assert [(str(ONE), str(random_image(0, layers=1).digest)), (str(TWO), str(new.digest))] == entries


@pytest.mark.parametrize("text", ["", "/a", "a//b", "a b", "a\n", ":1", "a/", "x" * 1025])
def test_what_is_no_name_is_refused(text: str) -> None:
    with pytest.raises(Malformed):
        RefName(text)


@pytest.mark.parametrize(
    ("name", "tag"), [("localhost/one:1", V1), ("h:5000/a", None), ("v1+2", None), ("a:b:c", None)]
)
def test_a_name_may_end_with_a_tag(name: str, tag: Tag | None) -> None:
    assert tag == RefName(name).tag
