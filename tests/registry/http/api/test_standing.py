"""What a credential may do is told to whoever comes with it."""

from collections.abc import Iterator
from pathlib import Path

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
