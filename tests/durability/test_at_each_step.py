"""A push that is struck at a chosen step, between two calls to the kernel: shot, or told that the disk failed.

The storms of test_being_shot strike anywhere; here no step is left to chance.
"""

import secrets
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.durability.cargo import Image, image_of
from tests.durability.client import LOST, Client
from tests.durability.processes import workers
from tests.durability.store_view import StoreView
from tests.durability.strace import need_strace, strace
from tests.journeys.crew import wharf
from wharf.oci.digest import Digest
from wharf.testing.registry_process import RegistryProcess

pytestmark = pytest.mark.slow

NAME = "crew/app"


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[RegistryProcess]:
    need_strace()
    with RegistryProcess(tmp_path / "data", "--workers", "1") as registry:
        yield registry


@pytest.fixture
def image(registry: RegistryProcess) -> Image:
    """One that was acknowledged before."""
    image = image_of(secrets.token_bytes(3000))
    assert [201, 201, 201] == push(registry, image)
    return image


@pytest.mark.parametrize(
    ("call", "turn"),
    [
        pytest.param("rename", 1, id="the blob is written, and not in its place"),
        pytest.param("fsync", 1, id="the blob is in its place, and not forced out"),
        pytest.param("fsync", 2, id="the blob is in its place, and its name is not forced out"),
        pytest.param("fdatasync", 1, id="the blob is not known"),
        pytest.param("fdatasync", 2, id="the first blob was acknowledged"),
        pytest.param("fdatasync", 3, id="the manifest is in the log, and not forced out"),
    ],
)
def test_a_push_that_is_shot_between_two_steps(registry: RegistryProcess, image: Image, call: str, turn: int) -> None:
    new = image_of(secrets.token_bytes(3000))
    with strace(workers(registry)[0], "-e", f"trace={call}", "-e", f"inject={call}:signal=SIGKILL:when={turn}"):
        statuses = push(registry, new)
    assert len(statuses) < 3
    registry.kill()
    registry.start()
    require_whole_store(registry, image)
    assert [201, 201, 201] == push(registry, new)
    require_pull(registry, new)


@pytest.mark.parametrize(
    ("call", "error", "turn"),
    [
        pytest.param("fsync", "EIO", "1", id="the blob cannot be forced out"),
        pytest.param("rename", "EIO", "1", id="the blob cannot be put in its place"),
        pytest.param("fsync", "EIO", "2", id="the blob's name cannot be forced out"),
        pytest.param("fdatasync", "EIO", "1+", id="the log cannot be forced out"),
        pytest.param("pwrite64", "ENOSPC", "1+", id="the log cannot be written"),
    ],
)
def test_a_push_whose_disk_fails_is_not_acknowledged_and_nothing_is_half_there_even_after_a_crash(
    registry: RegistryProcess, image: Image, call: str, error: str, turn: str
) -> None:
    new = image_of()
    with strace(workers(registry)[0], "-e", f"trace={call}", "-e", f"inject={call}:error={error}:when={turn}"):
        failed, *_ = push(registry, new)
    assert 500 <= failed < 600
    assert [] == StoreView(registry.data).flaws()
    registry.kill()  # what the log holds and nobody forced out is now read again
    registry.start()
    require_whole_store(registry, image)
    assert [201, 201] == push(registry, new)
    require_pull(registry, new)


@pytest.mark.parametrize("turn", ["1", "2"])
def test_a_blob_that_cannot_be_forced_out_does_not_stay(registry: RegistryProcess, image: Image, turn: str) -> None:
    with strace(workers(registry)[0], "-e", "trace=fsync", "-e", f"inject=fsync:error=EIO:when={turn}"):
        assert 500 <= push(registry, image_of())[0] < 600
    store = StoreView(registry.data)
    assert store.known_files() == store.files()
    assert [] == store.uploads()


def push(registry: RegistryProcess, image: Image) -> list[int]:
    """As far as it goes: the registry may die under it."""
    statuses: list[int] = []
    with suppress(*LOST), Client(registry) as client:
        # One at a time: what was answered before the end is what counts.
        statuses.extend(client.push(NAME, blob).status for blob in image.blobs)
        statuses.append(client.put_manifest(NAME, image.digest, image.raw).status)
    return statuses


def require_whole_store(registry: RegistryProcess, image: Image) -> None:
    store = StoreView(registry.data)
    assert [] == store.flaws()
    require_pull(registry, image)
    collected = wharf("admin", "gc", "--data", registry.data, "--grace", "0s", "--upload-age", "0s")
    assert 0 == collected.code, collected.err
    assert store.known_files() == store.files()
    assert [] == store.uploads()
    require_pull(registry, image)


def require_pull(registry: RegistryProcess, image: Image) -> None:
    with Client(registry) as client:
        assert image.raw == client.manifest(NAME, image.digest).body
        for blob in image.blobs:
            assert blob == client.blob(NAME, Digest.of(blob)).body
