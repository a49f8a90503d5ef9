"""Blobs as clients ask for them: again, in part, under conditions."""

import pytest

from tests.cases import each
from wharf.oci.digest import Digest
from wharf.oci.media_types import OCI_INDEX, OCI_MANIFEST
from wharf.testing.registry import InProcessRegistry

DATA = bytes(range(256)) * 8


@pytest.fixture
def target(registry: InProcessRegistry) -> str:
    return f"/v2/team/app/blobs/{registry.push_blob('team/app', DATA)}"


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_who_has_the_blob_already_is_not_sent_it_again(registry: InProcessRegistry, target: str, method: str) -> None:
    etag = registry.request("GET", target).headers["etag"]
    answer = registry.request(method, target, headers={"if-none-match": f'"other", W/{etag}'})
    assert (304, b"", etag) == (answer.status, answer.body, answer.headers["etag"])


def test_a_part_is_sent_while_the_blob_is_the_same(registry: InProcessRegistry, target: str) -> None:
    etag = registry.request("GET", target).headers["etag"]
    part = registry.request("GET", target, headers={"range": "bytes=10-19", "if-range": etag})
    assert (part.status, part.body) == (206, DATA[10:20])
    whole = registry.request("GET", target, headers={"range": "bytes=10-19", "if-range": '"other"'})
    assert (whole.status, whole.body) == (200, DATA)


@each("condition", ["W/{etag}", "*", "{etag}, {etag}", "Sat, 21 Nov 2026 05:20:51 GMT", ""])
def test_a_condition_that_does_not_name_the_blob_for_certain_gets_the_whole(
    registry: InProcessRegistry, target: str, condition: str
) -> None:
    etag = registry.request("GET", target).headers["etag"]
    asked = {"range": "bytes=10-19", "if-range": condition.format(etag=etag)}
    assert registry.request("GET", target, headers=asked).status == 200


def test_a_range_outside_the_blob_says_how_large_it_is(registry: InProcessRegistry, target: str) -> None:
    answer = registry.request("GET", target, headers={"range": "bytes=5000-"})
    assert answer.status == 416
    assert answer.headers["content-range"] == "bytes */2048"


def test_a_blob_of_another_repository_is_not_here(registry: InProcessRegistry, target: str) -> None:
    registry.push_image("team/other", "latest")
    assert registry.request("GET", target.replace("team/app", "team/other")).code == "BLOB_UNKNOWN"


def test_a_blob_that_an_image_needs_cannot_be_deleted(registry: InProcessRegistry) -> None:
    manifest = registry.image("team/app", DATA)
    digest = registry.push_manifest("team/app", "latest", manifest)
    target = f"/v2/team/app/blobs/{registry.push_blob('team/app', DATA)}"
    answer = registry.request("DELETE", target)
    assert (answer.status, answer.code) == (405, "DENIED")
    assert f"named by: {digest}" in answer.json()["errors"][0]["detail"]["evidence"]
    registry.request("DELETE", f"/v2/team/app/manifests/{digest}")
    assert registry.request("DELETE", target).status == 202
    assert registry.request("HEAD", target).status == 404


def test_a_blob_that_is_only_named_is_not_here(registry: InProcessRegistry) -> None:
    child = {"mediaType": OCI_MANIFEST, "digest": str(Digest.of(DATA)), "size": len(DATA)}
    registry.push_manifest("team/app", "latest", {"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": [child]})
    assert registry.request("DELETE", f"/v2/team/app/blobs/{Digest.of(DATA)}").code == "BLOB_UNKNOWN"
