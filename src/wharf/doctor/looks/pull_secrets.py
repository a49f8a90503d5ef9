"""Pull secrets: who uses them, and which of them the repository itself makes."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.looks.kubernetes import cluster
from wharf.formats.kubernetes.manifest import KubernetesObject, Pod, PullSecret, pull_secrets

_MAKERS: Final = {
    "SealedSecret": ("spec", "template", "metadata"),
    "ExternalSecret": ("spec", "target"),
}


@dataclass(frozen=True)
class UsedSecret:
    """A name, as an object uses it. `pods`: those that it is used for."""

    secret: PullSecret
    owner: KubernetesObject
    pods: tuple[Pod, ...]


@dataclass(frozen=True)
class MadeSecret:
    name: str
    namespace: str
    """Empty where whoever applies it decides."""
    maker: KubernetesObject

    @property
    def is_plain(self) -> bool:
        """It has its content with it."""
        return self.maker.kind == "Secret"

    def may_be(self, used: UsedSecret) -> bool:
        namespaces = {self.namespace, used.owner.namespace} - {""}
        return self.name == used.secret.name.value and len(namespaces) < 2


@dataclass(frozen=True)
class PullSecrets:
    used: tuple[UsedSecret, ...]
    made: tuple[MadeSecret, ...]


def pull_secrets_of(checkout: Checkout) -> PullSecrets:
    objects = tuple(checkout.once(cluster).objects)
    return PullSecrets(tuple(_used(objects)), tuple(_made(objects)))


def _used(objects: tuple[KubernetesObject, ...]) -> Iterator[UsedSecret]:
    for each in objects:
        if each.pod is not None:
            yield from (UsedSecret(secret, each, (each.pod,)) for secret in each.pod.pull_secrets)
        elif each.kind == "ServiceAccount":
            pods = tuple(pod for other in objects if (pod := other.pod) and _runs_as(other, pod, each))
            yield from (UsedSecret(secret, each, pods) for secret in pull_secrets(each.node))


def _runs_as(owner: KubernetesObject, pod: Pod, account: KubernetesObject) -> bool:
    name = pod.service_account.flat if pod.service_account else "default"
    return name == account.name and owner.namespace == account.namespace


def _made(objects: tuple[KubernetesObject, ...]) -> Iterator[MadeSecret]:
    for each in objects:
        if each.kind == "Secret":
            yield MadeSecret(each.name, each.namespace, each)
        elif each.kind in _MAKERS:
            yield MadeSecret(_made_name(each), each.namespace, each)


def _made_name(maker: KubernetesObject) -> str:
    node = maker.node
    for key in _MAKERS[maker.kind]:
        inner = node.map(key)
        if inner is None:
            return maker.name
        node = inner
    name = node.text("name")
    return name.flat if name else maker.name
