"""podman as root: builds, pushes, pulls, runs, and keeps lists of platforms."""

import json

import pytest

from tests.clients.layouts import build_context, many_platforms, small_image
from tests.clients.programs import Home
from tests.clients.registry_view import (
    DOCKER_IMAGE,
    DOCKER_LIST,
    OCI_IMAGE,
    OCI_INDEX,
    OCI_LAYER_ZSTD,
    RegistryView,
)
from tests.clients.tools import PLAIN_HTTP, Podman, Skopeo


@pytest.fixture
def target(registry: RegistryView, repository: str) -> str:
    return f"{registry.host}/{repository}:1.0"


@pytest.mark.parametrize(("form", "media_type"), [("oci", OCI_IMAGE), ("v2s2", DOCKER_IMAGE)])
def test_an_image_of_either_form_comes_back_the_same_and_runs(
    form: str, media_type: str, podman: Podman, home: Home, registry: RegistryView, repository: str, target: str
) -> None:
    podman.build(build_context(home.folder(), f"as {form}"), target)
    digest = podman.push(target, f"--format={form}")
    podman.forget(target)
    held = registry.manifest(repository, "1.0")
    assert (media_type, digest) == (held.media_type, held.digest)
    pulled = podman.pull(target)
    assert (digest, held.config) == (pulled.digest, pulled.image_id)
    assert podman.run(target) == f"as {form}"


def test_layers_pushed_as_zstd_are_pulled_and_run(
    podman: Podman, home: Home, registry: RegistryView, repository: str, target: str
) -> None:
    podman.build(build_context(home.folder(), "pressed hard"), target)
    podman.push(target, "--format=oci", "--compression-format=zstd")
    podman.forget(target)
    assert set(registry.manifest(repository, "1.0").layer_types) == {OCI_LAYER_ZSTD}
    podman.pull(target)
    assert podman.run(target) == "pressed hard"


@pytest.mark.parametrize(("form", "media_type"), [("oci", OCI_INDEX), ("v2s2", DOCKER_LIST)])
def test_a_list_of_platforms_is_pushed_whole_and_pulled_by_platform(
    form: str, media_type: str, podman: Podman, home: Home, registry: RegistryView, repository: str, target: str
) -> None:
    podman.program.run("manifest", "create", "lands")
    for architecture in ("amd64", "arm64"):
        context = build_context(home.folder(), f"from {architecture}")
        podman.program.run("build", "--arch", architecture, "--manifest", "lands", context)
    podman.program.run("manifest", "push", PLAIN_HTTP, "--all", f"--format={form}", "lands", f"docker://{target}")
    index = registry.manifest(repository, "1.0")
    assert index.media_type == media_type
    for architecture, child in index.architectures.items():
        image_id = podman.pull(target, f"--arch={architecture}").image_id
        assert registry.manifest(repository, child).config == image_id


def test_an_index_pushed_by_another_client_is_added_to_a_list_with_all_its_images(
    podman: Podman, skopeo: Skopeo, home: Home, registry: RegistryView, repository: str, target: str
) -> None:
    skopeo.push(many_platforms(home.folder(), "look inside", ["amd64", "s390x"]), target, "--all")
    podman.program.run("manifest", "create", "lands")
    podman.program.run("manifest", "add", PLAIN_HTTP, "--all", "lands", f"docker://{target}")
    podman.program.run("manifest", "push", PLAIN_HTTP, "--all", "lands", f"docker://{target}-again")
    assert (
        registry.manifest(repository, "1.0").architectures == registry.manifest(repository, "1.0-again").architectures
    )


def test_an_image_is_pulled_by_its_digest(
    podman: Podman, skopeo: Skopeo, home: Home, registry: RegistryView, repository: str, target: str
) -> None:
    digest = skopeo.push(small_image(home.folder(), "by digest"), target)
    assert podman.pull(f"{registry.host}/{repository}@{digest}").digest == digest


def test_the_catalogue_and_the_tags_are_found_by_search(
    podman: Podman, skopeo: Skopeo, home: Home, registry: RegistryView, repository: str, target: str
) -> None:
    skopeo.push(small_image(home.folder(), "seek and find"), target)
    name = f"{registry.host}/{repository}"
    found = podman.program.run("search", PLAIN_HTTP, "--limit=1000", "--format={{.Name}}", name)
    assert found.split() == [name]
    tags = podman.program.run("search", PLAIN_HTTP, "--list-tags", "--format=json", name)
    assert json.loads(tags) == [{"Name": name, "Tags": ["1.0"]}]


def test_a_deleted_image_is_unknown_to_podman(
    podman: Podman, skopeo: Skopeo, home: Home, registry: RegistryView, repository: str, target: str
) -> None:
    skopeo.push(small_image(home.folder(), "lost"), target)
    registry.delete_manifest(repository, registry.manifest(repository, "1.0").digest)
    assert "manifest unknown" in podman.program.fail("pull", PLAIN_HTTP, target)
