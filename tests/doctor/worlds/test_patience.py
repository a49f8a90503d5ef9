"""However long a registry takes, and whatever it sends without an end, probes come back in time with what they saw."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from tests.client.raw_server import RawServer, Talk
from tests.doctor.worlds.around_a_registry import logged_in, world_about
from tests.doctor.worlds.lines import full_of_calls, speechless

pytestmark = pytest.mark.slow

PROBES = (
    "dns", "tcp", "tls", "proxy", "certs-folder", "clock", "api", "challenge", "login", "rate-limit", "manifest",
    "tags", "platforms", "entrypoint",
)  # fmt: skip
PATIENCE = 1.0
MOST_SECONDS = 50.0
"""Half as long as whoever drips goes on, and for ever less than the others do."""


@pytest.mark.parametrize("place", [speechless, full_of_calls])
def test_somebody_who_says_nothing(tmp_path: Path, place: Callable[[], AbstractContextManager[str]]) -> None:
    with place() as host:
        looked_in_time(tmp_path, host)


def test_somebody_who_says_a_byte_now_and_then(tmp_path: Path) -> None:
    def drip(talk: Talk) -> None:
        talk.raw(b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n")
        talk.drip(b"x" * 1000, 0.1)

    with RawServer(drip) as server:
        looked_in_time(tmp_path, server.host)


def test_somebody_who_never_ends(tmp_path: Path) -> None:
    def flood(talk: Talk) -> None:
        talk.raw(b"HTTP/1.1 200 OK\r\n\r\n")
        talk.flood(b"x" * 65536)

    with RawServer(flood) as server:
        looked_in_time(tmp_path, server.host)


def looked_in_time(home: Path, host: str) -> None:
    logged_in(home, host)
    world, before = world_about(home, f"{host}/team/app:1.0", patience=PATIENCE), time.monotonic()

    seen = world.probed(*PROBES)

    assert time.monotonic() - before < MOST_SECONDS
    assert () == seen.unseen
    assert "a-secret-word" not in f"{seen}"
