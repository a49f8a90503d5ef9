"""A cluster as kubectl reaches it from here: only asked, never changed, and each question over in its time."""

import asyncio
import re
import time
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from wharf.doctor.clusters.pull_secret import LEGACY_TYPE, TYPE, PullSecret
from wharf.doctor.engines.reading import list_of, object_in, objects_of, word
from wharf.doctor.ground.program import asked
from wharf.doctor.scene import Scene

DEFAULT: Final = "default"
_TYPES: Final = (TYPE, LEGACY_TYPE)
_OPAQUE: Final = "type=Opaque"
_OF_OPAQUE: Final = (
    r'jsonpath={range .items[*]}{.metadata.name}{"\t"}{.data.\.dockerconfigjson}{.data.config\.json}{"\n"}{end}'
)
_OF_PODS: Final = (
    'jsonpath={range .items[*]}{.metadata.name}{"\\t"}{.spec.imagePullSecrets[*].name}{"\\t"}'
    '{.spec.initContainers[*].image} {.spec.containers[*].image}{"\\n"}{end}'
)
_is_forbidden = re.compile(rb"forbidden|unauthorized|must be logged in|provide credentials", re.IGNORECASE).search
_has_no_context = re.compile(
    rb"current-context must exist|context was not found|no configuration has been provided|context .* does not exist",
    re.IGNORECASE,
).search
_is_not_found = re.compile(rb"\bnot ?found\b", re.IGNORECASE).search


@dataclass(frozen=True, slots=True)
class Refused:
    """Why there is no answer, in one word."""

    word: str


@dataclass(frozen=True, slots=True)
class Context:
    name: str
    namespace: str


@dataclass(frozen=True, slots=True)
class Pod:
    name: str
    secrets: tuple[str, ...]
    images: tuple[str, ...]


Said: TypeAlias = "bytes | Refused"


@dataclass(frozen=True, slots=True)
class Kubectl:
    """`cache`: a folder in which it may note what kinds of things the cluster has; its usual one stays as it is.

    After the deadline nothing more is asked.
    """

    scene: Scene
    cache: str
    deadline: float

    async def told(self, *arguments: str) -> Said:
        patience = min(self.scene.patience, self.deadline - time.monotonic())
        if patience <= 0:
            return Refused("hung")
        limits = (f"--request-timeout={max(1, int(patience) - 1)}s", f"--cache-dir={self.cache}")
        outcome = await asked(replace(self.scene, patience=patience), "kubectl", *arguments, *limits)
        if outcome is None:
            return Refused("no-kubectl")
        if outcome.code == 0:
            return outcome.out
        return Refused("hung" if outcome.code is None else _reason(outcome.err))


def _reason(complaint: bytes) -> str:
    if _has_no_context(complaint):
        return "no-context"
    if _is_forbidden(complaint):
        return "forbidden"
    return "not-found" if _is_not_found(complaint) else "unreachable"


async def context_of(kubectl: Kubectl) -> Context | Refused:
    said = await kubectl.told("config", "view", "--minify", "-o", "json")
    if isinstance(said, Refused):
        inside = "KUBERNETES_SERVICE_HOST" in kubectl.scene.environ and said.word == "no-context"
        return Context("in-cluster", DEFAULT) if inside else said
    settings = object_in(said)
    first = objects_of(next(iter(list_of(settings.get("contexts"))), {}))
    namespace = word(objects_of(first.get("context")).get("namespace"))
    return Context(word(settings.get("current-context")), namespace or DEFAULT)


async def secret_named(kubectl: Kubectl, name: str, namespace: str) -> tuple[PullSecret, ...] | Refused:
    """Empty if it is not there."""
    said = await kubectl.told("get", "secret", name, "-n", namespace, "-o", "json", "--ignore-not-found")
    if isinstance(said, Refused):
        return said
    return (_secret(object_in(said)),) if said.strip() else ()


async def pull_secrets(kubectl: Kubectl, *where: str) -> tuple[PullSecret, ...] | Refused:
    """All whose type says that nodes pull with them. `where`: arguments that say in which namespaces."""
    both = await asyncio.gather(
        *(kubectl.told("get", "secrets", *where, "--field-selector", f"type={kind}", "-o", "json") for kind in _TYPES)
    )
    refused = next((said for said in both if isinstance(said, Refused)), None)
    if refused is not None:
        return refused
    listed = [item for said in both if isinstance(said, bytes) for item in list_of(object_in(said).get("items"))]
    return tuple(_secret(objects_of(item)) for item in listed)


async def of_wrong_type(kubectl: Kubectl, namespace: str) -> tuple[PullSecret, ...]:
    """Secrets that hold what a pull secret holds, and do not say so in their type."""
    said = await kubectl.told("get", "secrets", "-n", namespace, "--field-selector", _OPAQUE, "-o", _OF_OPAQUE)
    if isinstance(said, Refused):
        return ()
    rows = (line.partition("\t") for line in said.decode("utf-8", "replace").splitlines())
    return tuple(PullSecret(name, namespace, "Opaque") for name, _, value in rows if value.strip())


async def secrets_of_account(kubectl: Kubectl, namespace: str) -> tuple[str, ...] | Refused:
    said = await kubectl.told("get", "serviceaccount", DEFAULT, "-n", namespace, "-o", "json")
    if isinstance(said, Refused):
        return said
    named = list_of(object_in(said).get("imagePullSecrets"))
    return tuple(word(objects_of(each).get("name")) for each in named)


async def pods(kubectl: Kubectl, namespace: str) -> tuple[Pod, ...] | Refused:
    said = await kubectl.told("get", "pods", "-n", namespace, "-o", _OF_PODS)
    if isinstance(said, Refused):
        return said
    rows = (line.split("\t") for line in said.decode("utf-8", "replace").splitlines())
    return tuple(Pod(row[0], tuple(row[1].split()), tuple(row[2].split())) for row in rows if len(row) == 3)


def _secret(item: dict[str, object] | object) -> PullSecret:
    members = objects_of(item)
    meta = objects_of(members.get("metadata"))
    data = {name: word(value) for name, value in objects_of(members.get("data")).items()}
    return PullSecret(word(meta.get("name")), word(meta.get("namespace")), word(members.get("type")), data)
