"""Layers over a gigabyte: whatever wharf does with one, its own memory stays small, and the bytes stay true."""

import hashlib
from pathlib import Path

import pytest

from tests.clients.layouts import Layer, Layout, image_files, noise_tar
from tests.clients.registry_view import OCI_LAYER
from tests.clients.shores import Shore
from tests.clients.wharf_client import Cost, Wharf

SIZE = 1_080_000_000
MOST_MEGABYTES = 150
REPOSITORY = "crew/weight"


@pytest.fixture(scope="module")
def heavy(yard: Path) -> Layout:
    layout = Layout(yard / "weight")
    layout.publish(layout.image([layout.gzipped_layer(image_files("heavy")), layout.stored_layer(SIZE)]))
    return layout


@pytest.fixture(scope="module")
def heavy_and_plain(yard: Path) -> Layout:
    """Its second layer is not compressed yet."""
    layout = Layout(yard / "plain-weight")
    file = layout.blobs / "unnamed"
    with file.open("wb") as target:
        target.writelines(noise_tar(SIZE))
    layout.publish(layout.image([layout.gzipped_layer(image_files("heavy")), named_layer(file)]))
    return layout


def named_layer(file: Path) -> Layer:
    """The file as a layer of its layout, under the digest of its bytes."""
    with file.open("rb") as content:
        digest = f"sha256:{hashlib.file_digest(content, 'sha256').hexdigest()}"
    size = file.stat().st_size
    file.rename(file.with_name(digest.removeprefix("sha256:")))
    return Layer({"mediaType": OCI_LAYER, "digest": digest, "size": size}, digest)


def assert_light(cost: Cost) -> None:
    assert 0 == cost.code, cost.said
    assert cost.megabytes <= MOST_MEGABYTES


def test_it_is_pushed_pulled_and_copied_with_little_memory(
    heavy: Layout, wharf: Wharf, own_shore: Shore, foreign_shore: Shore
) -> None:
    here, there = own_shore.named(REPOSITORY), foreign_shore.named(REPOSITORY)
    assert_light(wharf.measured("push", here, heavy))
    assert_light(wharf.measured("copy", here, there))
    assert_light(wharf.measured("pull", there, f"oci:{wharf.home.folder()}:back"))


@pytest.mark.parametrize("compression", ["gzip", "zstd"])
def test_it_is_compressed_with_little_memory(
    compression: str, heavy_and_plain: Layout, wharf: Wharf, own_shore: Shore
) -> None:
    target = own_shore.named(f"{REPOSITORY}-{compression}")
    assert_light(wharf.measured("push", target, heavy_and_plain, f"--compression={compression}"))
    assert_light(wharf.measured("inspect", "--validate", target))


@pytest.mark.parametrize("form", ["docker-archive", "oci-archive"])
def test_it_goes_into_an_archive_and_out_of_it_with_little_memory(
    form: str, heavy: Layout, wharf: Wharf, own_shore: Shore
) -> None:
    file = wharf.home.folder() / "image.tar"
    place = f"{form}:{file}:crew/app:1.0" if form == "docker-archive" else f"{form}:{file}:1.0"
    assert_light(wharf.measured("copy", heavy, place))
    assert_light(wharf.measured("copy", place, own_shore.named(f"{REPOSITORY}-{form}")))


def test_it_goes_into_the_engine_and_out_of_it_with_little_memory(
    heavy: Layout, wharf_at_engine: Wharf, own_shore: Shore
) -> None:
    name = "crew/weight:engine"
    assert_light(wharf_at_engine.measured("copy", heavy, f"docker-daemon:{name}"))
    assert_light(wharf_at_engine.measured("push", own_shore.named(f"{REPOSITORY}-engine"), f"docker-daemon:{name}"))


def test_two_images_of_that_weight_are_compared_with_little_memory(
    heavy: Layout, heavy_and_plain: Layout, wharf: Wharf
) -> None:
    assert_light(wharf.measured("diff", heavy, heavy_and_plain))
