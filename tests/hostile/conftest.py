"""One real server for all tests that speak to it in bytes, and a look at it after each of them."""

from collections.abc import Iterator

import pytest

from tests.hostile.raw import SENTINEL, talk
from wharf.testing.registry_process import RegistryProcess


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RegistryProcess]:
    folder = tmp_path_factory.mktemp("hostile")
    with RegistryProcess(folder / "data", "--workers", "2", "--durability", "relaxed") as process:
        yield process
        assert_no_accidents(process)


def assert_no_accidents(process: RegistryProcess) -> None:
    log = process.log.read_text(errors="replace")
    assert [] == [word for word in ("Traceback", "panicked", "ERROR") if word in log], process.log_tail()


@pytest.fixture
def port(server: RegistryProcess) -> Iterator[int]:
    """Whatever a test does: others are served afterwards, by both workers."""
    yield server.port
    assert [[200]] * 4 == [talk(server.port, SENTINEL).statuses for _ in range(4)]
