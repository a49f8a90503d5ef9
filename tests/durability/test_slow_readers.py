"""Those who read a large blob drop by drop cost little, and nobody else waits for them."""

import secrets
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
TIMES = 200


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
    """They take a few bytes only when somebody else was answered, and would wait for that for ever."""
    before, most = resident_mib(registry), 0
    with slow_readers(registry, f"/v2/{NAME}/blobs/{blob}", headers) as readers:
        for _ in range(TIMES):
            for reader in readers:
                assert reader.socket.recv(100)
            with Client(registry) as client:
                assert client.has_blob(NAME, blob)
            most = max(most, resident_mib(registry))
    assert most - before <= 40


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
