"""A real Docker Engine, shared by the tests of this room."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clients.clearing import clear_away
from tests.clients.conftest import need
from tests.clients.dockerd import Dockerd
from wharf.engine.docker import Engine


@pytest.fixture(scope="session")
def dockerd() -> Iterator[Dockerd]:
    need("docker", "dockerd")
    folder = Path(tempfile.mkdtemp(prefix="wharf-", dir="/tmp"))
    try:
        with Dockerd(folder) as daemon:
            yield daemon
    finally:
        clear_away(folder)


@pytest.fixture
def environ(dockerd: Dockerd) -> dict[str, str]:
    return {"DOCKER_HOST": dockerd.socket}


@pytest.fixture
def engine(environ: dict[str, str]) -> Iterator[Engine]:
    with Engine.connect(environ) as engine:
        yield engine
        for image in engine.images():
            for name in image.names:
                engine.remove(str(name))
