"""Connections that nobody uses just now, and there may be thousands: they hold up nobody who has something to ask."""

import resource
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.durability.client import Client
from wharf.testing.registry_process import RegistryProcess

pytestmark = pytest.mark.slow

IDLE = 1_500
USUAL_FILES = 1_024
"""What a process may open at first, on most systems."""


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[RegistryProcess]:
    with files(USUAL_FILES), RegistryProcess(tmp_path / "data", "--workers", "4") as running:
        yield running


def test_fifteen_hundred_who_say_nothing_hold_nobody_up(registry: RegistryProcess) -> None:
    """They may be silent for a minute, and nobody waits for as long."""
    with ExitStack() as idle, files(resource.getrlimit(resource.RLIMIT_NOFILE)[1]):
        for _ in range(IDLE):
            idle.enter_context(socket.create_connection(("127.0.0.1", registry.port), timeout=30))
        for _ in range(8):
            with Client(registry) as client:
                assert 200 == client.ask("GET", "/v2/").status


@contextmanager
def files(wanted: int) -> Iterator[None]:
    """This process, and what it starts, may have so many open at first."""
    before, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if most < 2 * IDLE:
        pytest.skip("not so many files may be open here")
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (before, most))
