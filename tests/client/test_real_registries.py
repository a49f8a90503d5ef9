"""The whole way to registries as they run in the world: wharf's own, and Debian's docker-registry."""

import asyncio
import hashlib
import io
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from tests.client.asking import BRISK, TEAM, told
from tests.client.certificates import Authority
from wharf.client.message import Request, Upload
from wharf.client.session import Session
from wharf.client.settings import ClientSettings, Timeouts
from wharf.credentials.credential import Credential, Password
from wharf.credentials.secret import Secret
from wharf.errors import RemoteUnauthenticated
from wharf.protocol.scope import parse_scopes
from wharf.testing.registry_process import RegistryProcess, free_port

pytestmark = pytest.mark.slow

SETTINGS = replace(BRISK, timeouts=Timeouts())
PUSH = parse_scopes("repository:team/app:pull,push")
PATIENCE_SECONDS = 120
# The password of TEAM as bcrypt makes it, at its lowest cost.
USERS = "team-bot:$2b$04$7PLRZvZQX5QukZCLVcRMVeA9IZMAAd9LmkImX357GTND68aR01/k6\n"
BLOBS = [os.urandom(3_000_000 + number) for number in range(6)]


@contextmanager
def docker_registry(folder: Path, *, users: str = "", authority: Authority | None = None) -> Iterator[str]:
    program = shutil.which("docker-registry")
    if program is None:
        pytest.skip("docker-registry is not installed")
    port = free_port()
    lines = ["version: 0.1", f"storage: {{filesystem: {{rootdirectory: {folder / 'data'}}}}}", "http:"]
    lines += [f"  addr: 127.0.0.1:{port}"]
    if authority is not None:
        identity = authority.issue("127.0.0.1")
        lines += [f"  tls: {{certificate: {identity.certificate}, key: {identity.key}}}"]
    if users:
        (folder / "users").write_text(users)
        lines += [f"auth: {{htpasswd: {{realm: here, path: {folder / 'users'}}}}}"]
    (folder / "config.yml").write_text("\n".join(lines) + "\n")
    with subprocess.Popen(
        [program, "serve", str(folder / "config.yml")], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            wait_for(port)
            yield f"127.0.0.1:{port}"
        finally:
            process.terminate()


def wait_for(port: int) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError("docker-registry does not start")


async def pushed(session: Session, blob: bytes, *, chunked: bool) -> str:
    digest = f"sha256:{hashlib.sha256(blob).hexdigest()}"
    begun = await session.ask(Request("POST", "/v2/team/app/blobs/uploads/"), PUSH)
    location = begun.headers.first("location") or ""
    sent = await session.ask(
        Request("PATCH", location, body=Upload(io.BytesIO(blob), None if chunked else len(blob))), PUSH
    )
    assert 202 == sent.status
    location = sent.headers.first("location") or ""
    done = await session.ask(Request("PUT", f"{location}{'&' if '?' in location else '?'}digest={digest}"), PUSH)
    assert 201 == done.status
    return digest


async def pulled(session: Session, digest: str) -> bytes:
    opened = await session.open(Request("GET", f"/v2/team/app/blobs/{digest}"), PUSH)
    assert 200 == opened.status

    def read() -> bytes:
        whole, buffer = bytearray(), memoryview(bytearray(1 << 20))
        while count := opened.reader.readinto(buffer):
            whole += buffer[:count]
        opened.reader.close()
        return bytes(whole)

    return await asyncio.to_thread(read)


async def there_and_back(session: Session) -> Sequence[bytes]:
    """All at once, half of them without a length."""
    digests = await asyncio.gather(
        *(pushed(session, blob, chunked=bool(number % 2)) for number, blob in enumerate(BLOBS))
    )
    return await asyncio.gather(*(pulled(session, digest) for digest in digests))


def held(host: str, credential: Credential | None = None, settings: ClientSettings = SETTINGS) -> bool:
    return list(told(host, there_and_back, credential, settings)) == BLOBS


def test_blobs_travel_to_wharf_and_back(tmp_path: Path) -> None:
    with RegistryProcess(tmp_path / "data") as registry:
        assert held(registry.host)


def test_blobs_travel_to_wharf_and_back_under_tls(tmp_path: Path) -> None:
    authority = Authority.create(tmp_path)
    identity = authority.issue("127.0.0.1")
    flags = ("--tls-cert", str(identity.certificate), "--tls-key", str(identity.key))
    with RegistryProcess(tmp_path / "data", *flags) as registry:
        assert held(registry.host, settings=replace(SETTINGS, ca_files=(authority.file,)))


def test_blobs_travel_to_docker_registry_and_back(tmp_path: Path) -> None:
    with docker_registry(tmp_path) as host:
        assert held(host)


def test_blobs_travel_to_docker_registry_and_back_under_tls(tmp_path: Path) -> None:
    authority = Authority.create(tmp_path)
    folder = tmp_path / "certs.d"
    with docker_registry(tmp_path, authority=authority) as host:
        (folder / host).mkdir(parents=True)
        shutil.copy(authority.file, folder / host / "ca.crt")
        assert held(host, settings=replace(SETTINGS, certs_folders=(folder,)))


def test_docker_registry_lets_in_who_has_the_password(tmp_path: Path) -> None:
    with docker_registry(tmp_path, users=USERS) as host:
        assert held(host, TEAM)
        for credential in (None, Password("team-bot", Secret("wrong"))):
            with pytest.raises(RemoteUnauthenticated):
                held(host, credential)
