"""What real clients do is counted as what people take it for: one pull of one tag."""

import json
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.clients.layouts import many_platforms, small_image
from tests.clients.programs import Home
from tests.clients.tools import Docker, Podman, Skopeo
from tests.clients.wharf_client import Wharf
from tests.durability.processes import eventually
from wharf.testing.registry_process import RegistryProcess

pytestmark = pytest.mark.slow

ARCHITECTURES = ("amd64", "arm64", "riscv64")
SETTLED_SECONDS = 2.5


@pytest.fixture(scope="module")
def counting(registry_is_ours: None, yard: Path) -> Iterator[RegistryProcess]:
    with RegistryProcess(yard / "counting", "--workers", "2") as registry:
        yield registry


@pytest.fixture
def target(counting: RegistryProcess, repository: str, skopeo: Skopeo, home: Home) -> str:
    """An index of three platforms."""
    target = f"{counting.host}/{repository}:1.0"
    skopeo.push(many_platforms(home.folder(), "counted", ARCHITECTURES), target, "--all")
    return target


def assert_counted(registry: RegistryProcess, repository: str, *pulls: tuple[str | None, int]) -> None:
    """So many by tag when all workers have told, and no more a while later."""
    assert eventually(lambda: dict(pulls) == counted(registry, repository)), counted(registry, repository)
    time.sleep(SETTLED_SECONDS)
    assert dict(pulls) == counted(registry, repository)


def counted(registry: RegistryProcess, repository: str) -> dict[str | None, int]:
    url = f"{registry.url}/api/wharf/v1/packages/{quote(repository, safe='')}/stats"
    with urllib.request.urlopen(url, timeout=120) as answer:
        return {row["tag"]: row["pulls"] for row in json.load(answer)["by_tag"]}


def test_skopeo_copies_one_platform(
    counting: RegistryProcess, repository: str, target: str, skopeo: Skopeo, home: Home
) -> None:
    skopeo.fetch(target, f"oci:{home.folder()}")
    assert_counted(counting, repository, ("1.0", 1))


def test_skopeo_copies_all_platforms(
    counting: RegistryProcess, repository: str, target: str, skopeo: Skopeo, home: Home
) -> None:
    skopeo.fetch(target, f"oci:{home.folder()}", "--all")
    assert_counted(counting, repository, ("1.0", 1))


def test_podman_pulls_each_time_once(counting: RegistryProcess, repository: str, target: str, podman: Podman) -> None:
    podman.pull(target)
    podman.forget(target)
    podman.pull(target)
    assert_counted(counting, repository, ("1.0", 2))


def test_docker_pulls_an_image_of_several_platforms_once(
    counting: RegistryProcess, repository: str, target: str, docker: Docker
) -> None:
    docker.pull(target)
    assert_counted(counting, repository, ("1.0", 1))


def test_docker_pulls_by_digest(
    counting: RegistryProcess, repository: str, skopeo: Skopeo, docker: Docker, home: Home
) -> None:
    name = f"{counting.host}/{repository}"
    digest = skopeo.push(small_image(home.folder(), "by digest"), f"{name}:1.0")
    docker.pull(f"{name}@{digest}")
    assert_counted(counting, repository, (None, 1))


def test_wharf_pulls_and_copies(
    counting: RegistryProcess, repository: str, target: str, wharf: Wharf, folder: Path
) -> None:
    wharf.copy(target, f"oci:{folder / 'one'}", "--platform", "linux/arm64")
    wharf.copy(target, f"oci:{folder / 'all'}", "--all-platforms")
    assert_counted(counting, repository, ("1.0", 2))
