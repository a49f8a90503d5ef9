"""TLS to servers with certificates of all kinds: who is believed, and what is said of who is not."""

import io
import shutil
import ssl
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.client.asking import BRISK, PING, answer_of, told
from tests.client.certificates import Authority, Identity, self_signed
from tests.client.raw_server import RawServer, good
from wharf.client.line.tls import find_papers
from wharf.client.message import Request, Upload
from wharf.client.origin import Origin
from wharf.client.session import Session
from wharf.client.settings import ClientSettings
from wharf.errors import PlainHttp, RemoteProblem, TlsRefused, Unreachable

HERE = "127.0.0.1"


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority.create(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def served(authority: Authority) -> Identity:
    return authority.issue(HERE, "localhost")


@pytest.fixture
def server(served: Identity) -> Iterator[RawServer]:
    with RawServer(good, served.server_context()) as running:
        yield running


def refusal(host: str, settings: ClientSettings = BRISK) -> RemoteProblem:
    with pytest.raises(RemoteProblem) as caught:
        answer_of(host, settings=settings)
    return caught.value


def believing(authority: Authority) -> ClientSettings:
    return replace(BRISK, ca_files=(authority.file,))


def evidence(error: RemoteProblem) -> str:
    return "\n".join(error.diagnostics().evidence)


def test_a_file_of_authorities_is_believed(server: RawServer, authority: Authority) -> None:
    assert 200 == answer_of(server.host, settings=believing(authority)).status


def test_a_name_is_believed_as_an_address_is(server: RawServer, authority: Authority) -> None:
    assert 200 == answer_of(f"localhost:{server.port}", settings=believing(authority)).status


def test_the_environment_may_name_the_authorities_of_the_system(server: RawServer, authority: Authority) -> None:
    settings = replace(BRISK, environ={"SSL_CERT_FILE": str(authority.file)})
    assert 200 == answer_of(server.host, settings=settings).status


def test_certs_d_is_read(server: RawServer, authority: Authority, tmp_path: Path) -> None:
    folder = tmp_path / server.host
    folder.mkdir()
    shutil.copy(authority.file, folder / "anything.crt")
    settings = replace(BRISK, certs_folders=(tmp_path / "none", tmp_path))
    assert 200 == answer_of(server.host, settings=settings).status


def test_certs_d_of_another_port_is_not_read(server: RawServer, authority: Authority, tmp_path: Path) -> None:
    for name in (HERE, f"{HERE}:1"):
        (tmp_path / name).mkdir()
        shutil.copy(authority.file, tmp_path / name / "ca.crt")
    error = refusal(server.host, replace(BRISK, certs_folders=(tmp_path,)))
    assert isinstance(error, TlsRefused)
    assert f"looked in: {tmp_path / server.host}" in evidence(error)


def test_an_unknown_authority_is_named_with_the_place_for_its_certificate(server: RawServer) -> None:
    error = refusal(server.host)
    assert "its certificate is signed by an unknown authority" in str(error)
    assert "issuer: CN=Test Authority" in evidence(error)
    assert f"/etc/docker/certs.d/{server.host}/ca.crt" in error.diagnostics().next_step
    assert [] == server.requests


def test_a_certificate_that_signs_itself_is_named(tmp_path: Path) -> None:
    identity = self_signed(tmp_path, HERE)
    with RawServer(good, identity.server_context()) as server:
        assert "signed by itself" in str(refusal(server.host))
        assert 200 == answer_of(server.host, settings=replace(BRISK, ca_files=(identity.certificate,))).status


def test_a_wrong_name_is_told_with_the_right_ones(authority: Authority) -> None:
    with RawServer(good, authority.issue("other.test", "10.0.0.1").server_context()) as server:
        error = refusal(f"localhost:{server.port}", believing(authority))
    assert "its certificate is not valid for localhost" in str(error)
    assert "it is valid for: other.test, 10.0.0.1" in evidence(error)
    assert "SAN DNS:localhost" in error.diagnostics().next_step


@pytest.mark.parametrize("names", [("localhost",), ("10.0.0.1",)])
def test_an_address_that_the_certificate_does_not_have_is_told(authority: Authority, names: tuple[str, ...]) -> None:
    with RawServer(good, authority.issue(*names).server_context()) as server:
        error = refusal(server.host, believing(authority))
    assert "it has no such IP SAN" in str(error)
    assert f"SAN IP:{HERE}" in error.diagnostics().next_step


@pytest.mark.parametrize("host", [HERE, "localhost"])
def test_a_common_name_alone_is_not_believed(authority: Authority, host: str) -> None:
    with RawServer(good, authority.issue(common_name="localhost").server_context()) as server:
        assert "no alternative names (SAN)" in str(refusal(f"{host}:{server.port}", believing(authority)))


@pytest.mark.parametrize(
    ("begins", "ends", "words"), [(-3, -2, "has expired"), (2, 3, "is not valid yet")], ids=["expired", "not yet"]
)
def test_a_wrong_time_is_told_with_the_clock(authority: Authority, begins: int, ends: int, words: str) -> None:
    identity = authority.issue(HERE, begins=timedelta(days=begins), ends=timedelta(days=ends))
    with RawServer(good, identity.server_context()) as server:
        error = refusal(server.host, believing(authority))
    assert f"its certificate {words}" in str(error)
    assert "valid from" in evidence(error)
    assert "this machine's clock:" in evidence(error)
    assert "clock" in error.diagnostics().next_step


def test_who_is_named_insecure_is_not_checked(server: RawServer) -> None:
    assert 200 == answer_of(server.host, settings=replace(BRISK, insecure=frozenset({server.host}))).status


def test_who_has_tls_is_not_spoken_to_without_it(server: RawServer) -> None:
    """Also on this machine a certificate that is not believed does not lead to plain HTTP."""
    refusal(server.host)
    assert 0 == server.connections


def test_this_machine_may_be_without_tls() -> None:
    with RawServer(good) as plain:
        assert f"http://{plain.host}/v2/" == answer_of(plain.host).url


def test_an_answer_in_plain_http_to_a_tls_greeting_is_known() -> None:
    with (
        RawServer(good, to_greetings=b"HTTP/1.1 400 Bad Request\r\n\r\n") as server,
        pytest.raises(PlainHttp) as caught,
    ):
        told(server.host, lambda session: session.send(Request("GET", f"https://{server.host}/")))
    assert f"--insecure {server.host}" in caught.value.diagnostics().next_step


def test_hanging_up_at_a_tls_greeting_is_told() -> None:
    with RawServer(good) as server, pytest.raises(Unreachable, match="hung up"):
        told(server.host, lambda session: session.send(Request("GET", f"https://{server.host}/")))


# --- certificates of one's own ----------------------------------------------------------------------------------------


@pytest.fixture(params=[ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3], ids=["TLS 1.2", "TLS 1.3"])
def choosy(request: pytest.FixtureRequest, authority: Authority, served: Identity) -> Iterator[RawServer]:
    """A server that asks who connects."""
    context = served.server_context(authority.file)
    context.maximum_version = request.param
    with RawServer(good, context) as running:
        yield running


def folder_for(server: RawServer, authority: Authority, tmp_path: Path) -> Path:
    folder = tmp_path / server.host
    folder.mkdir()
    shutil.copy(authority.file, folder / "ca.crt")
    return folder


def test_a_certificate_of_ones_own_is_shown(choosy: RawServer, authority: Authority, tmp_path: Path) -> None:
    folder = folder_for(choosy, authority, tmp_path)
    mine = authority.issue(common_name="me", for_clients=True)
    shutil.copy(mine.certificate, folder / "client.cert")
    shutil.copy(mine.key, folder / "client.key")
    assert 200 == answer_of(choosy.host, settings=replace(BRISK, certs_folders=(tmp_path,))).status


def test_a_server_that_wants_to_know_who_connects_is_told_apart(choosy: RawServer, authority: Authority) -> None:
    error = refusal(choosy.host, believing(authority))
    assert "client certificate" in f"{error}{error.diagnostics()}"
    assert isinstance(error, TlsRefused)
    assert f"/etc/docker/certs.d/{choosy.host}/" in error.diagnostics().next_step


def test_a_certificate_that_is_not_accepted_is_told(choosy: RawServer, authority: Authority, tmp_path: Path) -> None:
    folder = folder_for(choosy, authority, tmp_path)
    stranger = self_signed(tmp_path / "stranger", "me")
    shutil.copy(stranger.certificate, folder / "client.cert")
    shutil.copy(stranger.key, folder / "client.key")
    error = refusal(choosy.host, replace(BRISK, certs_folders=(tmp_path,)))
    assert "it does not accept the client certificate" in str(error)
    assert f"shown to it: {folder / 'client.cert'}" in evidence(error)


@pytest.mark.parametrize(
    ("present", "words"),
    [
        ("client.cert", "missing key client.key for client certificate client.cert"),
        ("client.key", "missing client certificate client.cert for key client.key"),
    ],
)
def test_half_a_pair_is_told(server: RawServer, authority: Authority, tmp_path: Path, present: str, words: str) -> None:
    (folder_for(server, authority, tmp_path) / present).write_text("x")
    error = refusal(server.host, replace(BRISK, certs_folders=(tmp_path,)))
    assert words in str(error)
    assert ".crt" in error.diagnostics().next_step


def test_a_key_of_another_certificate_is_told(server: RawServer, authority: Authority, tmp_path: Path) -> None:
    folder = folder_for(server, authority, tmp_path)
    shutil.copy(authority.issue(for_clients=True).certificate, folder / "client.cert")
    shutil.copy(authority.issue(for_clients=True).key, folder / "client.key")
    error = refusal(server.host, replace(BRISK, certs_folders=(tmp_path,)))
    assert "the client certificate cannot be used" in str(error)


@pytest.mark.parametrize("content", [b"", b"not a certificate", b"\x30\x82\x00"])
def test_a_file_that_is_no_certificate_is_named(server: RawServer, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "ca.pem"
    file.write_bytes(content)
    error = refusal(server.host, replace(BRISK, ca_files=(file,)))
    assert f"file: {file}" in evidence(error)


def test_a_file_that_is_not_there_is_named(server: RawServer, tmp_path: Path) -> None:
    error = refusal(server.host, replace(BRISK, ca_files=(tmp_path / "none.pem",)))
    assert f"path: {tmp_path / 'none.pem'}" in evidence(error)


@pytest.mark.parametrize(
    ("origin", "platform", "name"),
    [
        (Origin("https", "a", 443), "linux", "a"),
        (Origin("https", "a", 5000), "linux", "a:5000"),
        (Origin("https", "a", 5000), "win32", "a5000"),
    ],
)
def test_the_folder_is_called_as_the_registry_is(origin: Origin, platform: str, name: str, tmp_path: Path) -> None:
    settings = ClientSettings(certs_folders=(tmp_path,), platform=platform)
    assert (tmp_path / name,) == find_papers(origin, settings).looked_in


def test_a_body_goes_up_under_tls(server: RawServer, authority: Authority) -> None:
    body = bytes(range(256)) * 20_000

    async def story(session: Session) -> int:
        await session.ask(PING, ())
        return (await session.ask(Request("PUT", "/v2/x", body=Upload(io.BytesIO(body), len(body))), ())).status

    assert 200 == told(server.host, story, settings=believing(authority))
    assert body == server.requests[-1].body


@pytest.mark.parametrize("folder", ["a", "a:443"])
def test_the_usual_port_may_stand_in_the_folders_name(folder: str, tmp_path: Path) -> None:
    (tmp_path / folder).mkdir()
    file = tmp_path / folder / "ca.crt"
    file.touch()
    papers = find_papers(Origin("https", "a", 443), ClientSettings(certs_folders=(tmp_path,), platform="linux"))
    assert (file,) == papers.authorities
