"""Over HTTP/2 the same holds, where a byte too many after HEAD breaks the stream and a flood is a matter of frames."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import suppress
from typing import Self

import httpx
import pytest
from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import Event, ResponseReceived, StreamEnded, StreamReset

from tests.hostile.conftest import assert_no_accidents
from tests.hostile.raw import DEADLINE
from tests.hostile.test_framing import ROUTES
from tests.registry.settings.tls_files import make_pair
from wharf.client.line.over_tls import over_tls
from wharf.testing.registry_process import RegistryProcess

pytestmark = pytest.mark.slow

Pairs = list[tuple[str, str]]


@pytest.fixture(scope="module")
def secured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RegistryProcess]:
    """HTTP/2 is spoken where there is TLS."""
    folder = tmp_path_factory.mktemp("http2")
    certificate, key = make_pair(folder, "registry")
    flags = ("--tls-cert", str(certificate), "--tls-key", str(key), "--durability", "relaxed")
    with RegistryProcess(folder / "data", *flags) as process:
        yield process
        assert_no_accidents(process)


@pytest.fixture(scope="module")
def client(secured: RegistryProcess) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=secured.url, http1=False, http2=True, verify=trusting(), timeout=DEADLINE) as client:
        yield client


def trusting() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.set_alpn_protocols(["h2"])
    return context


class Peer:
    """One HTTP/2 connection whose every frame is up to the test."""

    def __init__(self, port: int) -> None:
        self.socket = over_tls(socket.create_connection(("127.0.0.1", port), timeout=DEADLINE), trusting(), "localhost")
        self.state = H2Connection(H2Configuration(validate_outbound_headers=False, normalize_outbound_headers=False))
        self.state.initiate_connection()
        self.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def flush(self) -> None:
        self.socket.sendall(self.state.data_to_send())

    def ask(self, method: str, path: str, *lines: tuple[str, str], body: bytes | None = None) -> int:
        """The number of the new stream."""
        stream = self.state.get_next_available_stream_id()
        pseudo = [(":method", method), (":scheme", "https"), (":path", path), (":authority", "registry.example")]
        self.state.send_headers(stream, [*pseudo, *lines], end_stream=body is None)
        if body is not None:
            self.state.send_data(stream, body, end_stream=True)
        self.flush()
        return stream

    def outcome(self, stream: int) -> str:
        """The status that this stream was answered with; `reset` if it was broken off, `closed` with all others."""
        status = ""
        with suppress(OSError):
            while received := self.socket.recv(1 << 16):
                for event in self.state.receive_data(received):
                    status = _status_of(event, stream) or status
                    if isinstance(event, StreamEnded | StreamReset) and event.stream_id == stream:
                        return status if isinstance(event, StreamEnded) else "reset"
                self.flush()
        return "closed"


def _status_of(event: Event, stream: int) -> str:
    if isinstance(event, ResponseReceived) and event.stream_id == stream:
        return dict(event.headers or ())[b":status"].decode()
    return ""


@pytest.fixture
def peer(secured: RegistryProcess, client: httpx.Client) -> Iterator[Peer]:
    """Whatever a test does on it: others are served afterwards."""
    with Peer(secured.port) as peer:
        yield peer
    assert client.get("/v2/").status_code == 200


@pytest.mark.parametrize("target", ROUTES.values(), ids=ROUTES)
@pytest.mark.parametrize("method", ["HEAD", "GET", "PUT", "DELETE", "BREW"])
def test_every_answer_is_whole(client: httpx.Client, method: str, target: bytes) -> None:
    answer = client.request(method, target.decode(), content=b"x" * 100)
    assert ("HTTP/2", True) == (answer.http_version, answer.status_code < 500)
    assert answer.headers["x-request-id"]
    assert method != "HEAD" or answer.content == b""


def test_what_is_too_large_is_refused(client: httpx.Client) -> None:
    assert client.put("/v2/team/h2/manifests/latest", content=b" " * (5 << 20)).status_code == 413
    assert client.get("/v2/").status_code == 200


@pytest.mark.parametrize(
    "lines",
    [
        [("connection", "close")],
        [("transfer-encoding", "chunked")],
        [("Upper-Case", "a")],
        [("x-a", "b\r\nx-forged: c")],
        [("x-a", "b\x00")],
        [(":path", "/v2/_catalog")],
        [(":strange", "a")],
        [("host", "elsewhere.example")],
    ],
    ids=["connection", "transfer-encoding", "upper case", "new line", "NUL", "second path", "unknown", "second host"],
)
def test_headers_that_cannot_be_are_refused_or_passed_over(peer: Peer, lines: Pairs) -> None:
    assert peer.outcome(peer.ask("GET", "/v2/", *lines)) in {"200", "400", "reset", "closed"}


def test_a_flood_of_headers_is_refused(peer: Peer) -> None:
    lines = [(f"x-{number}", "a" * 1000) for number in range(100)]
    assert peer.outcome(peer.ask("GET", "/v2/", *lines)) in {"431", "reset", "closed"}


def test_streams_that_are_opened_and_broken_off_end_only_their_own_connection(peer: Peer) -> None:
    with suppress(OSError):
        for _ in range(2000):
            peer.state.reset_stream(peer.ask("GET", "/v2/_catalog"))
        peer.flush()
