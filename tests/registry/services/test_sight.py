"""Layers of what was deleted, or is not whole yet: seen by those who push there, and by nobody else."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.registry.http.api.api_caller import PASSWORD, ApiCaller, administrator
from wharf.oci.digest import Digest
from wharf.testing.registry import Answer, InProcessRegistry

SECRET = b"a layer with a secret in it"
AT = f"/v2/crew/app/blobs/{Digest.of(SECRET)}"


@pytest.fixture
def admin(tmp_path: Path) -> Iterator[ApiCaller]:
    """A public package of an organisation, with one image."""
    with InProcessRegistry(tmp_path, admin_password=PASSWORD) as registry:
        chief = administrator(registry)
        assert chief.post("/orgs", {"login": "crew"}).status == 201
        registry.push_image("crew/app", "1.0", SECRET)
        assert chief.patch("/packages/crew%2Fapp", {"visibility": "public"}).status == 200
        yield chief


def asked(caller: ApiCaller, authorization: str, method: str, target: str) -> Answer:
    with caller.registry.acting(authorization):
        return caller.registry.request(method, target)


def delete(admin: ApiCaller) -> None:
    digest = admin.registry.request("GET", "/v2/crew/app/manifests/1.0").headers["docker-content-digest"]
    assert admin.registry.request("DELETE", f"/v2/crew/app/manifests/{digest}").status == 202


def test_a_layer_of_a_public_image_is_there_for_anybody(admin: ApiCaller) -> None:
    assert 200 == asked(admin, "", "GET", AT).status


def test_with_its_image_a_layer_is_gone_for_the_public(admin: ApiCaller) -> None:
    delete(admin)
    assert (404, 404) == (asked(admin, "", "GET", AT).status, asked(admin, "", "HEAD", AT).status)


def test_who_may_push_sees_it_still(admin: ApiCaller) -> None:
    delete(admin)
    assert 200 == admin.registry.request("GET", AT).status


def test_a_docker_token_that_was_asked_for_pulling_sees_what_its_account_may(admin: ApiCaller) -> None:
    delete(admin)
    token = admin.registry.request("GET", "/token?scope=repository:crew/app:pull").json()["token"]
    assert 200 == asked(admin, f"Bearer {token}", "GET", AT).status


@pytest.mark.parametrize("source", ["&from=crew/app", ""])
def test_a_stranger_cannot_mount_it_either(admin: ApiCaller, source: str) -> None:
    stranger = admin.user("stranger")
    mount = f"/v2/stranger/mine/blobs/uploads/?mount={Digest.of(SECRET)}{source}"
    assert 201 == asked(admin, stranger.authorization, "POST", mount.replace("/mine/", "/before/")).status
    assert 202 == _cleared(admin, stranger, mount)


def _cleared(admin: ApiCaller, stranger: ApiCaller, mount: str) -> int:
    """Their own copy goes first: what one pushed oneself may be mounted."""
    mine = AT.replace("crew/app", "stranger/before")
    assert asked(admin, stranger.authorization, "DELETE", mine).status == 202
    delete(admin)
    return asked(admin, stranger.authorization, "POST", mount).status
