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
from wharf.formats.span import Span
from wharf.formats.text import Text


def check(checkout: Checkout) -> Iterator[Finding]:
    """What a kustomization takes is looked at as it makes it."""
    seen = checkout.once(cluster)
    for manifest in seen.manifests:
        for each in manifest.objects if manifest.file not in seen.taken_files else ():
            for container in each.pod.containers if each.pod else ():
                if container.image is not None:
                    yield from _checked(each.kind, container.name, container.image, container.span)
    for top in seen.tops:
        for image in seen.built[top.folder].images:
            yield from _checked(image.kind, image.container, image.image, image.image.span or image.span)


def _checked(kind: str, container: str, image: Text, span: Span) -> Iterator[Finding]:
    """A word alone with capital letters may be what a script puts an image in for."""
    fault = fault_of(with_gaps(image))
    if fault is not None and ("/" in image.flat or ":" in image.flat):
        yield _finding(kind, container, image, span, fault)


def _finding(kind: str, container: str, image: Text, span: Span, fault: Words) -> Finding:
    return Finding(
        span,
        Words(
            f"The container `{container}` of this {kind} has the image `{image.shown}`, "
            "which is no reference of an image",
            f"이 {kind}의 `{container}` 컨테이너 이미지 `{image.shown}`은(는) 올바른 이미지 참조가 아닙니다",
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
