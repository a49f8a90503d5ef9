"""What holds of every address of the API: HEAD is GET without its body, and a refusal says what is possible instead."""

import pytest

from tests.cases import each
from wharf.oci.digest import Digest
from wharf.testing.registry import InProcessRegistry

LAYER = b"layer"
READABLE = {
    "base": "/v2/",
    "catalog": "/v2/_catalog?n=1",
    "tags": "/v2/team/app/tags/list?n=1",
    "manifest": "/v2/team/app/manifests/latest",
    "blob": f"/v2/team/app/blobs/{Digest.of(LAYER)}",
    "referrers": f"/v2/team/app/referrers/{Digest.of(LAYER)}?artifactType=a/b",
    "healthz": "/healthz",
    "readyz": "/readyz",
}
MISSING = {
    "address": "/v2/team/app",
    "manifest": "/v2/team/app/manifests/lates",
    "repository": "/v2/team/ap/manifests/latest",
    "blob": f"/v2/team/app/blobs/{Digest.of(b'none')}",
    "tags": "/v2/team/none/tags/list",
    "upload": "/v2/team/app/blobs/uploads/" + "0" * 32,
}


@pytest.fixture
def stocked(registry: InProcessRegistry) -> InProcessRegistry:
    registry.push_image("team/app", "latest", LAYER)
    registry.push_image("team/app", "v1", LAYER)
    registry.push_image("team/zoo", "latest", LAYER)
    return registry


@each("target", READABLE.values())
def test_head_says_what_get_says_without_a_body(stocked: InProcessRegistry, target: str) -> None:
    same_id = {"x-request-id": "both"}
    told, headed = stocked.request("GET", target, headers=same_id), stocked.request("HEAD", target, headers=same_id)
    assert (200, told.headers, b"") == (headed.status, headed.headers, headed.body)
    assert str(len(told.body)) == headed.headers["content-length"]


@each("target", MISSING.values())
def test_a_miss_has_no_body_for_head_and_promises_none(stocked: InProcessRegistry, target: str) -> None:
    answer = stocked.request("HEAD", target)
    assert (404, b"") == (answer.status, answer.body)
    assert "content-length" not in answer.headers


@each("target", ["/v2/", "/v2/team", "/v2/_catalog?n=x", "/v2/A/tags/list"])
@each("method", ["GET", "HEAD", "PUT", "BREW"])
def test_every_answer_says_which_api_this_is(registry: InProcessRegistry, method: str, target: str) -> None:
    assert registry.request(method, target).headers["docker-distribution-api-version"] == "registry/2.0"


def test_what_cannot_be_done_here_is_answered_with_what_can(registry: InProcessRegistry) -> None:
    answer = registry.request("PATCH", "/v2/team/app/manifests/latest")
    assert (405, "DELETE, GET, HEAD, PUT") == (answer.status, answer.headers["allow"])


def test_a_blob_that_is_needed_can_still_be_read(stocked: InProcessRegistry) -> None:
    answer = stocked.request("DELETE", READABLE["blob"])
    assert (405, "GET, HEAD") == (answer.status, answer.headers["allow"])
