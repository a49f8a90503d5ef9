"""A container whose image is none that Kubernetes accepts."""

from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Finding, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.kubernetes import cluster
from wharf.doctor.rule import Rule
from wharf.doctor.rules.reference_faults import fault_of, in_small_letters
from wharf.formats.kubernetes.image import with_gaps
from wharf.formats.kubernetes.manifest import Container, KubernetesObject
from wharf.formats.text import Text


def check(checkout: Checkout) -> Iterator[Finding]:
    for each in checkout.once(cluster).objects:
        for container in each.pod.containers if each.pod else ():
            if container.image is not None and (fault := fault_of(with_gaps(container.image))):
                yield _finding(each, container, container.image, fault)


def _finding(owner: KubernetesObject, container: Container, image: Text, fault: Words) -> Finding:
    return Finding(
        container.span,
        Words(
            f"The container `{container.name}` of this {owner.kind} has the image `{image.shown}`, "
            "which is no reference of an image",
            f"이 {owner.kind}의 `{container.name}` 컨테이너 이미지 `{image.shown}`은(는) 올바른 이미지 참조가 아닙니다",
        ),
        cause=Words(f"{fault.english}: `InvalidImageName`", f"{fault.korean}: `InvalidImageName`"),
        fixes=in_small_letters(image),
    )


RULE: Final = Rule(
    "kubernetes-image-invalid",
    Severity.ERROR,
    Words("An image that is no reference", "이미지 참조가 아닌 image"),
    check,
)
