"""A stop lets nobody in and everybody out: transfers under way are finished, within the time that was set for it."""

import os
import secrets
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.durability.client import Client, RawWire
from tests.durability.processes import eventually, is_held, workers
from wharf.oci.digest import Digest
from wharf.testing.registry_process import RegistryProcess

pytestmark = pytest.mark.slow

NAME = "crew/app"
LARGE = secrets.token_bytes(20 << 20)
SMALL = secrets.token_bytes(100_000)


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_transfers_under_way_are_finished(registry: RegistryProcess, stop: signal.Signals) -> None:
    with half_done(registry) as (upload, download):
        os.kill(registry.pid, stop)
        assert eventually(lambda: refuses_connections(registry))
        os.kill(registry.pid, stop)  # impatience does no harm
        upload.socket.sendall(SMALL[50_000:])
        assert 201 == upload.heard().status
        assert LARGE == download.heard().read()
        assert 0 == exit_code(registry, within=240)
    registry.kill()
    registry.start()
    with Client(registry) as client:
        assert SMALL == client.blob(NAME, Digest.of(SMALL)).body


def test_transfers_that_hang_are_ended_when_the_time_is_up(tmp_path: Path) -> None:
    with RegistryProcess(tmp_path / "data", "--workers", "2", "--stop-timeout", "1s") as registry:
        with half_done(registry):
            os.kill(registry.pid, signal.SIGTERM)
            assert 0 == exit_code(registry, within=240)
        registry.kill()
        registry.start()  # the next one finds nothing in its way
        with Client(registry) as client:
            assert LARGE == client.blob(NAME, Digest.of(LARGE)).body


def test_a_chunk_cut_off_by_a_stop_can_be_gone_on_with(tmp_path: Path) -> None:
    with RegistryProcess(tmp_path / "data", "--workers", "2", "--stop-timeout", "1s") as registry:
        with Client(registry) as client:
            place = client.begin(NAME)
            assert 202 == client.append(place, SMALL[:1000], 0).status
        wire = RawWire.to(registry)
        wire.say("PATCH", place, "Content-Range: 1000-99999", "Content-Length: 99000", body=SMALL[1000:5000])
        (file,) = (registry.data / "uploads").iterdir()
        assert eventually(lambda: is_held(file))
        os.kill(registry.pid, signal.SIGTERM)
        assert 0 == exit_code(registry, within=240)
        wire.close()
        registry.kill()
        registry.start()
        with Client(registry) as client:
            start = int(client.ask("GET", place).headers["Range"].partition("-")[2]) + 1
            assert start >= 1000
            assert 202 == client.append(place, SMALL[start:], start).status
            assert 201 == client.finish(place, Digest.of(SMALL)).status


def test_ctrl_c_reaches_every_process_at_once_and_that_is_no_crash(registry: RegistryProcess) -> None:
    """A terminal sends SIGINT to the whole group: the workers' end must not look like a failure to the supervisor."""
    with half_done(registry) as (upload, _):
        os.killpg(registry.pid, signal.SIGINT)
        time.sleep(0.2)
        upload.socket.sendall(SMALL[50_000:])
        assert 201 == upload.heard().status
    assert 0 == exit_code(registry, within=240)
    assert "Unexpected exit" not in registry.log_tail()
    registry.kill()


@contextmanager
def half_done(registry: RegistryProcess) -> Iterator[tuple[RawWire, RawWire]]:
    """An upload of SMALL that is half sent, and a download of LARGE of which little was read."""
    with Client(registry) as client:
        assert 201 == client.push(NAME, LARGE).status
    upload, download = RawWire.to(registry), RawWire.to(registry, receive_buffer=65_536)
    try:
        target = f"/v2/{NAME}/blobs/uploads/?digest={Digest.of(SMALL)}"
        upload.say("POST", target, f"Content-Length: {len(SMALL)}", body=SMALL[:50_000])
        download.say("GET", f"/v2/{NAME}/blobs/{Digest.of(LARGE)}")
        assert b"HTTP/1.1 200" == download.socket.recv(12, socket.MSG_PEEK)
        assert eventually(lambda: any(map(is_held, (registry.data / "uploads").iterdir())))
        yield upload, download
    finally:
        upload.close()
        download.close()


def refuses_connections(registry: RegistryProcess) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", registry.port)) != 0


def exit_code(registry: RegistryProcess, within: float) -> int:
    """The registry's own, when it ends by itself; it stays a zombie, for whoever started it."""
    ended: list[int] = []

    def wait() -> None:
        report = os.waitid(os.P_PID, registry.pid, os.WEXITED | os.WNOWAIT)
        assert report is not None
        ended.append(report.si_status if report.si_code == os.CLD_EXITED else -report.si_status)

    waiter = threading.Thread(target=wait, daemon=True)
    waiter.start()
    waiter.join(within)
    assert ended, f"still runs after {within:g} s; workers {workers(registry)}\n{registry.log_tail()}"
    return ended[0]
