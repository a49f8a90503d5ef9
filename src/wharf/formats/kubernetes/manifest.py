"""A file of Kubernetes manifests: objects, the containers they start, and how these get at private images."""

from dataclasses import dataclass

from wharf.formats.span import Span
from wharf.formats.text import Text
from wharf.formats.yaml.tree import Map, Scalar


@dataclass(frozen=True)
class Container:
    name: str
    image: Text | None
    span: Span
    """Of the image, or of the container that has none."""
    pull_policy: Text | None = None
    style: Scalar | None = None
    """The image as it stands there."""


@dataclass(frozen=True)
class PullSecret:
    name: Text
    span: Span


@dataclass(frozen=True)
class Pod:
    """What an object says of the pods that it starts."""

    node: Map
    containers: tuple[Container, ...]
    """Those that prepare (`initContainers`) first."""
    pull_secrets: tuple[PullSecret, ...] = ()
    service_account: Text | None = None


@dataclass(frozen=True)
class KubernetesObject:
    api_version: str
    kind: str
    name: str
    namespace: str
    """Empty where the object does not say."""
    span: Span
    """Of its kind."""
    node: Map
    pod: Pod | None = None

    @property
    def group(self) -> str:
        return self.api_version.rpartition("/")[0]


@dataclass(frozen=True)
class Manifest:
    file: str
    objects: tuple[KubernetesObject, ...]
    documents: tuple[Map, ...] = ()
