"""What is learned from an engine that answers, and from whatever answers in its place."""

import socket
import ssl
import time
from dataclasses import replace
from pathlib import Path

import pytest

from tests.client.certificates import Authority
from tests.doctor.engines.small_engine import VERSION, at_a_port, in_http, saying, small_engine
from wharf.doctor.engines.conversation import Trouble, addresses_of, ask, pipe_trouble, spoken_at
from wharf.doctor.engines.endpoint import Certificates, Endpoint, read_address
from wharf.doctor.engines.session import entered

ROOT = Path("/")


def trouble_with(endpoint: Endpoint, seconds: float = 60.0) -> str:
    with pytest.raises(Trouble) as met:
        entered(endpoint, seconds)
    return met.value.word


@pytest.fixture
def tls(tmp_path: Path) -> ssl.SSLContext:
    return Authority.create(tmp_path).issue("127.0.0.1").server_context()


def test_an_engine_tells_its_version(tmp_path: Path) -> None:
    with small_engine(tmp_path / "e.sock", {}) as address:
        assert "28.2.2" == entered(read_address(address, ROOT), 2).version["Version"]


def test_podman_is_known_by_its_parts(tmp_path: Path) -> None:
    podman = {**VERSION, "Components": [{"Name": "Podman Engine"}]}
    with small_engine(tmp_path / "e.sock", {"/version": podman}) as address:
        assert "podman" == entered(read_address(address, ROOT), 2).kind


def test_a_folder_in_the_place_of_a_socket_is_told(tmp_path: Path) -> None:
    assert "not-a-socket" == trouble_with(read_address(f"unix://{tmp_path}", ROOT))


def test_a_path_too_long_for_a_socket_is_none(tmp_path: Path) -> None:
    assert "no-socket" == trouble_with(read_address(f"unix://{tmp_path}/{'x' * 200}", ROOT))


@pytest.mark.parametrize(
    "raw",
    [b"", b"SSH-2.0-OpenSSH_9.2\r\n", b"\0" * 500, in_http([]), in_http({}), in_http({"x": 1}, 500), b"HTTP/1.1 "],
)
def test_what_answers_otherwise_is_no_engine(raw: bytes) -> None:
    with at_a_port(saying(raw)) as endpoint:
        assert "not-an-engine" == trouble_with(endpoint)


def test_what_never_ends_is_not_read_to_its_end() -> None:
    def endless(line: socket.socket) -> None:
        while True:
            line.sendall(b"HTTP/1.0 200 OK\r\n\r\n" + b"x" * 65536)

    with at_a_port(endless) as endpoint:
        assert "not-an-engine" == trouble_with(endpoint)


def test_what_drips_is_not_waited_for() -> None:
    def dripping(line: socket.socket) -> None:
        while True:
            line.sendall(b"H")
            time.sleep(0.05)

    started = time.monotonic()
    with at_a_port(dripping) as endpoint:
        assert "hung" == trouble_with(endpoint, 0.4)
    assert time.monotonic() - started < 30


def test_what_says_nothing_is_hung() -> None:
    def silent(line: socket.socket) -> None:
        while line.recv(1 << 16):
            pass

    with at_a_port(silent) as endpoint:
        assert "hung" == trouble_with(endpoint, 0.3)


def test_tls_that_is_spoken_to_plainly_is_expected(tls: ssl.SSLContext) -> None:
    with at_a_port(saying(in_http(VERSION)), tls) as endpoint:
        assert "tls-expected" == trouble_with(endpoint)


def test_a_plain_engine_that_is_spoken_to_with_tls_is_told(tmp_path: Path) -> None:
    with at_a_port(saying(in_http(VERSION))) as endpoint:
        asked = replace(endpoint, certificates=Certificates(tmp_path, verifies=False))
        assert "plain-expected" == trouble_with(asked)


def test_an_authority_that_the_client_does_not_know_is_told(tls: ssl.SSLContext, tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_bytes(Authority.create(tmp_path / "other").file.read_bytes())
    with at_a_port(saying(in_http(VERSION)), tls) as endpoint:
        assert "bad-certificate" == trouble_with(replace(endpoint, certificates=Certificates(tmp_path)))


def test_certificates_that_are_not_there_are_missed_before_anybody_is_asked(tmp_path: Path) -> None:
    asked = read_address("tcp://127.0.0.1:1", ROOT, Certificates(tmp_path))
    assert "certificates-missing" == trouble_with(asked)


def test_garbage_in_place_of_certificates_is_told(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("no certificate")
    with at_a_port(saying(in_http(VERSION))) as endpoint:
        assert "bad-certificate" == trouble_with(replace(endpoint, certificates=Certificates(tmp_path)))


def test_an_engine_with_tls_answers_whoever_trusts_it(tls: ssl.SSLContext, tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_bytes((tmp_path / "ca.crt").read_bytes())
    with at_a_port(saying(in_http(VERSION)), tls) as endpoint:
        assert 200 == ask(replace(endpoint, certificates=Certificates(tmp_path)), "/version", 2).status


def test_a_pipe_that_is_not_there_is_told(tmp_path: Path) -> None:
    assert "no-socket" == pipe_trouble(tmp_path / "docker_engine")


def test_a_pipe_that_can_be_opened_is_no_trouble(tmp_path: Path) -> None:
    (tmp_path / "docker_engine").touch()
    assert not pipe_trouble(tmp_path / "docker_engine")


def test_what_a_port_speaks_is_told(tls: ssl.SSLContext) -> None:
    with at_a_port(saying(in_http({}))) as plain, at_a_port(saying(b""), tls) as secret:
        assert ("plain", "tls") == (spoken_at(plain.host, plain.port, 60), spoken_at(secret.host, secret.port, 60))


def test_a_port_where_nobody_listens_speaks_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    assert "nothing" == spoken_at("127.0.0.1", port, 1)


def test_an_address_is_a_name_too() -> None:
    assert ("127.0.0.1",) == addresses_of("127.0.0.1", 60)


def test_a_name_that_cannot_be_one_leads_nowhere() -> None:
    assert () == addresses_of("a" * 300, 60)
