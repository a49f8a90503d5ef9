"""Lines that break in the middle of a transfer, in either direction, between this client and real registries."""

import asyncio
import secrets
from collections.abc import Iterator

import pytest

from tests.client.cargo import cargo_of, described, read, unwatched
from tests.client.peers import docker_registry
from tests.client.sessions import run_at
from tests.clients.cutting_proxy import CuttingProxy, Direction
from wharf.client.repository import RemoteRepository
from wharf.images.sink import Arrival
from wharf.oci.reference import RepositoryName
from wharf.testing.registry_process import RegistryProcess

pytestmark = pytest.mark.slow
NAME = RepositoryName("team/app")
SIZE = 20_000_000


@pytest.fixture(scope="module", params=["wharf", "docker-registry"])
def host(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("peer")
    if request.param == "wharf":
        with RegistryProcess(folder / "data") as registry:
            yield registry.host
    else:
        with docker_registry(folder) as address:
            yield address


@pytest.fixture
def line(host: str) -> Iterator[CuttingProxy]:
    with CuttingProxy(host) as proxy:
        yield proxy


@pytest.mark.parametrize("after", [300, 1_000_000, SIZE - 1000, SIZE + 500])
def test_an_upload_survives_a_line_that_breaks(line: CuttingProxy, after: int) -> None:
    content = secrets.token_bytes(SIZE)

    async def story(repository: RemoteRepository) -> bytes:
        line.cut_once(Direction.TO_REGISTRY, after)
        assert Arrival.SENT is await repository.put_blob(cargo_of(content), unwatched)
        return await asyncio.to_thread(read, await repository.blob(described(content)))

    assert content == run_at(line.host, story, NAME)
    assert 1 == line.cuts


@pytest.mark.parametrize("after", [300, 1_000_000, SIZE - 1000])
def test_a_download_survives_a_line_that_breaks(line: CuttingProxy, after: int) -> None:
    content = secrets.token_bytes(SIZE)

    async def story(repository: RemoteRepository) -> bytes:
        await repository.put_blob(cargo_of(content), unwatched)
        line.cut_once(Direction.TO_CLIENT, after)
        return await asyncio.to_thread(read, await repository.blob(described(content)))

    assert content == run_at(line.host, story, NAME)
    assert 1 == line.cuts
