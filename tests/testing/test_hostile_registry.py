"""The registry that misbehaves on command: without one it is like others, and with one for as long as was said."""

import http.client
import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from wharf.oci.media_types import OCI_MANIFEST
from wharf.testing.hostile_registry import HostileRegistry, Misdeed
from wharf.testing.random_image import random_image


@pytest.fixture
def registry() -> Iterator[HostileRegistry]:
    with HostileRegistry() as hostile:
        yield hostile


def asked(registry: HostileRegistry, method: str, path: str, **headers: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection(registry.host, timeout=60)
    try:
        connection.request(method, path, headers=headers)
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def test_a_misdeed_happens_as_often_as_was_said(registry: HostileRegistry) -> None:
    registry.misbehave(Misdeed.SERVER_ERRORS, times=2)
    assert [500, 500, 200] == [asked(registry, "GET", "/v2/")[0] for _ in range(3)]


def test_a_misdeed_without_a_number_happens_until_it_is_called_off(registry: HostileRegistry) -> None:
    registry.misbehave(Misdeed.WEB_PAGES, amount=418)
    assert [418, 418] == [asked(registry, "GET", "/v2/")[0] for _ in range(2)]
    registry.behave()
    assert 200 == asked(registry, "GET", "/v2/")[0]


def test_what_was_asked_is_remembered_with_its_headers(registry: HostileRegistry) -> None:
    asked(registry, "GET", "/v2/", Authorization="Basic c2VjcmV0")
    (request,) = registry.requests
    assert ("GET", "/v2/", "Basic c2VjcmV0") == (request.method, request.path, request.headers["authorization"])


def test_what_is_put_on_its_shelf_is_served(registry: HostileRegistry) -> None:
    digest = registry.shelf.put_blob(b"0123456789")
    path = f"/v2/team/app/blobs/{digest}"
    assert (200, b"0123456789") == asked(registry, "GET", path)
    assert (206, b"6789") == asked(registry, "GET", path, Range="bytes=6-")
    registry.shelf.put_manifest("team/app", b"{}", OCI_MANIFEST, "v1")
    assert (200, b"{}") == asked(registry, "GET", "/v2/team/app/manifests/v1")
    assert ["v1"] == json.loads(asked(registry, "GET", "/v2/team/app/tags/list")[1])["tags"]


@pytest.mark.slow
def test_another_client_finds_nothing_wrong_with_it(registry: HostileRegistry, tmp_path: Path) -> None:
    if shutil.which("skopeo") is None:
        pytest.skip("skopeo is not installed")
    image = random_image(1)
    for content in image.blobs.values():
        registry.shelf.put_blob(content)
    registry.shelf.put_manifest("team/app", image.manifest.raw, image.manifest.media_type, "v1")
    for command in (
        ["--src-tls-verify=false", f"docker://{registry.host}/team/app:v1", f"oci:{tmp_path}/there:v1"],
        ["--dest-tls-verify=false", f"oci:{tmp_path}/there:v1", f"docker://{registry.host}/other/app:v2"],
    ):
        subprocess.run(["skopeo", "copy", "--preserve-digests", *command], check=True, timeout=60)
    assert registry.shelf.tags["team/app", "v1"] == registry.shelf.tags["other/app", "v2"]
