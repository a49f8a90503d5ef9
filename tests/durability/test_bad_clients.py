"""Clients that dawdle, lie about their lengths or hang up: each is answered or let go, and leaves nothing behind."""

import secrets
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.durability.cargo import image_of
from tests.durability.client import Client, RawWire
from tests.durability.processes import eventually, resident_mib
from tests.durability.store_view import StoreView
from wharf.oci.digest import Digest
from wharf.testing.registry_process import RegistryProcess

pytestmark = pytest.mark.slow

NAME = "crew/app"
CARGO = secrets.token_bytes(200_000)
WHOLE = f"/v2/{NAME}/blobs/uploads/?digest={Digest.of(CARGO)}"
LONG_AGO = 45.0
"""In seconds: who is not let go by then is waited for as long as anybody else."""


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RegistryProcess]:
    """Who falls silent for a second is let go, and on a busy machine that may be anybody."""
    data = tmp_path_factory.mktemp("bad") / "data"
    with RegistryProcess(data, "--workers", "2", "--client-silence", "1s") as registry:
        yield registry


@pytest.fixture(scope="module")
def patient(registry: RegistryProcess) -> Iterator[RegistryProcess]:
    """The same folder for those who behave: here they may be slow."""
    with RegistryProcess(registry.data, "--workers", "1") as patient:
        yield patient


@pytest.fixture
def wire(registry: RegistryProcess) -> Iterator[RawWire]:
    wire = RawWire.to(registry)
    yield wire
    wire.close()
    assert [] == StoreView(registry.data).flaws()


def test_who_falls_silent_in_a_push_is_told_and_let_go(registry: RegistryProcess, wire: RawWire) -> None:
    wire.say("POST", WHOLE, f"Content-Length: {len(CARGO)}", body=CARGO[:1000])
    answer = wire.heard()
    assert (408, "close") == (answer.status, answer.headers["Connection"])
    answer.read()
    assert wire.is_closed()
    assert eventually(lambda: [] == StoreView(registry.data).uploads())


def test_who_falls_silent_in_a_chunk_can_go_on_with_it(patient: RegistryProcess, wire: RawWire) -> None:
    with Client(patient) as client:
        place = client.begin(NAME)
    wire.say("PATCH", place, f"Content-Length: {len(CARGO)}", body=CARGO[:1000])
    assert 408 == wire.heard().status
    with Client(patient) as client:
        assert "0-999" == client.ask("GET", place).headers["Range"]
        assert 202 == client.append(place, CARGO[1000:], 1000).status
        assert 201 == client.finish(place, Digest.of(CARGO)).status
    assert eventually(lambda: [] == StoreView(patient.data).uploads())


def test_who_says_no_more_but_still_listens_is_told(registry: RegistryProcess, wire: RawWire) -> None:
    """The sending half is closed in the middle of the body."""
    wire.say("POST", WHOLE, f"Content-Length: {len(CARGO)}", body=CARGO[:1000])
    wire.socket.shutdown(socket.SHUT_WR)
    assert wire.socket.recv(100)[:12] in {b"", b"HTTP/1.1 408", b"HTTP/1.1 400"}
    assert eventually(lambda: [] == StoreView(registry.data).uploads())


def test_who_hangs_up_in_a_push_leaves_nothing(patient: RegistryProcess, wire: RawWire) -> None:
    wire.say("POST", WHOLE, f"Content-Length: {len(CARGO)}", body=CARGO[:150_000])
    wire.close()
    assert eventually(lambda: [] == StoreView(patient.data).uploads())
    with Client(patient) as client:
        assert not client.has_blob(NAME, Digest.of(CARGO + b"never"))


def test_who_drips_headers_is_let_go(wire: RawWire) -> None:
    began = time.monotonic()
    wire.socket.sendall(b"GET /v2/ HTTP/1.1\r\nHost: registry\r\n")
    wire.socket.settimeout(0.3)
    while not wire.is_closed():
        assert time.monotonic() - began < LONG_AGO
        wire.send_while_taken(b"X: y\r\n")


def test_who_says_nothing_at_all_is_let_go(wire: RawWire) -> None:
    wire.socket.settimeout(LONG_AGO)
    assert wire.is_closed()


def test_who_sends_more_than_was_announced_pushes_what_was_announced(patient: RegistryProcess, wire: RawWire) -> None:
    """The rest is no request, and ends the connection."""
    cargo = secrets.token_bytes(1000)
    target = f"/v2/{NAME}/blobs/uploads/?digest={Digest.of(cargo)}"
    wire.say("POST", target, f"Content-Length: {len(cargo)}", body=cargo + b"\x00\x01 and more\r\n\r\n")
    answer = wire.heard()
    answer.read()
    assert 201 == answer.status
    rest = wire.socket.recv(1000)
    assert rest == b"" or rest.startswith(b"HTTP/1.1 400")
    with Client(patient) as client:
        assert cargo == client.blob(NAME, Digest.of(cargo)).body


