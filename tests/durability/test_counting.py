"""What was pulled is counted, also when the registry is stopped and started under those who pull."""

import asyncio
import itertools
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.durability.cargo import image_of
from tests.durability.client import LOST, Client
from tests.durability.processes import eventually
from wharf.metadata.ledger import Ledger
from wharf.metadata.sqlite import SqliteMetadata
from wharf.oci.reference import RepositoryName
from wharf.testing.registry_process import RegistryProcess

pytestmark = pytest.mark.slow

PULLS = 1_000
CLIENTS = 16
WORKERS = "2"
NAME = "crew/app"
IMAGE = image_of(b"a layer")


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[RegistryProcess]:
    with RegistryProcess(tmp_path / "data", "--workers", WORKERS) as running:
        with Client(running) as client:
            for blob in IMAGE.blobs:
                client.push(NAME, blob)
            client.put_manifest(NAME, "v1", IMAGE.raw)
        yield running


def test_a_thousand_pulls_from_sixteen_clients_across_a_graceful_restart_lose_none(registry: RegistryProcess) -> None:
    given: list[str] = []
    with ThreadPoolExecutor(CLIENTS) as threads:
        shares = [PULLS // CLIENTS + (number < PULLS % CLIENTS) for number in range(CLIENTS)]
        pulling = [threads.submit(_pull, registry, share, given) for share in shares]
        assert eventually(lambda: len(given) >= PULLS // 3)
        registry.stop()
        registry.start()
        lost = sum(each.result() for each in pulling)
    registry.stop()
    assert PULLS == len(given)
    assert PULLS <= _counted(registry) <= PULLS + lost


def test_a_registry_that_is_shot_keeps_what_was_pulled_a_moment_before(registry: RegistryProcess) -> None:
    _pull(registry, 50, [])
    assert eventually(lambda: 50 == _counted(registry))
    registry.kill()
    assert 50 == _counted(registry)


def _pull(registry: RegistryProcess, times: int, given: list[str]) -> int:
    """By tag and by digest in turn. How many requests were broken off: nobody can say whether those were answered."""
    references = itertools.cycle(("v1", str(IMAGE.digest)))
    lost = 0
    client = Client(registry)
    while times:
        reference = next(references)
        try:
            assert 200 == client.manifest(NAME, reference).status
            given.append(reference)
            times -= 1
        except ConnectionRefusedError:
            time.sleep(0.02)
        except LOST:
            lost += 1
            client.close()
            client = Client(registry)
    client.close()
    return lost


def _counted(registry: RegistryProcess) -> int:
    def question(ledger: Ledger) -> int:
        repository = ledger.repositories.find(RepositoryName(NAME))
        assert repository is not None
        return ledger.pulls.ever(repository)[0]

    metadata = SqliteMetadata(registry.data)
    try:
        return asyncio.run(metadata.read(question))
    finally:
        metadata.close()
