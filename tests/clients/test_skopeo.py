"""skopeo, the carrier: between folders and registries nothing may change that was not asked to change."""

import json
from pathlib import Path

import pytest

from tests.clients.layouts import Layout, image_files, many_platforms, small_image
from tests.clients.programs import Home
from tests.clients.registry_view import (
    DOCKER_IMAGE,
    DOCKER_LAYER_GZIP,
    DOCKER_LIST,
    OCI_IMAGE,
    OCI_INDEX,
    OCI_LAYER_GZIP,
    OCI_LAYER_ZSTD,
    ManifestDocument,
    RegistryView,
    digest_of,
)
from tests.clients.tools import Skopeo

ARCHITECTURES = ("amd64", "arm64", "riscv64")


@pytest.fixture
def target(registry: RegistryView, repository: str) -> str:
    return f"{registry.host}/{repository}:1.0"


def entry_of(layout: Path) -> str:
    index: ManifestDocument = json.loads((layout / "index.json").read_bytes())
    return index["manifests"][0]["digest"]


def test_an_oci_image_goes_in_and_out_byte_for_byte(
    skopeo: Skopeo, home: Home, registry: RegistryView, repository: str, target: str
) -> None:
    layout = small_image(home.folder(), "byte for byte")
    made = entry_of(layout.folder)
    assert made == skopeo.push(layout, target)
    held = registry.manifest(repository, "1.0")
    assert (OCI_IMAGE, made, [OCI_LAYER_GZIP]) == (held.media_type, held.digest, held.layer_types)
    back = home.folder()
    skopeo.fetch(target, f"oci:{back}")
    assert made == entry_of(back)


def test_an_image_converted_to_docker_types_keeps_them(
    skopeo: Skopeo, home: Home, registry: RegistryView, repository: str, target: str
) -> None:
    digest = skopeo.push(small_image(home.folder(), "in Docker's words"), target, "--format=v2s2")
    held = registry.manifest(repository, "1.0")
    assert (DOCKER_IMAGE, digest, [DOCKER_LAYER_GZIP]) == (held.media_type, held.digest, held.layer_types)
    assert skopeo.story(target) == "in Docker's words"


def test_an_index_arrives_with_all_its_children(
    skopeo: Skopeo, home: Home, registry: RegistryView, repository: str, target: str
) -> None:
    layout = many_platforms(home.folder(), "everywhere", ARCHITECTURES)
    assert entry_of(layout.folder) == skopeo.push(layout, target, "--all")
    index = registry.manifest(repository, "1.0")
    assert (OCI_INDEX, set(ARCHITECTURES)) == (index.media_type, set(index.architectures))
    children = index.architectures.values()
    assert list(children) == [registry.manifest(repository, child).digest for child in children]


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_each_platform_is_given_its_own_image(architecture: str, skopeo: Skopeo, home: Home, target: str) -> None:
    skopeo.push(many_platforms(home.folder(), "mine is", ARCHITECTURES), target, "--all")
    folder = home.folder()
    skopeo.fetch(target, f"oci:{folder}:here", f"--override-arch={architecture}")
    there = skopeo.program.run("inspect", "--config", f"oci:{folder}:here")
    assert json.loads(there)["architecture"] == architecture


def test_an_index_converted_to_a_docker_list_keeps_its_platforms(
    skopeo: Skopeo, home: Home, registry: RegistryView, repository: str, target: str
) -> None:
    layout = many_platforms(home.folder(), "a list", ARCHITECTURES)
    digest = skopeo.push(layout, target, "--all", "--format=v2s2")
    index = registry.manifest(repository, "1.0")
    assert (DOCKER_LIST, digest, set(ARCHITECTURES)) == (index.media_type, index.digest, set(index.architectures))
    assert registry.manifest(repository, index.architectures["arm64"]).media_type == DOCKER_IMAGE


def test_a_layer_compressed_with_zstd_is_kept_as_it_came(
    skopeo: Skopeo, home: Home, registry: RegistryView, repository: str, target: str
) -> None:
    layout = Layout(home.folder())
    layout.publish(layout.image([layout.plain_layer(image_files("squeezed otherwise"))]))
    skopeo.push(layout, target, "--dest-compress-format=zstd")
    held = registry.manifest(repository, "1.0")
    assert held.layer_types == [OCI_LAYER_ZSTD]
    assert held.layers == [registry.digest_of_blob(repository, layer) for layer in held.layers]


def test_a_copy_between_repositories_has_the_same_digest(
    skopeo: Skopeo, home: Home, registry: RegistryView, repository: str, target: str
) -> None:
    digest = skopeo.push(many_platforms(home.folder(), "twice", ARCHITECTURES), target, "--all")
    skopeo.copy(target, f"{registry.host}/{repository}-copy:2.0", "--all", "--preserve-digests")
    assert digest == registry.manifest(f"{repository}-copy", "2.0").digest


def test_inspect_names_the_digest_and_the_tags_that_the_registry_holds(
    skopeo: Skopeo, home: Home, registry: RegistryView, repository: str, target: str
) -> None:
    layout = small_image(home.folder(), "look at me")
    digest = skopeo.push(layout, target)
    skopeo.push(layout, f"{registry.host}/{repository}:1")
    assert digest == skopeo.inspect(target)["Digest"]
    raw = skopeo.program.run("inspect", "--tls-verify=false", "--raw", f"docker://{target}")
    assert digest == digest_of(raw.encode())
    listed = skopeo.program.run("list-tags", "--tls-verify=false", f"docker://{registry.host}/{repository}")
    assert json.loads(listed)["Tags"] == ["1", "1.0"]


def test_tags_beyond_one_page_are_all_listed(
    skopeo: Skopeo, home: Home, registry: RegistryView, repository: str, target: str
) -> None:
    skopeo.push(small_image(home.folder(), "many names"), target)
    names = sorted(f"v{number:04}" for number in range(1200))
    registry.tag(repository, "1.0", names)
    listed = skopeo.program.run("list-tags", "--tls-verify=false", f"docker://{registry.host}/{repository}")
    assert ["1.0", *names] == json.loads(listed)["Tags"]


def test_a_deleted_image_is_gone_and_its_neighbour_stays(
    skopeo: Skopeo, home: Home, registry: RegistryView, repository: str, target: str
) -> None:
    neighbour = f"{registry.host}/{repository}:2.0"
    skopeo.push(small_image(home.folder(), "to be deleted"), target)
    kept = skopeo.push(small_image(home.folder(), "to be kept"), neighbour)
    skopeo.program.run("delete", "--tls-verify=false", f"docker://{target}")
    assert "manifest unknown" in skopeo.program.fail("inspect", "--tls-verify=false", f"docker://{target}")
    assert registry.tags(repository) == ["2.0"]
    assert kept == skopeo.inspect(neighbour)["Digest"]
    assert skopeo.story(neighbour) == "to be kept"


def test_a_whole_repository_is_synchronised_to_a_folder(
    skopeo: Skopeo, home: Home, registry: RegistryView, repository: str
) -> None:
    name = f"{registry.host}/{repository}"
    for tag in ("1.0", "2.0"):
        skopeo.push(small_image(home.folder(), f"part {tag}"), f"{name}:{tag}")
    folder = home.folder()
    skopeo.program.run("sync", "--src-tls-verify=false", "--src=docker", "--dest=dir", name, folder)
    assert sorted(found.name.rpartition(":")[2] for found in folder.iterdir()) == ["1.0", "2.0"]
