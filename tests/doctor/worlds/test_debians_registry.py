"""Debian's docker-registry in failing worlds, with a password before it, with a token service, and behind nginx."""

import json
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.client.peers import docker_registry
from tests.client.token_service import Account, House, serving
from tests.doctor.worlds.around_a_registry import logged_in, world_about
from tests.doctor.worlds.shelf import digest_of
from tests.doctor.worlds.world import World
from wharf.oci.media_types import OCI_MANIFEST
from wharf.testing.registry_process import free_port

pytestmark = pytest.mark.slow

START_SECONDS = 120.0
NAME, PASSWORD = "porter", "open sesame"
# bcrypt of it with few rounds, which is the only form that docker-registry takes.
HASHED = "$2b$04$2Doz6sXkOfw2YpP7cKSltO.lOtwIs8PgrirkSsl13/swVTkjAWCES"


@pytest.fixture
def guarded(tmp_path: Path) -> Iterator[str]:
    (tmp_path / "users").write_text(f"{NAME}:{HASHED}\n")
    with docker_registry(tmp_path, f"auth: {{htpasswd: {{realm: here, path: {tmp_path / 'users'}}}}}\n") as host:
        yield host


@pytest.fixture
def open_one(tmp_path: Path) -> Iterator[str]:
    with docker_registry(tmp_path) as host:
        yield host


def world_of(home: Path, image: str) -> World:
    return world_about(home, image)


def test_a_wrong_password(tmp_path: Path, guarded: str) -> None:
    logged_in(tmp_path, guarded, NAME, "another word")
    text = f"Error response from daemon: login attempt to https://{guarded}/v2/ failed with status: 401 Unauthorized"

    assert ("login-refused", ["refused"]) == world_of(tmp_path, guarded).causes_of(text)


def test_the_right_one_is_no_cause(tmp_path: Path, guarded: str) -> None:
    logged_in(tmp_path, guarded, NAME, PASSWORD)
    text = f"Error response from daemon: login attempt to https://{guarded}/v2/ failed with status: 401 Unauthorized"

    assert ("login-refused", ["accepted-here"]) == world_of(tmp_path, guarded).causes_of(text)


def test_a_tag_of_another_length(tmp_path: Path, open_one: str) -> None:
    push(open_one, "acme/app", "453a654")
    image = f"{open_one}/acme/app:453a6545b97fe240727c378291230abeb793d851"
    text = f"Error response from daemon: manifest for {image} not found: manifest unknown: manifest unknown"

    assert ("manifest-unknown", ["tag-of-another-length"]) == world_of(tmp_path, image).causes_of(text)


def test_an_account_without_rights_at_its_token_service(tmp_path: Path, open_one: str) -> None:
    push(open_one, "acme/app", "1.0")
    house = House({NAME: Account(PASSWORD, {"others/*": frozenset({"pull"})})}, upstream=open_one)
    with serving(house) as host:
        logged_in(tmp_path, host, NAME, PASSWORD)
        text = f"unexpected status from HEAD request to https://{host}/v2/acme/app/manifests/1.0: 403 Forbidden"

        assert ("access-forbidden", ["account-not-entitled"]) == world_of(tmp_path, f"{host}/acme/app:1.0").causes_of(
            text
        )


def test_nginx_stands_there_and_nobody_behind_it(tmp_path: Path) -> None:
    text = "Error response from daemon: received unexpected HTTP status: 502 Bad Gateway"
    with port_where_nobody_can_listen() as upstream, nginx_before(tmp_path / "nginx", upstream) as host:
        assert ("registry-server-error", ["back-end-away"]) == world_of(tmp_path, host).causes_of(text)


def test_nginx_limits_what_is_pushed(tmp_path: Path, open_one: str) -> None:
    text = "error parsing HTTP 413 response body: 413 Request Entity Too Large"
    with nginx_before(tmp_path / "nginx", open_one) as host:
        assert ("push-too-large", ["nginx-limit"]) == world_of(tmp_path, host).causes_of(text)


@contextmanager
def port_where_nobody_can_listen() -> Iterator[str]:
    """Taken, and silent: it refuses whoever connects for as long as it is held."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"127.0.0.1:{taken.getsockname()[1]}"


@contextmanager
def nginx_before(folder: Path, upstream: str) -> Iterator[str]:
    program = shutil.which("nginx", path="/usr/sbin:/usr/bin:/bin")
    if program is None:
        pytest.skip("nginx is not installed")
    folder.mkdir()
    host = f"127.0.0.1:{free_port()}"
    places = " ".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    server = f"server {{ listen {host}; location / {{ proxy_pass http://{upstream}; proxy_set_header Host {host}; }} }}"
    (folder / "nginx.conf").write_text(
        f"daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log; events {{}}\n"
        f"http {{ access_log off; {places} {server} }}\n"
    )
    with subprocess.Popen([program, "-e", f"{folder}/error.log", "-c", f"{folder}/nginx.conf"]) as process:
        try:
            wait_for(host)
            yield host
        finally:
            process.terminate()


def wait_for(host: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            request(host, "GET", "/v2/")
        except ConnectionRefusedError:
            time.sleep(0.02)
        else:
            return
    raise TimeoutError(f"nginx does not listen at {host} after {START_SECONDS} s")


def push(host: str, name: str, tag: str) -> None:
    """The smallest image that there is."""
    config = b"{}"
    place = request(host, "POST", f"/v2/{name}/blobs/uploads/")["location"].removeprefix(f"http://{host}")
    request(host, "PUT", f"{place}&digest={digest_of(config)}", config)
    entry = {"mediaType": "application/vnd.oci.image.config.v1+json", "digest": digest_of(config), "size": len(config)}
    document = {"schemaVersion": 2, "mediaType": OCI_MANIFEST, "config": entry, "layers": []}
    request(host, "PUT", f"/v2/{name}/manifests/{tag}", json.dumps(document).encode(), OCI_MANIFEST)


def request(
    host: str, method: str, path: str, body: bytes = b"", kind: str = "application/octet-stream"
) -> dict[str, str]:
    with closing(HTTPConnection(host, timeout=60)) as connection:
        connection.request(method, path, body, {"Content-Type": kind})
        answer = connection.getresponse()
        answer.read()
        return {name.lower(): value for name, value in answer.getheaders()}
