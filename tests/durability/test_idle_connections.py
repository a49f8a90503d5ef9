"""Connections on which nothing comes just now, and there may be thousands: nobody who asks something waits for them."""

import resource
import socket
from base64 import b64encode
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.durability.client import Client
from wharf.registry.http.api.operation import OWN
from wharf.testing.registry_process import RegistryProcess

pytestmark = pytest.mark.slow

IDLE = 1_500
USUAL_FILES = 1_024
"""What a process may open at first, on most systems."""
PASSWORD = "correct horse"
WHO = f"Basic {b64encode(f'admin:{PASSWORD}'.encode()).decode()}"
HALF_ASKED = (
    b"GET /user HTTP/1.1\r\nHost: registry\r\nAuthorization: Bas",
    b"POST /token HTTP/1.1\r\nHost: registry\r\nContent-Length: 500\r\n\r\ngrant_type=",
    f"POST {OWN}/orgs HTTP/1.1\r\nHost: registry\r\nAuthorization: {WHO}\r\nContent-Length: 500\r\n\r\n{{".encode(),
    f"PATCH {OWN}/users/admin HTTP/1.1\r\nHost: registry\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n".encode(),
)


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[RegistryProcess]:
    running = RegistryProcess(tmp_path / "data", "--workers", "4", admin_password=PASSWORD)
    with files(USUAL_FILES), running:
        yield running


@pytest.mark.parametrize("said", [(b"",), HALF_ASKED], ids=["nothing", "half a question"])
def test_fifteen_hundred_who_fall_silent_hold_nobody_up(registry: RegistryProcess, said: tuple[bytes, ...]) -> None:
    """They may be silent for a minute, and nobody waits for as long."""
    with ExitStack() as idle, files(resource.getrlimit(resource.RLIMIT_NOFILE)[1]):
        for number in range(IDLE):
            wire = idle.enter_context(socket.create_connection(("127.0.0.1", registry.port), timeout=120))
            wire.sendall(said[number % len(said)])
        for path in ("/v2/", "/token", "/user", f"{OWN}/tokens") * 2:
            with Client(registry) as client:
                assert 200 == client.ask("GET", path, headers={"Authorization": WHO}).status


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
