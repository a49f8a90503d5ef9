"""A disk that is full to its last byte: pushes are refused in words, pulls go on, and taking away makes room again."""

import json
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.durability.cargo import Image, image_of
from tests.durability.client import Client, RawWire
from tests.durability.small_disk import MIB, SmallDisk, small_disk
from tests.durability.store_view import StoreView
from tests.durability.threads import meanwhile
from tests.journeys.crew import wharf
from wharf.errors import StoreFull
from wharf.metadata.sqlite import SqliteMetadata
from wharf.oci.digest import Digest
from wharf.testing.registry_process import RegistryProcess

pytestmark = pytest.mark.slow

NAME = "crew/app"
TOO_LARGE = secrets.token_bytes(1 << 20) * (MIB + 4)
LAYER = secrets.token_bytes(6 << 20)


@pytest.fixture(params=["tmpfs", "ext4"])
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SmallDisk]:
    with small_disk(request.param, tmp_path) as disk:
        yield disk


@pytest.fixture
def registry(disk: SmallDisk) -> Iterator[RegistryProcess]:
    with RegistryProcess(disk.folder, "--workers", "2") as registry:
        yield registry


@pytest.fixture
def image(registry: RegistryProcess) -> Image:
    """One that was there before the disk was full."""
    image = image_of(LAYER)
    push(registry, image, "old")
    return image


def test_a_push_that_fills_the_disk_is_refused_in_words_and_leaves_nothing(
    registry: RegistryProcess, image: Image, disk: SmallDisk
) -> None:
    free = disk.free
    with meanwhile(lambda: require_pull(registry, image)):
        for status, body in (whole(registry), chunk(registry)):
            assert 507 == status
            assert "the registry's disk is full" in json.loads(body)["errors"][0]["message"]
            assert str(disk.folder).encode() not in body
    store = StoreView(registry.data)
    assert [] == store.uploads()
    assert store.known_files() == store.files()
    assert disk.free >= free - (1 << 20)
    push(registry, image_of(secrets.token_bytes(10_000)), "new")


def test_a_manifest_on_a_full_disk_is_refused_and_comes_in_when_there_is_room(
    registry: RegistryProcess, image: Image, disk: SmallDisk
) -> None:
    again = image_of(*image.layers, config=image.config)
    disk.fill()
    with Client(registry) as client:
        assert 507 == client.put_manifest(NAME, "new", again.raw).status
        assert 404 == client.manifest(NAME, "new").status
        assert 507 == client.push(NAME, b"not even this").status
        require_pull(registry, image)
        assert 200 == client.ask("GET", "/readyz").status
        disk.clear()
        assert 201 == client.put_manifest(NAME, "new", again.raw).status
    assert [] == StoreView(registry.data).flaws()


def test_garbage_can_be_collected_on_a_full_disk(registry: RegistryProcess, image: Image, disk: SmallDisk) -> None:
    with Client(registry) as client:
        assert 201 == client.push(NAME, secrets.token_bytes(4 << 20)).status
    disk.fill()
    collected = wharf("admin", "gc", "--data", registry.data, "--grace", "0s", "--upload-age", "0s")
    assert 0 == collected.code, collected.err
    require_pull(registry, image)
    push(registry, image_of(secrets.token_bytes(1 << 20)), "new")
    assert [] == StoreView(registry.data).flaws()


def test_an_image_can_be_deleted_on_a_full_disk_and_its_room_is_free(
    registry: RegistryProcess, image: Image, disk: SmallDisk
) -> None:
    """Where all that fills the disk has its tag, nothing else could ever free it."""
    disk.fill()
    with Client(registry) as client:
        assert 202 == client.ask("DELETE", f"/v2/{NAME}/manifests/{image.digest}").status
        assert 404 == client.manifest(NAME, "old").status
    disk.fill()
    collected = wharf("admin", "gc", "--data", registry.data, "--grace", "0s", "--keep-deleted", "0s")
    assert 0 == collected.code, collected.err
    assert set() == StoreView(registry.data).files()
    assert disk.free >= len(LAYER) // 2


def test_a_registry_can_be_started_on_a_full_disk(registry: RegistryProcess, image: Image, disk: SmallDisk) -> None:
    disk.fill()
    registry.kill()
    disk.fill()
    registry.start()
    require_pull(registry, image)
    disk.fill()
    assert 0 == registry.stop()
    disk.fill()
    registry.start()
    require_pull(registry, image)


def test_a_database_that_finds_no_room_to_be_opened_says_so(disk: SmallDisk) -> None:
    SqliteMetadata(disk.folder).close()
    disk.fill()
    with pytest.raises(StoreFull):
        SqliteMetadata(disk.folder)


def whole(registry: RegistryProcess) -> tuple[int, bytes]:
    return refused(registry, "POST", f"/v2/{NAME}/blobs/uploads/?digest={Digest.of(TOO_LARGE)}")


def chunk(registry: RegistryProcess) -> tuple[int, bytes]:
    with Client(registry) as client:
        return refused(registry, "PATCH", client.begin(NAME))


def refused(registry: RegistryProcess, method: str, path: str) -> tuple[int, bytes]:
    """Sent piece by piece, and no further than the registry takes it: what it said is there to be read even then."""
    wire = RawWire.to(registry)
    try:
        wire.say(method, path, f"Content-Length: {len(TOO_LARGE)}")
        wire.send_while_taken(TOO_LARGE)
        answer = wire.heard()
        return answer.status, answer.read()
    finally:
        wire.close()


def push(registry: RegistryProcess, image: Image, tag: str) -> None:
    with Client(registry) as client:
        for blob in image.blobs:
            assert 201 == client.push(NAME, blob).status
        assert 201 == client.put_manifest(NAME, tag, image.raw).status


def require_pull(registry: RegistryProcess, image: Image) -> None:
    with Client(registry) as client:
        assert image.raw == client.manifest(NAME, "old").body
        for blob in image.blobs:
            assert blob == client.blob(NAME, Digest.of(blob)).body
