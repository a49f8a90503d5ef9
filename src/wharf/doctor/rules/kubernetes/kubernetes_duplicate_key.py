"""A key that stands in one mapping of a manifest twice."""

from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Finding, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.kubernetes import cluster
from wharf.doctor.rule import Rule
from wharf.formats.yaml.repeated import repeated_keys
from wharf.formats.yaml.tree import Map, Scalar


def check(checkout: Checkout) -> Iterator[Finding]:
    seen = checkout.once(cluster)
    documents: list[Map] = [document for manifest in seen.manifests for document in manifest.documents]
    documents += [kustomization.node for kustomization in seen.kustomizations]
    documents += [values.node for chart in seen.charts for values in chart.values]
    for document in documents:
        yield from (_finding(key) for key in repeated_keys(document))


def _finding(key: Scalar) -> Finding:
    return Finding(
        key.span,
        Words(f"`{key.text.shown}` stands here a second time", f"`{key.text.shown}` 키가 두 번 나옵니다"),
        cause=Words(
            "Kubernetes refuses an object with a key that is there twice, and other programs take the last one",
            "쿠버네티스는 같은 키가 두 번 있는 오브젝트를 거부하고, 다른 프로그램은 마지막 것만 씁니다",
        ),
    )


RULE: Final = Rule(
    "kubernetes-duplicate-key",
    Severity.ERROR,
    Words("A key that is there twice", "두 번 나오는 키"),
    check,
)
