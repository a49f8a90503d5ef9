"""All clouds that are known here, and what holds for each of them."""

from typing import Final

from wharf.client.clouds.acr import ACR
from wharf.client.clouds.artifact_registry import ARTIFACT_REGISTRY
from wharf.client.clouds.cloud import Advice, Cloud, certain, likely
from wharf.client.clouds.docker_hub import DOCKER_HUB
from wharf.client.clouds.ecr import ECR, ECR_PUBLIC
from wharf.client.clouds.ghcr import GHCR
from wharf.client.clouds.gitlab import GITLAB
from wharf.client.clouds.plain import PLAIN
from wharf.client.clouds.quay import QUAY
from wharf.client.clouds.shape import Kind, SecretShape

CLOUDS: Final = (DOCKER_HUB, GHCR, ECR, ECR_PUBLIC, ARTIFACT_REGISTRY, ACR, QUAY, GITLAB)

_HOMES: Final = {
    Kind.GITHUB_CLASSIC: GHCR,
    Kind.GITHUB_FINE_GRAINED: GHCR,
    Kind.GITHUB_ACTIONS: GHCR,
    Kind.GITHUB_OAUTH: GHCR,
    Kind.DOCKER_PERSONAL: DOCKER_HUB,
    Kind.DOCKER_ORGANISATION: DOCKER_HUB,
    Kind.GITLAB_PERSONAL: GITLAB,
    Kind.GITLAB_DEPLOY: GITLAB,
    Kind.GITLAB_JOB: GITLAB,
    Kind.GOOGLE_ACCESS: ARTIFACT_REGISTRY,
    Kind.GOOGLE_KEY: ARTIFACT_REGISTRY,
    Kind.GOOGLE_KEY_BASE64: ARTIFACT_REGISTRY,
    Kind.ENTRA_ACCESS: ACR,
    Kind.AZURE_REFRESH: ACR,
    Kind.WHARF: PLAIN,
}


def cloud_of(registry: str) -> Cloud:
    return next((cloud for cloud in CLOUDS if cloud.recognises(registry)), PLAIN)


def advice_on(registry: str, username: str, shape: SecretShape) -> tuple[Advice, ...]:
    """What can be said of a login before anything is sent. Where it is certain to fail, nothing should be."""
    if shape.length == 0:
        return (_EMPTY,)
    cloud = cloud_of(registry)
    if foreign := _of_another_house(cloud, shape):
        return (foreign,)
    return (*_outwardly(username, shape), *cloud.advice(username, shape))


_EMPTY: Final = certain(
    "the password is empty",
    "in CI, look whether the variable exists for this job: secrets are withheld from forks and unprotected branches",
)


def _of_another_house(cloud: Cloud, shape: SecretShape) -> Advice | None:
    """A secret belongs to one house; given to another it is refused there, and known there."""
    home = _HOMES.get(shape.kind)
    if cloud is PLAIN or home is None or home is cloud:
        return None
    return certain(f"this is {shape.kind.value}, and {cloud.name} is somebody else: it was not sent", cloud.ways_in[0])


def _outwardly(username: str, shape: SecretShape) -> tuple[Advice, ...]:
    found = []
    if ":" in username:
        found.append(certain("a user name cannot have a colon in it: what follows is read as the password"))
    if username != username.strip():
        found.append(likely("blanks stand around the user name"))
    if shape.padded:
        found.append(likely("blanks or line breaks stand around the password", "pipe it in with printf, not echo"))
    if shape.lines > 1 and shape.kind is not Kind.GOOGLE_KEY:
        found.append(likely("the password has several lines", "give one secret, without its surroundings"))
    return tuple(found)
