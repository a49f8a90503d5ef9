"""The Kubernetes objects of a repository, what kustomize and Helm make of them, and the images they ask for."""

from dataclasses import dataclass

from wharf.doctor.checkout import Checkout
from wharf.doctor.way.reference import Asked
from wharf.formats.kubernetes.chart import Chart
from wharf.formats.kubernetes.kustomization import Kustomization
from wharf.formats.kubernetes.manifest import Manifest


@dataclass(frozen=True)
class Cluster:
    """All that there is for Kubernetes in a repository."""

    manifests: tuple[Manifest, ...] = ()
    """One for each file; templates of charts are not among them."""
    kustomizations: tuple[Kustomization, ...] = ()
    charts: tuple[Chart, ...] = ()


def cluster(checkout: Checkout) -> Cluster:
    return Cluster()


def kubernetes_asked(checkout: Checkout) -> tuple[Asked, ...]:
    """What manifests, kustomizations and charts ask for, as they stand. `by` says which of them."""
    return ()
