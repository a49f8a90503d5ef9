"""A push over a slow line, which takes longer than the tokens live that are given to clients: each gets through."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.clients.authority import Authority, Credential
from tests.clients.cutting_proxy import CuttingProxy
from tests.clients.layouts import Layout, image_files
from tests.clients.programs import Home
from tests.clients.tools import Podman, Skopeo
from wharf.testing.registry_process import RegistryProcess

pytestmark = pytest.mark.slow

SHORTEST_LIFE = 60
SPEED = 100_000
SIZE = SPEED * (SHORTEST_LIFE + 5)


@pytest.fixture
def own_authority(registry_is_ours: None, folder: Path) -> Iterator[Authority]:
    flags = ("--token-life", f"{SHORTEST_LIFE}s")
    with RegistryProcess(folder / "data", *flags, admin_password="correct horse") as registry:
        yield Authority(registry)


def slow_layer(home: Home) -> Layout:
    layout = Layout(home.folder())
    layout.publish(layout.image([layout.gzipped_layer(image_files("at last")), layout.stored_layer(SIZE)]))
    return layout


def by_podman(podman: Podman, target: str, login: Credential) -> str:
    source = slow_layer(podman.home)
    number = podman.program.run("pull", "--quiet", str(source)).strip()
    podman.program.run("tag", number, target)
    return podman.push(target, f"--creds={login.name}:{login.password}", "--compression-format=gzip")


def by_skopeo(skopeo: Skopeo, target: str, login: Credential) -> str:
    return skopeo.push(slow_layer(skopeo.home), target, f"--dest-creds={login.name}:{login.password}")


def test_podman_and_skopeo_push_for_longer_than_their_tokens_live(
    podman: Podman, skopeo: Skopeo, own_authority: Authority
) -> None:
    crew = own_authority.organisation()
    login = own_authority.service(crew, f"{crew}/*")
    with CuttingProxy(own_authority.host, SPEED) as line, ThreadPoolExecutor() as both:
        first = both.submit(by_podman, podman, f"{line.host}/{crew}/podman:1.0", login)
        second = both.submit(by_skopeo, skopeo, f"{line.host}/{crew}/skopeo:1.0", login)
        pushed = first.result(), second.result()

    assert pushed == tuple(own_authority.digest(f"{crew}/{tool}", "1.0") for tool in ("podman", "skopeo"))
