"""What a credential may do is told to whoever comes with it."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest

from wharf.testing.registry import InProcessRegistry

ME = "/api/wharf/v1/me"


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[InProcessRegistry]:
    with InProcessRegistry(tmp_path, admin_password="correct horse") as registry:
        yield registry


def test_a_password_is_as_good_as_its_account(registry: InProcessRegistry) -> None:
    told = registry.request("GET", ME).json()
    assert ("admin", "user", True, None) == (told["login"], told["kind"], told["administrator"], told["token"])
    assert "admin" in told["scopes"]
    assert {"admin": "owner"} == told["roles"]


def test_nobody_is_told_nothing(registry: InProcessRegistry) -> None:
    with registry.acting(""):
        assert 401 == registry.request("GET", ME).status


def test_a_short_lived_token_that_a_password_bought_tells_of_the_account(registry: InProcessRegistry) -> None:
    given = registry.request("GET", "/token?offline_token=true&client_id=docker").json()
    with registry.acting(f"Bearer {given['token']}"):
        told = registry.request("GET", ME).json()
    assert ("admin", None) == (told["login"], told["token"])


def test_what_docker_keeps_is_good_for_images_alone(registry: InProcessRegistry) -> None:
    kept = registry.request("GET", "/token?offline_token=true&client_id=docker").json()["refresh_token"]
    form = urlencode({"grant_type": "refresh_token", "refresh_token": kept}).encode()
    with registry.acting(""):
        given = registry.request("POST", "/token", form).json()
    with registry.acting(f"Bearer {given['token']}"):
        told = registry.request("GET", ME).json()
    assert ("ref", "docker") == (told["token"]["kind"], told["token"]["label"])
    assert ["read:packages", "write:packages", "delete:packages"] == told["scopes"]
