"""Whose registry a host is, by its name alone; and whether it is one that the whole world calls by this name."""

from collections.abc import Mapping
from typing import Final

from wharf.client.clouds.acr import ACR
from wharf.client.clouds.artifact_registry import ARTIFACT_REGISTRY
from wharf.client.clouds.cloud import Cloud, host_of
from wharf.client.clouds.docker_hub import DOCKER_HUB
from wharf.client.clouds.ecr import ECR, ECR_PUBLIC
from wharf.client.clouds.ghcr import GHCR
from wharf.client.clouds.gitlab import GITLAB
from wharf.client.clouds.quay import QUAY

_WORDS: Final[Mapping[str, tuple[Cloud, ...]]] = {
    "docker-hub": (DOCKER_HUB,),
    "ghcr": (GHCR,),
    "ecr": (ECR, ECR_PUBLIC),
    "artifact-registry": (ARTIFACT_REGISTRY,),
    "acr": (ACR,),
    "quay": (QUAY,),
    "gitlab": (GITLAB,),
}
_PUBLIC: Final = frozenset(
    {"docker.io", "docker.com", "ghcr.io", "quay.io", "gcr.io", "pkg.dev", "registry.gitlab.com", "mcr.microsoft.com",
     "registry.k8s.io", "k8s.io", "amazonaws.com", "public.ecr.aws", "azurecr.io", "lscr.io", "nvcr.io",
     "registry.access.redhat.com", "registry.redhat.io"}
)  # fmt: skip


def house_of(registry: str) -> str:
    return next(
        (word for word, clouds in _WORDS.items() if any(cloud.recognises(registry) for cloud in clouds)), "other"
    )


def is_public(host: str) -> bool:
    """Its certificate is signed by an authority that every system knows."""
    bare = host_of(host)
    return any(bare == known or bare.endswith(f".{known}") for known in _PUBLIC)
