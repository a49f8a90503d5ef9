"""A layer over one gigabyte, as each client fetches it and sends it again in its own compression."""

from pathlib import Path

import pytest

from tests.clients.layouts import BIG, Layout, image_files
from tests.clients.registry_view import DOCKER_LAYER_GZIP, OCI_LAYER_GZIP, OCI_LAYER_ZSTD, RegistryView
from tests.clients.tools import Buildah, Docker, Podman, Skopeo

SIZE = 1_080_000_000
GIGABYTE = 1 << 30
REPOSITORY = "crew/heavy"


@pytest.fixture(scope="module")
def heavy(yard: Path) -> Layout:
    """An image whose second layer is over a gigabyte and does not shrink."""
    layout = Layout(yard / "heavy")
    layout.publish(layout.image([layout.gzipped_layer(image_files("heavy")), layout.stored_layer(SIZE)]))
    return layout


@pytest.fixture
def pushed(heavy: Layout, skopeo: Skopeo, registry: RegistryView) -> str:
    """Pushed by the first test that needs it; for the others skopeo finds it there."""
    target = f"{registry.host}/{REPOSITORY}:1.0"
    skopeo.push(heavy, target)
    return target


def elsewhere(registry: RegistryView, repository: str) -> str:
    """Another name of the same registry: under it a client sends what it would otherwise only mount."""
    return f"{registry.host.replace('127.0.0.1', 'localhost')}/{repository}:1.0"


def assert_over_a_gigabyte(registry: RegistryView, repository: str, media_type: str) -> None:
    held = registry.manifest(repository, "1.0")
    assert held.layer_types == [media_type, media_type]
    assert held.document["layers"][1]["size"] > GIGABYTE
    assert registry.digest_of_blob(repository, held.layers[1]) == held.layers[1]


def test_skopeo_sends_it_and_the_registry_gives_the_same_bytes(pushed: str, registry: RegistryView) -> None:
    assert pushed.endswith(f"{REPOSITORY}:1.0")
    assert_over_a_gigabyte(registry, REPOSITORY, OCI_LAYER_GZIP)


def test_docker_fetches_it_and_sends_its_own(
    pushed: str, docker: Docker, registry: RegistryView, repository: str
) -> None:
    docker.pull(pushed)
    assert docker.run(pushed, "stat", "-c", "%s", f"/{BIG}").strip() == str(SIZE)
    target = elsewhere(registry, repository)
    docker.program.run("tag", pushed, target)
    docker.push(target)
    docker.forget(target)
    docker.forget(pushed)
    assert_over_a_gigabyte(registry, repository, DOCKER_LAYER_GZIP)


def test_buildah_fetches_it_and_podman_sends_it_as_zstd_from_the_same_storage(
    pushed: str, buildah: Buildah, podman: Podman, registry: RegistryView, repository: str
) -> None:
    Buildah(buildah.home, images=podman.images).pull(pushed)
    assert podman.run(pushed, "stat", "-c", "%s", f"/{BIG}").strip() == str(SIZE)
    target = elsewhere(registry, repository)
    podman.program.run("tag", pushed, target)
    podman.push(target, "--compression-format=zstd")
    assert_over_a_gigabyte(registry, repository, OCI_LAYER_ZSTD)
