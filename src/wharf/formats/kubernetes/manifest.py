"""A file of Kubernetes manifests: objects, the containers they start, and how these get at private images."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from wharf.formats.span import Span
from wharf.formats.text import Text
from wharf.formats.yaml.parse import parse_yaml
from wharf.formats.yaml.tree import List, Map, Node, Scalar

PULL_SECRETS: Final = "imagePullSecrets"
_POD_PATHS: Final = {
    "Pod": ("spec",),
    "PodTemplate": ("template", "spec"),
    "CronJob": ("spec", "jobTemplate", "spec", "template", "spec"),
    **dict.fromkeys(
        ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController", "Job", "Rollout"),
        ("spec", "template", "spec"),
    ),
}
_KNATIVE: Final = "serving.knative.dev"
_CONTAINERS: Final = ("initContainers", "containers", "ephemeralContainers")


@dataclass(frozen=True)
class Container:
    name: str
    image: Text | None
    span: Span
    """Of the image, or of the container that has none."""
    pull_policy: Text | None = None


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

    @property
    def pod_path(self) -> tuple[str, ...]:
        """Where in it the pods are described; empty, if it starts none."""
        return pod_path(self.kind, self.group)


@dataclass(frozen=True)
class Manifest:
    file: str
    objects: tuple[KubernetesObject, ...]
    documents: tuple[Map, ...] = ()


def parse_manifest(text: Text, file: str) -> Manifest:
    """All documents that are objects; lists of objects are taken apart. MalformedFile, if it is no YAML."""
    documents = tuple(node for node in parse_yaml(text) if isinstance(node, Map))
    return Manifest(file, tuple(each for document in documents for each in _objects(document)), documents)


def pod_path(kind: str, group: str) -> tuple[str, ...]:
    if group == _KNATIVE:
        return ("spec", "template", "spec") if kind == "Service" else ()
    return _POD_PATHS.get(kind, ())


def pull_secrets(node: Map) -> tuple[PullSecret, ...]:
    """Of a pod or a service account."""
    found = [each for each in node.list(PULL_SECRETS) or () if isinstance(each, Map)]
    return tuple(PullSecret(name.text, name.span) for each in found if (name := each.scalar("name")))


def _objects(document: Map) -> Iterator[KubernetesObject]:
    kind, version = document.scalar("kind"), document.text("apiVersion")
    if kind is None or version is None:
        return
    if kind.text.flat == "List":
        for each in document.list("items") or ():
            if isinstance(each, Map) and _flat(each.get("kind")) != "List":
                yield from _objects(each)
        return
    metadata = document.map("metadata") or document
    yield KubernetesObject(
        version.flat,
        kind.text.flat,
        _flat(metadata.get("name")) if metadata is not document else "",
        _flat(metadata.get("namespace")) if metadata is not document else "",
        kind.span,
        document,
        _pod(document, pod_path(kind.text.flat, version.flat.rpartition("/")[0])),
    )


def _pod(document: Map, path: tuple[str, ...]) -> Pod | None:
    node: Map | None = document
    for key in path:
        node = node.map(key) if node else None
    if not path or node is None:
        return None
    account = node.text("serviceAccountName") or node.text("serviceAccount")
    return Pod(node, tuple(_containers(node)), pull_secrets(node), account)


def _containers(pod: Map) -> Iterator[Container]:
    for group in _CONTAINERS:
        for each in pod.list(group) or ():
            if isinstance(each, Map):
                image = each.scalar("image")
                yield Container(
                    _flat(each.get("name")),
                    image.text if image else None,
                    image.span if image else each.span,
                    each.text("imagePullPolicy"),
                )


def images_anywhere(node: Node) -> Iterator[Scalar]:
    """What stands behind `image` in containers, however deep they are: other objects have containers too."""
    if isinstance(node, List):
        for item in node:
            yield from images_anywhere(item)
    for entry in node if isinstance(node, Map) else ():
        if entry.key.text.flat in _CONTAINERS and isinstance(entry.value, List):
            maps = [each for each in entry.value if isinstance(each, Map)]
            yield from (image for each in maps if (image := each.scalar("image")))
        yield from images_anywhere(entry.value)


def _flat(node: Node | None) -> str:
    return node.text.flat if isinstance(node, Scalar) and not node.is_null else ""
