"""What a miss says, and what it must not say."""

from pathlib import Path

import pytest

from tests.registry.conftest import HandClock
from tests.registry.policies import Allowing
from wharf.oci.reference import RepositoryName
from wharf.registry.services.access import Action, Caller
from wharf.testing.registry import InProcessRegistry


def only_team(_caller: Caller, _action: Action, name: RepositoryName) -> bool:
    """Lets everybody do everything below `team/`, and nothing elsewhere."""
    return name.owner == "team"


def test_a_missing_tag_names_the_nearest_with_its_age(registry: InProcessRegistry, clock: HandClock) -> None:
    registry.push_image("team/app", "sha-453a654")
    registry.push_image("team/app", "nightly")
    clock.move(185)
    answer = registry.request("GET", "/v2/team/app/manifests/453a6545ae3a1dd3e4cbc20b5e7f9c4c0dd1e8d4")
    error = answer.json()["errors"][0]
    assert (answer.status, error["code"]) == (404, "MANIFEST_UNKNOWN")
    assert "the nearest is sha-453a654, pushed 3 minutes ago" in error["message"]
    assert error["detail"]["evidence"] == ["nearest: sha-453a654"]


@pytest.mark.parametrize(
    ("asked", "nearest"),
    [("Latest", "latest"), ("lates", "latest"), ("1.2.3", "v1.2.3"), ("main-453a654", "sha-453a654")],
)
def test_slips_of_the_pen_are_understood(registry: InProcessRegistry, asked: str, nearest: str) -> None:
    for tag in ("latest", "v1.2.3", "sha-453a654", "unrelated"):
        registry.push_image("team/app", tag)
    assert (
        f"the nearest is {nearest},"
        in registry.request("GET", f"/v2/team/app/manifests/{asked}").json()["errors"][0]["message"]
    )


def test_a_tag_like_no_other_gets_no_guess(registry: InProcessRegistry) -> None:
    registry.push_image("team/app", "latest")
    message = registry.request("GET", "/v2/team/app/manifests/zzzz").json()["errors"][0]["message"]
    assert "nearest" not in message


def test_a_missing_repository_names_the_nearest(registry: InProcessRegistry) -> None:
    registry.push_image("team/app", "latest")
    answer = registry.request("GET", "/v2/team/ap/manifests/latest")
    assert answer.code == "NAME_UNKNOWN"
    assert "the nearest is team/app" in answer.json()["errors"][0]["message"]
    assert "the nearest is team/app" in registry.request("GET", "/v2/tema/app/tags/list").json()["errors"][0]["message"]


def test_what_the_caller_may_not_read_is_never_named(tmp_path: Path) -> None:
    with InProcessRegistry(tmp_path) as everything:
        everything.push_image("team/app", "latest")
        everything.push_image("secret/app", "latest")
        everything.push_image("team/secre", "latest")
    with InProcessRegistry(tmp_path, policy=Allowing(only_team)) as registry:
        answer = registry.request("GET", "/v2/team/secret/manifests/latest")
        assert b"secret/app" not in answer.body
        assert b"team/secre" in answer.body
        assert registry.request("GET", "/v2/_catalog").json() == {"repositories": ["team/app", "team/secre"]}


def test_a_stranger_is_challenged_whether_it_exists_or_not(tmp_path: Path) -> None:
    with InProcessRegistry(tmp_path) as everything:
        everything.push_image("secret/app", "latest")
    with InProcessRegistry(tmp_path, policy=Allowing(only_team)) as registry:
        there = registry.request("GET", "/v2/secret/app/manifests/latest")
        not_there = registry.request("GET", "/v2/secret/none/manifests/latest")
        assert (there.status, there.code) == (not_there.status, not_there.code) == (401, "UNAUTHORIZED")


def test_a_mount_without_a_source_takes_only_what_the_caller_may_read(tmp_path: Path) -> None:
    with InProcessRegistry(tmp_path) as everything:
        digest = everything.push_blob("secret/app", b"a secret layer")
        content = everything.content
        everything.push_blob("team/app", b"a public layer")
        with InProcessRegistry(tmp_path, policy=Allowing(only_team), content=content) as registry:
            refused = registry.request("POST", f"/v2/team/new/blobs/uploads/?mount={digest}")
            assert refused.status == 202
            named = registry.request("POST", f"/v2/team/new/blobs/uploads/?mount={digest}&from=secret/app")
            assert named.status == 202
