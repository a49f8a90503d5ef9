"""docker, the command and a real daemon: what a developer does all day."""

import pytest

from tests.clients.layouts import build_context, many_platforms, small_image
from tests.clients.programs import Home
from tests.clients.registry_view import DOCKER_IMAGE, DOCKER_LIST, RegistryView
from tests.clients.tools import Docker, Pulled, Skopeo


@pytest.fixture
def target(registry: RegistryView, repository: str) -> str:
    return f"{registry.host}/{repository}:1.0"


def test_a_pushed_image_comes_back_the_same_and_runs(
    docker: Docker, home: Home, registry: RegistryView, repository: str, target: str
) -> None:
    docker.build(build_context(home.folder(), "there and back"), target)
    made = docker.image(target)["Id"]
    digest = docker.push(target)
    docker.forget(target)
    assert Pulled(digest, made) == docker.pull(target)
    assert docker.run(target) == "there and back"
    held = registry.manifest(repository, "1.0")
    assert (DOCKER_IMAGE, digest, made) == (held.media_type, held.digest, held.config)


def test_every_layer_in_the_registry_is_the_bytes_its_digest_says(
    docker: Docker, registry: RegistryView, repository: str, target: str
) -> None:
    docker.make_and_push("layer by layer", target)
    layers = registry.manifest(repository, "1.0").layers
    assert len(layers) == 2
    assert layers == [registry.digest_of_blob(repository, layer) for layer in layers]


def test_an_image_is_pulled_by_its_digest(docker: Docker, registry: RegistryView, repository: str, target: str) -> None:
    digest = docker.make_and_push("by digest", target)
    assert digest == docker.pull(f"{registry.host}/{repository}@{digest}").digest


def test_a_tag_that_moved_is_pulled_where_it_points_now(
    docker: Docker, registry: RegistryView, repository: str, target: str
) -> None:
    first = docker.make_and_push("first thoughts", target)
    second = docker.make_and_push("second thoughts", target)
    assert second == docker.pull(target).digest
    assert docker.run(target) == "second thoughts"
    assert registry.has_manifest(repository, first)


def test_pushing_again_sends_no_layer_again(docker: Docker, home: Home, target: str) -> None:
    docker.build(build_context(home.folder(), "once is enough"), target)
    docker.push(target)
    assert docker.program.run("push", target).count("Layer already exists") == 2


def test_a_layer_of_a_neighbouring_repository_is_mounted(
    docker: Docker, home: Home, registry: RegistryView, repository: str, target: str
) -> None:
    docker.build(build_context(home.folder(), "next door"), target)
    docker.push(target)
    neighbour = f"{registry.host}/{repository}-neighbour:1.0"
    docker.program.run("tag", target, neighbour)
    said = docker.program.run("push", neighbour)
    assert f"Mounted from {repository}" in said
    assert registry.manifest(repository, "1.0").raw == registry.manifest(f"{repository}-neighbour", "1.0").raw


def test_all_tags_of_a_repository_are_pushed_and_pulled_at_once(
    docker: Docker, home: Home, registry: RegistryView, repository: str
) -> None:
    name = f"{registry.host}/{repository}"
    docker.build(build_context(home.folder(), "all of them"), f"{name}:1.0")
    docker.program.run("tag", f"{name}:1.0", f"{name}:1")
    docker.program.run("tag", f"{name}:1.0", f"{name}:latest")
    docker.program.run("push", "--all-tags", name)
    assert sorted(registry.tags(repository)) == ["1", "1.0", "latest"]
    docker.forget(f"{name}:1")
    docker.program.run("pull", "--all-tags", name)
    assert docker.image(f"{name}:1")["Id"] == docker.image(f"{name}:latest")["Id"]


def test_a_manifest_list_made_by_docker_gives_each_platform_its_own(
    docker: Docker, skopeo: Skopeo, home: Home, registry: RegistryView, repository: str, target: str
) -> None:
    parts = []
    for architecture in ("amd64", "arm64"):
        part = f"{registry.host}/{repository}:1.0-{architecture}"
        layout = many_platforms(home.folder(), "many lands", [architecture])
        skopeo.push(layout, part, "--format=v2s2", f"--override-arch={architecture}")
        parts.append(part)
    docker.program.run("manifest", "create", "--insecure", target, *parts)
    docker.program.run("manifest", "push", "--insecure", target)
    index = registry.manifest(repository, "1.0")
    assert index.media_type == DOCKER_LIST
    assert registry.manifest(repository, "1.0-arm64").digest == index.architectures["arm64"]
    assert index.digest == docker.pull(target).digest
    assert docker.run(target) == "many lands amd64"


def test_an_oci_index_pushed_by_another_client_is_pulled_by_platform(
    docker: Docker, skopeo: Skopeo, home: Home, registry: RegistryView, repository: str, target: str
) -> None:
    skopeo.push(many_platforms(home.folder(), "far away", ["amd64", "arm64"]), target, "--all")
    docker.program.run("pull", "--platform=linux/arm64", target)
    arm64 = registry.manifest(repository, registry.manifest(repository, "1.0").architectures["arm64"])
    assert arm64.config == docker.image(target)["Id"]


def test_a_deleted_tag_is_unknown_to_docker(
    docker: Docker, skopeo: Skopeo, registry: RegistryView, repository: str, target: str
) -> None:
    digest = docker.make_and_push("gone", target)
    skopeo.program.run("delete", "--tls-verify=false", f"docker://{target}")
    assert "manifest unknown" in docker.program.fail("pull", target)
    assert not registry.has_manifest(repository, digest)


def test_a_deleted_image_can_be_pushed_again(
    docker: Docker, home: Home, registry: RegistryView, repository: str, target: str
) -> None:
    docker.build(build_context(home.folder(), "back again"), target)
    digest = docker.push(target)
    registry.delete_manifest(repository, digest)
    assert digest == docker.push(target)
    docker.forget(target)
    assert digest == docker.pull(target).digest


def test_docker_shows_which_tag_was_the_nearest(
    docker: Docker, skopeo: Skopeo, home: Home, registry: RegistryView, repository: str, target: str
) -> None:
    skopeo.push(small_image(home.folder(), "near miss"), target)
    said = docker.program.fail("pull", f"{registry.host}/{repository}:1.1")
    assert f"no tag 1.1 in {repository}; the nearest is 1.0" in said