def test_who_announces_less_than_the_blob_is_told_of_the_wrong_digest(registry: RegistryProcess, wire: RawWire) -> None:
    wire.say("POST", WHOLE, "Content-Length: 1000", body=CARGO[:1000])
    assert 400 == wire.heard().status
    assert eventually(lambda: [] == StoreView(registry.data).uploads())


def test_a_chunked_body_that_breaks_off_is_no_blob(patient: RegistryProcess, wire: RawWire) -> None:
    """Its bytes so far agree with the digest; but the end never came."""
    cargo = secrets.token_bytes(1000)
    target = f"/v2/{NAME}/blobs/uploads/?digest={Digest.of(cargo)}"
    wire.say("POST", target, "Transfer-Encoding: chunked", body=b"3e8\r\n" + cargo + b"\r\n")
    wire.close()
    with Client(patient) as client:
        for _ in range(20):  # the registry hears of it sooner or later
            assert not client.has_blob(NAME, Digest.of(cargo))
            time.sleep(0.02)
    assert eventually(lambda: [] == StoreView(patient.data).uploads())


def test_a_manifest_that_breaks_off_is_not_stored(patient: RegistryProcess, wire: RawWire) -> None:
    wire.say("PUT", f"/v2/{NAME}/manifests/half", "Content-Length: 1000", body=b'{"schemaVersion": 2')
    assert 408 == wire.heard().status
    with Client(patient) as client:
        assert 404 == client.manifest(NAME, "half").status


def test_two_hundred_who_dawdle_hold_nobody_up(tmp_path: Path) -> None:
    """They might for longer than whoever comes waits for an answer."""
    silence = ("--client-silence", "600s")
    with (
        RegistryProcess(tmp_path / "data", "--workers", "2", *silence) as registry,
        dawdlers(registry, 200),
        Client(registry) as client,
    ):
        assert 201 == client.push(NAME, CARGO).status


def test_two_hundred_who_dawdle_cost_little_and_leave_nothing(registry: RegistryProcess) -> None:
    before = resident_mib(registry)
    with dawdlers(registry, 200):
        assert resident_mib(registry) - before <= 80
        assert eventually(lambda: [] == StoreView(registry.data).uploads())


def test_a_hundred_who_stop_in_large_manifests_cost_no_more_than_is_allowed(registry: RegistryProcess) -> None:
    before, large = resident_mib(registry), b" " * ((4 << 20) - 1)
    with wires(registry, 100) as stopped:
        for wire in stopped:
            wire.say("PUT", f"/v2/{NAME}/manifests/large", f"Content-Length: {4 << 20}")
            wire.send_while_taken(large)
        assert resident_mib(registry) - before <= 300


def test_a_manifest_of_ordinary_size_comes_in_beside_a_hundred_who_stop_in_large_ones(tmp_path: Path) -> None:
    image, large = image_of(), b" " * ((4 << 20) - 1)
    silence = ("--client-silence", "600s")
    with (
        RegistryProcess(tmp_path / "data", "--workers", "2", *silence) as registry,
        wires(registry, 100) as stopped,
        Client(registry) as client,
    ):
        for wire in stopped:
            wire.say("PUT", f"/v2/{NAME}/manifests/large", f"Content-Length: {4 << 20}")
            wire.send_while_taken(large)
        assert 201 == client.push(NAME, image.config).status
        assert 201 == client.put_manifest(NAME, "small", image.raw).status


@contextmanager
def dawdlers(registry: RegistryProcess, number: int) -> Iterator[None]:
    """Some have not ended their headers, some are in the middle of a push, some have asked and do not ask again."""
    with wires(registry, number) as dawdling:
        for turn, wire in enumerate(dawdling):
            match turn % 3:
                case 0:
                    wire.socket.sendall(b"GET /v2/ HTTP/1.1\r\nHost:")
                case 1:
                    wire.say("POST", WHOLE, f"Content-Length: {len(CARGO)}", body=CARGO[:10_000])
                case _:
                    wire.say("GET", "/v2/")
        yield


@contextmanager
def wires(registry: RegistryProcess, number: int) -> Iterator[list[RawWire]]:
    with ExitStack() as at_the_end:
        made = []
        for _ in range(number):
            made.append(RawWire.to(registry))
            at_the_end.callback(made[-1].close)
        yield made
