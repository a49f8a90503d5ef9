"""Where `gh` asks for a login on a web page."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from wharf.testing.registry import InProcessRegistry

PATH = "/login/device/code"


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[InProcessRegistry]:
    with InProcessRegistry(tmp_path, admin_password="correct horse") as registry:
        yield registry


def test_whoever_asks_is_told_how_it_is_done(registry: InProcessRegistry) -> None:
    with registry.acting(""):
        answer = registry.request("POST", PATH, b"client_id=1&scope=repo")
    told = parse_qs(answer.body.decode())

    assert (400, ["unsupported_grant_type"]) == (answer.status, told["error"])
    assert "gh auth login --hostname localhost --with-token" in told["error_description"][0]
    assert answer.headers["content-type"].startswith("application/x-www-form-urlencoded")


def test_it_is_only_posted_to(registry: InProcessRegistry) -> None:
    answer = registry.request("GET", PATH)

    assert (405, "POST") == (answer.status, answer.headers["allow"])
