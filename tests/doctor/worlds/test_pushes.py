"""Pushes that fail for one reason each, against servers that stand where a registry does."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.client.raw_server import Behaviour, RawServer, Talk
from tests.clients.programs import missing
from tests.doctor.worlds.around_a_registry import world_about
from tests.doctor.worlds.said import said
from tests.doctor.worlds.shelf import Entry, Shelf
from tests.doctor.worlds.test_debians_registry import wait_for
from wharf.testing.registry_process import RegistryProcess, free_port

TOO_LARGE = "error parsing HTTP 413 response body: invalid character '<' looking for beginning of value: \"<html>"
DROPPED = (
    'Put "https://{0}/v2/app/blobs/uploads/71": http2: Transport: cannot retry err [x] after Request.Body was written'
)
UNKNOWN = "ERROR: failed to push {0}/app:1: blob upload unknown: blob upload unknown to registry"
DENIED = "The push refers to repository [{0}/team/app]\ndenied: requested access to the resource is denied"


def behind(**headers: str) -> Behaviour:
    def behave(talk: Talk) -> None:
        talk.say(200, b"{}", content_type="application/json", **headers)

    return behave


def causes(home: Path, behave: Behaviour, text: str) -> tuple[str, list[str]]:
    with RawServer(behave) as server:
        return world_about(home, server.host).causes_of(text.format(server.host))


@pytest.mark.parametrize(
    ("server", "cause"),
    [("nginx/1.22.1", "nginx-limit"), ("cloudflare", "cloudflare-limit"), ("awselb/2.0", "other-proxy")],
)
def test_who_stands_in_front_limits_the_size(tmp_path: Path, server: str, cause: str) -> None:
    assert ("push-too-large", [cause]) == causes(tmp_path, behind(server=server), TOO_LARGE)


def test_the_registry_itself_limits_the_size(tmp_path: Path) -> None:
    assert ("push-too-large", ["registry-limit"]) == causes(tmp_path, behind(), TOO_LARGE)


def test_who_stands_in_front_drops_the_connection(tmp_path: Path) -> None:
    assert ("push-dropped", ["proxy-before-the-registry"]) == causes(tmp_path, behind(server="nginx"), DROPPED)


def test_nobody_in_between_drops_the_connection(tmp_path: Path) -> None:
    assert ("push-dropped", ["registry-or-network"]) == causes(tmp_path, behind(), DROPPED)


def test_several_registries_behind_one_name(tmp_path: Path) -> None:
    assert ("upload-unknown", ["several-copies-behind-one-name"]) == causes(tmp_path, behind(server="nginx"), UNKNOWN)


def test_an_upload_that_is_gone(tmp_path: Path) -> None:
    assert ("upload-unknown", ["upload-gone"]) == causes(tmp_path, behind(), UNKNOWN)


@pytest.mark.parametrize(
    ("status", "signature", "cause"),
    [
        ("500 Internal Server Error", "push-answered-with-error", "registry-failed"),
        ("502 Bad Gateway", "push-answered-with-error", "nobody-behind-the-proxy"),
        ("507 Insufficient Storage", "push-answered-with-error", "store-full"),
        ("404 Not Found", "push-answered-with-refusal", "no-such-repository"),
        ("405 Method Not Allowed", "push-answered-with-refusal", "does-not-take-pushes"),
        ("403 Forbidden", "push-answered-with-refusal", "no-right-to-write"),
    ],
)
def test_a_status_and_no_words(tmp_path: Path, status: str, signature: str, cause: str) -> None:
    text = "ERROR: failed to push {0}/app:1: unexpected status from PUT request to https://{0}/v2/app/blobs/uploads/1: "

    assert (signature, [cause]) == causes(tmp_path, behind(), text + status)


@pytest.mark.parametrize(
    ("status", "cause"), [("400 Bad Request", "kind-not-taken"), ("403 Forbidden", "no-right-to-write")]
)
def test_a_cache_that_is_not_taken(tmp_path: Path, status: str, cause: str) -> None:
    text = (
        'ERROR: failed to solve: error writing manifest blob: failed commit on ref "sha256:0f": '
        "unexpected status from PUT request to https://{0}/v2/app/manifests/cache: " + status
    )

    assert ("registry-refuses-cache", [cause]) == causes(tmp_path, behind(), text)


def wants_login(talk: Talk) -> None:
    talk.say(401, b"{}", www_authenticate='Basic realm="r"')


def test_nobody_logged_in(tmp_path: Path) -> None:
    with RawServer(wants_login) as server:
        world = world_about(tmp_path, f"{server.host}/team/app:1")

        assert ("push-access-denied", ["not-logged-in"]) == world.causes_of(DENIED.format(server.host))


@contextmanager
def nginx_in_front_of(registry: str, folder: Path) -> Iterator[str]:
    """With its own limit of one megabyte."""
    port = free_port()
    (folder / "nginx.conf").write_text(
        f"""daemon off; pid {folder}/pid; error_log {folder}/log;
events {{}}
http {{
  access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  server {{ listen 127.0.0.1:{port}; location / {{ proxy_pass {registry}; proxy_set_header Host $http_host; }} }}
}}"""
    )
    command = ["nginx", "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", str(folder / "log")]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(f"127.0.0.1:{port}")
        yield f"127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(60)


@pytest.mark.slow
def test_nginx_as_it_is_installed(tmp_path: Path) -> None:
    """A real push of two megabytes by skopeo, through a real nginx to a real registry."""
    if shutil.which("nginx", path="/usr/sbin:/usr/bin") is None or missing("skopeo"):
        pytest.skip("not installed: nginx, skopeo (.ci/install-clients installs it on Debian)")
    image, front = tmp_path / "image", tmp_path / "front"
    front.mkdir()
    large_image(image)
    with RegistryProcess(tmp_path / "registry") as registry, nginx_in_front_of(registry.url, front) as host:
        world = world_about(tmp_path, host)
        told = said(
            world,
            "skopeo",
            "--insecure-policy",
            "copy",
            "--dest-tls-verify=false",
            f"oci:{image}:1",
            f"docker://{host}/team/app:1",
        )

        assert ("push-too-large", ["nginx-limit"]) == world.causes_of(told)


def large_image(folder: Path) -> None:
    """Of one layer with two megabytes that cannot be packed."""
    shelf = Shelf()
    document = shelf.image("app", "1", files={"noise": Entry(os.urandom(2_000_000))})
    blobs = folder / "blobs/sha256"
    blobs.mkdir(parents=True)
    for digest, content in [*shelf.blobs.items(), (document.digest, document.body)]:
        (blobs / digest.removeprefix("sha256:")).write_bytes(content)
    described = {
        "mediaType": document.media_type,
        "digest": document.digest,
        "size": len(document.body),
        "annotations": {"org.opencontainers.image.ref.name": "1"},
    }
    (folder / "index.json").write_text(json.dumps({"schemaVersion": 2, "manifests": [described]}))
    (folder / "oci-layout").write_text('{"imageLayoutVersion": "1.0.0"}')
