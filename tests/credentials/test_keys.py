"""What registries are called in files: which key answers for which registry and repository."""

import pytest

from wharf.credentials.keys import containers_match, docker_key, docker_match, is_about_all_of, registry_of
from wharf.oci.reference import RepositoryName

HUB = "https://index.docker.io/v1/"


@pytest.mark.parametrize(
    ("registry", "key"),
    [
        ("docker.io", HUB),
        ("index.docker.io", HUB),
        ("registry-1.docker.io", HUB),
        ("ghcr.io", "ghcr.io"),
        ("localhost:5000", "localhost:5000"),
    ],
)
def test_docker_hub_has_a_key_of_its_own(registry: str, key: str) -> None:
    assert key == docker_key(registry)


@pytest.mark.parametrize(
    ("key", "registry"),
    [
        (HUB, "docker.io"),
        ("docker.io", "docker.io"),
        ("http://registry-1.docker.io/v2/", "docker.io"),
        ("docker.io/library/busybox", "docker.io"),
        ("https://GHCR.io", "ghcr.io"),
        ("ghcr.io/team", "ghcr.io"),
        ("localhost:5000/v1/", "localhost:5000"),
        ("[::1]:5000", "[::1]:5000"),
        ("", ""),
    ],
)
def test_a_key_leads_to_a_registry(key: str, registry: str) -> None:
    assert registry == registry_of(key)


@pytest.mark.parametrize(
    ("keys", "registry", "repository", "found"),
    [
        (["docker.io", HUB], "docker.io", None, HUB),
        (["index.docker.io"], "docker.io", "library/busybox", "index.docker.io"),
        (["https://index.docker.io/v2/"], "docker.io", None, "https://index.docker.io/v2/"),
        (["https://ghcr.io", "ghcr.io"], "ghcr.io", None, "ghcr.io"),
        (["http://ghcr.io/v1/"], "ghcr.io", None, "http://ghcr.io/v1/"),
        (["ghcr.io/", "ghcr.io:443"], "ghcr.io", None, "ghcr.io/"),
        (["ghcr.io/other", "ghcr.io/team", "ghcr.io/team/app"], "ghcr.io", "team/app", "ghcr.io/team/app"),
        (["ghcr.io/other", "ghcr.io/team"], "ghcr.io", "team/app/part", "ghcr.io/team"),
        (["ghcr.io/other", "https://ghcr.io/v2/"], "ghcr.io", "team/app", "https://ghcr.io/v2/"),
        (["ghcr.io/other"], "ghcr.io", "team/app", "ghcr.io/other"),
        (["ghcr.io:5000", "notghcr.io", "ghcr.io.example"], "ghcr.io", "team/app", None),
        ([], "ghcr.io", None, None),
    ],
)
def test_docker_finds_a_key(keys: list[str], registry: str, repository: str | None, found: str | None) -> None:
    assert found == docker_match(keys, registry, RepositoryName(repository) if repository else None)


@pytest.mark.parametrize(
    ("keys", "registry", "repository", "found"),
    [
        (["quay.io", "quay.io/team", "quay.io/team/app"], "quay.io", "team/app", "quay.io/team/app"),
        (["quay.io", "quay.io/team"], "quay.io", "team/app", "quay.io/team"),
        (["quay.io", "quay.io/tea", "quay.io/team/ap"], "quay.io", "team/app", "quay.io"),
        (["quay.io", "quay.io/team"], "quay.io", None, "quay.io"),
        (["quay.io/team"], "quay.io", None, None),
        (["quay.io/other"], "quay.io", "team/app", None),
        (["https://quay.io/v1/"], "quay.io", "team/app", "https://quay.io/v1/"),
        ([HUB], "docker.io", "library/busybox", HUB),
        (["docker.io", "docker.io/library"], "docker.io", "library/busybox", "docker.io/library"),
        (["index.docker.io/library"], "docker.io", "library/busybox", "index.docker.io/library"),
        (["registry-1.docker.io"], "docker.io", None, "registry-1.docker.io"),
        (["localhost:5000/a"], "localhost:5000", "a/b/c/d", "localhost:5000/a"),
    ],
)
def test_podman_finds_the_most_specific_key(
    keys: list[str], registry: str, repository: str | None, found: str | None
) -> None:
    assert found == containers_match(keys, registry, RepositoryName(repository) if repository else None)


@pytest.mark.parametrize(
    ("key", "whole"),
    [
        ("ghcr.io", True),
        ("https://ghcr.io/v2/", True),
        ("ghcr.io/team", False),
        ("quay.io", False),
        ("ghcr.io:1", False),
    ],
)
def test_what_is_for_a_part_is_not_for_all(key: str, whole: bool) -> None:
    assert whole == is_about_all_of(key, "ghcr.io")
