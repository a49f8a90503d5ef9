"""The server process itself: what it offers on the wire, and what it says when it cannot start."""

import ipaddress
import json
import os
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.durability.processes import eventually, workers
from tests.registry.settings.tls_files import make_pair
from wharf.client.line.over_tls import ClosedWhenLeft
from wharf.content.filesystem import FilesystemContent
from wharf.oci.digest import Digest
from wharf.testing.registry_process import RegistryProcess, free_port

pytestmark = pytest.mark.slow

UPLOADS = "/v2/team/app/blobs/uploads/"
PATIENCE = 240.0


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A self-made certificate for 127.0.0.1, and its key."""
    folder = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "wharf test")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "tls.crt").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "tls.key").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return folder / "tls.crt", folder / "tls.key"


@pytest.fixture(scope="module")
def secured(certificate: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[RegistryProcess]:
    cert, key = certificate
    data = tmp_path_factory.mktemp("secured") / "data"
    with RegistryProcess(data, "--tls-cert", str(cert), "--tls-key", str(key)) as registry:
        yield registry


@pytest.mark.parametrize(("http2", "spoken"), [(False, "HTTP/1.1"), (True, "HTTP/2")])
def test_a_push_and_a_pull_over_tls(secured: RegistryProcess, http2: bool, spoken: str) -> None:
    data = os.urandom(3 << 20)
    with httpx.Client(base_url=secured.url, verify=False, http1=not http2, http2=http2, timeout=PATIENCE) as client:
        begun = client.post(UPLOADS)
        assert begun.http_version == spoken
        pushed = client.put(begun.headers["location"], params={"digest": str(Digest.of(data))}, content=data)
        assert pushed.status_code == 201
        assert client.get(pushed.headers["location"]).content == data


def test_the_frames_of_large_bodies_keep_their_order(secured: RegistryProcess) -> None:
    """The body is read ahead over HTTP/2: were the order ever lost, no digest would agree (ADR 0007)."""
    data = os.urandom(1 << 20) * 16
    with httpx.Client(base_url=secured.url, verify=False, http1=False, http2=True, timeout=PATIENCE) as client:
        for number in range(6):
            content = number.to_bytes(8, "big") + data
            target = f"{UPLOADS}?digest={Digest.of(content)}"
            assert client.post(target, content=content).status_code == 201


def test_an_early_refusal_over_http2_is_heard(secured: RegistryProcess) -> None:
    with httpx.Client(base_url=secured.url, verify=False, http1=False, http2=True, timeout=PATIENCE) as client:
        answer = client.patch(f"{UPLOADS}{'0' * 32}", content=b"x" * (1 << 20))
        assert answer.json()["errors"][0]["code"] == "BLOB_UPLOAD_UNKNOWN"


def test_workers_that_were_replaced_have_the_new_certificate(tmp_path: Path) -> None:
    certificate, key = make_pair(tmp_path, "served")
    with RegistryProcess(tmp_path / "data", "--tls-cert", str(certificate), "--tls-key", str(key)) as registry:
        renewed_certificate, renewed_key = make_pair(tmp_path, "renewed")
        renewed_certificate.replace(certificate)
        renewed_key.replace(key)
        os.kill(registry.pid, signal.SIGHUP)
        assert eventually(lambda: served_certificate(registry) == certificate.read_text(), PATIENCE)


def served_certificate(registry: RegistryProcess) -> str:
    curious = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    curious.check_hostname = False
    curious.verify_mode = ssl.CERT_NONE
    curious.sslsocket_class = ClosedWhenLeft
    address = ("127.0.0.1", registry.port)
    with suppress(OSError), socket.create_connection(address, timeout=30) as line, curious.wrap_socket(line) as tls:
        return ssl.DER_cert_to_PEM_cert(tls.getpeercert(binary_form=True) or b"")
    return ""  # it was taken by one that leaves


def test_an_address_that_is_taken_is_said(tmp_path: Path) -> None:
    with RegistryProcess(tmp_path / "first") as first:
        command = [sys.executable, "-m", "wharf", "serve", "--data", str(tmp_path / "second"), "--listen", first.host]
        second = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert second.returncode == 3
    assert f"{first.host} is in use by another program" in second.stderr


def serve(data: Path, *before: str, **environment: str) -> subprocess.Popen[str]:
    """A registry with accounts on a port that is free, and what it writes."""
    command = [sys.executable, "-m", "wharf", "serve", "--data", str(data), "--listen", f"127.0.0.1:{free_port()}"]
    return subprocess.Popen([*before, *command], stderr=subprocess.PIPE, text=True, env={**os.environ, **environment})


def told_until_it_serves(process: subprocess.Popen[str]) -> str:
    assert process.stderr is not None
    told = ""
    while "(pid " not in told:
        line = process.stderr.readline()
        assert line, told
        told += line
    return told


def ended(process: subprocess.Popen[str]) -> str:
    """What it still said."""
    process.terminate()
    return process.communicate(timeout=PATIENCE)[1]


def test_a_limit_of_files_that_leaves_room_for_few_connections_is_said(tmp_path: Path) -> None:
    process = serve(tmp_path / "data", "sh", "-c", 'ulimit -n 256; exec "$@"', "sh")
    told = told_until_it_serves(process)
    ended(process)
    assert "a worker holds at most 64 connections" in told
    assert "ulimit -n" in told


def test_a_first_password_that_is_too_short_is_said_before_anything_is_served(tmp_path: Path) -> None:
    process = serve(tmp_path / "data", WHARF_ADMIN_PASSWORD="hunter2")
    told = process.communicate(timeout=PATIENCE)[1]
    assert process.returncode == 3
    assert "WHARF_ADMIN_PASSWORD: a password has 8 to 1024 characters" in told
    assert "hunter2" not in told
    assert "serves" not in told


def test_the_first_password_is_told_once_and_never_again(tmp_path: Path) -> None:
    first = serve(tmp_path / "data")
    told = told_until_it_serves(first)
    password = told.partition("its password ")[2].split()[0]
    told += ended(first)
    second = serve(tmp_path / "data")
    again = told_until_it_serves(second) + ended(second)
    assert (1, 0) == (told.count(password), again.count(password))
    assert not [
        file for file in (tmp_path / "data").rglob("*") if file.is_file() and password in file.read_text("latin-1")
    ]


def test_who_had_an_open_registry_is_told_that_it_is_private_now(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with RegistryProcess(data) as registry:
        index = {"schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json", "manifests": []}
        pushed = httpx.put(
            f"{registry.url}/v2/team/app/manifests/1.0",
            content=json.dumps(index),
            headers={"content-type": str(index["mediaType"])},
            timeout=PATIENCE,
        )
        assert pushed.status_code == 201
    first = serve(data)
    told = told_until_it_serves(first) + ended(first)
    assert "wharf admin visibility REGISTRY/team/app public" in told
    again = serve(data)
    assert "REGISTRY/team/app" not in told_until_it_serves(again) + ended(again)


def test_two_starts_at_once_make_one_administrator(tmp_path: Path) -> None:
    with ExitStack() as at_the_end:
        both = [serve(tmp_path / "data"), serve(tmp_path / "data")]
        for process in both:
            at_the_end.callback(ended, process)
        told = [told_until_it_serves(process) for process in both]
    assert sum("The first account is admin" in each for each in told) == 1


def test_a_data_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    command = [sys.executable, "-m", "wharf", "serve", "--data", str(tmp_path / "file" / "data")]
    refused = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert refused.returncode == 3
    assert "setting data" in refused.stderr


@pytest.mark.parametrize("theirs", ["uploads", "blobs/sha256/7f", "write.lock"])
def test_what_may_not_be_written_is_said_before_anything_is_served(tmp_path: Path, theirs: str) -> None:
    data = tmp_path / "data"
    data.mkdir()
    FilesystemContent(data).close()
    (data / "write.lock").touch()
    (data / theirs).chmod(0o500)
    command = [sys.executable, "-m", "wharf", "serve", "--data", str(data), "--listen", f"127.0.0.1:{free_port()}"]
    refused = subprocess.run([*powerless(), *command], capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert refused.returncode == 3, refused.stderr
    assert f"Permission denied: {data / theirs}" in " ".join(refused.stderr.split())
    assert "run as whom the folder belongs to" in refused.stderr


def powerless() -> list[str]:
    """Before a command: root without the right to pass by the rights of files."""
    if os.geteuid() != 0:
        return []
    if shutil.which("setpriv") is None:
        pytest.skip("setpriv is not there: root may write everything")
    return ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]


def test_a_stop_right_after_the_start_is_not_swallowed(tmp_path: Path) -> None:
    """The second worker may not serve yet when the first one answers. A stop that is swallowed is never heard."""
    for number in range(12):
        assert RegistryProcess(tmp_path / str(number)).start().stop() == 0


def test_a_second_ctrl_c_does_no_harm_to_what_is_under_way(tmp_path: Path) -> None:
    with RegistryProcess(tmp_path / "data") as registry:
        begun = httpx.post(f"{registry.url}{UPLOADS}", timeout=PATIENCE).headers["location"]
        with socket.create_connection(("127.0.0.1", registry.port)) as line:
            line.settimeout(PATIENCE)
            line.sendall(f"PATCH {begun} HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\n\r\nabc".encode())
            time.sleep(0.5)
            for _ in range(2):
                os.killpg(os.getpgid(registry.pid), signal.SIGINT)
                time.sleep(0.5)
            line.sendall(b"def")
            assert line.recv(4096).startswith(b"HTTP/1.1 202 ")
        assert registry.stop() == 0


def test_the_log_of_a_process_is_json_where_no_person_looks(tmp_path: Path) -> None:
    with RegistryProcess(tmp_path / "data") as registry:
        httpx.get(f"{registry.url}/v2/", timeout=PATIENCE)
    lines = [json.loads(line) for line in registry.log.read_text().splitlines()]
    assert any(line["event"] == "request" and line["path"] == "/v2/" for line in lines)
    assert any("serves http://" in line.get("message", "") for line in lines)


def test_what_the_server_library_says_is_json_too(tmp_path: Path) -> None:
    """Here of a worker that does not end when it is told to."""
    with RegistryProcess(tmp_path / "data", "--stop-timeout", "1s") as registry:
        os.kill(workers(registry)[0], signal.SIGSTOP)
    lines = [json.loads(line) for line in registry.log.read_text().splitlines()]
    told = [line for line in lines if "refused to gracefully stop" in line.get("message", "")]
    assert {("log", "warning")} == {(line["event"], line["level"]) for line in told}


def test_the_schedule_collects_garbage_beside_the_server(tmp_path: Path) -> None:
    flags = ("--gc-interval", "1s", "--gc-grace", "0")
    with RegistryProcess(tmp_path / "data", *flags) as registry:
        data = b"nothing names this"
        target = f"{registry.url}{UPLOADS}?digest={Digest.of(data)}"
        pushed = httpx.post(target, content=data, timeout=PATIENCE)
        assert pushed.status_code == 201
        blob = f"{registry.url}{pushed.headers['location']}"
        assert eventually(lambda: httpx.get(blob, timeout=PATIENCE).status_code == 404, PATIENCE)
