"""Those who read a large blob drop by drop cost little, and nobody else waits for them."""

import secrets
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.durability.client import Client, RawWire
from tests.durability.processes import resident_mib
from wharf.oci.digest import Digest
from wharf.testing.registry_process import RegistryProcess

pytestmark = pytest.mark.slow

NAME = "crew/app"
READERS = 8
SECONDS = 2.0


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RegistryProcess]:
    with RegistryProcess(tmp_path_factory.mktemp("slow") / "data", "--workers", "2") as registry:
        yield registry


@pytest.fixture(scope="module")
def blob(registry: RegistryProcess) -> Digest:
    content = secrets.token_bytes(1 << 20) * 200
    with Client(registry) as client:
        assert 201 == client.push(NAME, content).status
    return Digest.of(content)


@pytest.mark.parametrize("headers", [(), ("Range: bytes=1-",)], ids=["whole", "part"])
def test_slow_readers_cost_little_memory_and_hold_nobody_up(
    registry: RegistryProcess, blob: Digest, headers: tuple[str, ...]
) -> None:
    before, undisturbed = resident_mib(registry), latency(registry, blob)
    most, taken = 0, []
    with slow_readers(registry, f"/v2/{NAME}/blobs/{blob}", headers) as readers:
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            for reader in readers:
                assert reader.socket.recv(100)
            taken.append(latency(registry, blob))
            most = max(most, resident_mib(registry))
    assert most - before <= 40
    assert statistics.median(taken) <= 3 * undisturbed + 0.02


@contextmanager
def slow_readers(registry: RegistryProcess, path: str, headers: tuple[str, ...]) -> Iterator[list[RawWire]]:
    readers = [RawWire.to(registry, receive_buffer=4096) for _ in range(READERS)]
    try:
        for reader in readers:
            reader.say("GET", path, *headers)
        yield readers
    finally:
        for reader in readers:
            reader.close()


def latency(registry: RegistryProcess, blob: Digest) -> float:
    """Of somebody who asks for a blob: the median of ten times."""
    taken = []
    for _ in range(10):
        start = time.monotonic()
        with Client(registry) as client:
            assert client.has_blob(NAME, blob)
        taken.append(time.monotonic() - start)
        time.sleep(0.01)
    return statistics.median(taken)
