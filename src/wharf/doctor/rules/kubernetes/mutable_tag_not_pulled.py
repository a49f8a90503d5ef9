"""A tag that moves, on nodes that do not look whether it has moved."""

from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Edit, Evidence, Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.kubernetes import cluster
from wharf.doctor.rule import Rule
from wharf.errors import Malformed
from wharf.formats.kubernetes.image import with_gaps
from wharf.formats.kubernetes.manifest import Container
from wharf.formats.text import Text
from wharf.oci.reference import DEFAULT_TAG, Reference


def check(checkout: Checkout) -> Iterator[Finding]:
    """What kustomizations take may get another tag there, and images without a registry may be made on the node."""
    seen = checkout.once(cluster)
    for manifest in seen.manifests:
        pods = [each.pod for each in manifest.objects if each.pod and manifest.file not in seen.taken_files]
        for container in (container for pod in pods for container in pod.containers):
            policy, image = container.pull_policy, container.image
            if policy is not None and image is not None and policy.flat == "IfNotPresent" and _moves(image):
                yield _finding(container, image, policy)


def _moves(image: Text) -> bool:
    value = with_gaps(image).value or ""
    host = value.partition("/")[0]
    if "/" not in value or ("." not in host and ":" not in host):
        return False
    try:
        reference = Reference.parse(value)
    except Malformed:
        return False
    return reference.digest is None and (reference.tag is None or reference.tag.value == DEFAULT_TAG)


def _finding(container: Container, image: Text, policy: Text) -> Finding:
    span = policy.span or container.span
    words = Words("Pull it always", "항상 새로 받게 하세요")
    fix = Fix(words, (Edit(span, "Always"),)) if policy.span else Fix(words)
    return Finding(
        span,
        Words(
            f"`{image.shown}` moves, and a node that has it once does not pull it again",
            f"`{image.shown}`은(는) 내용이 바뀌는 태그인데, 한 번 받은 노드는 다시 받지 않습니다",
        ),
        (Evidence(Words("The image", "이미지"), container.span),),
        Words(
            "After a push, new nodes run new code and old nodes run old code",
            "푸시한 뒤에 새 노드는 새 코드를, 옛 노드는 옛 코드를 실행합니다",
        ),
        (fix,),
    )


RULE: Final = Rule(
    "mutable-tag-not-pulled",
    Severity.WARNING,
    Words("A tag that moves, and is not pulled again", "다시 받지 않는 바뀌는 태그"),
    check,
)
