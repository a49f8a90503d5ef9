"""A pull secret that is written as a word, where Kubernetes wants an object with a name."""

from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Edit, Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.kubernetes import cluster
from wharf.doctor.rule import Rule
from wharf.formats.kubernetes.manifest import PULL_SECRETS
from wharf.formats.span import Span
from wharf.formats.yaml.tree import Map, Scalar


def check(checkout: Checkout) -> Iterator[Finding]:
    for each in checkout.once(cluster).objects:
        owner = each.node if each.kind == "ServiceAccount" else each.pod.node if each.pod else None
        yield from _of(owner) if owner else ()


def _of(owner: Map) -> Iterator[Finding]:
    secrets = owner.get(PULL_SECRETS)
    if isinstance(secrets, Scalar) and not secrets.is_null:
        yield _finding(secrets, ())
    for each in owner.list(PULL_SECRETS) or ():
        if isinstance(each, Scalar) and each.text:
            start = Span.at(each.span.file, each.span.line, each.span.column)
            fix = Fix(Words("Say that it is a name", "이름임을 밝히세요"), (Edit(start, "name: "),), is_safe=True)
            yield _finding(each, (fix,))


def _finding(secret: Scalar, fixes: tuple[Fix, ...]) -> Finding:
    return Finding(
        secret.span,
        Words(
            f"`imagePullSecrets` is a list of `name: …`, and `{secret.text.shown}` is a word",
            f"`imagePullSecrets`는 `name: …`의 목록인데 `{secret.text.shown}`은(는) 그냥 글자입니다",
        ),
        cause=Words("Kubernetes refuses the object", "쿠버네티스가 이 오브젝트를 거부합니다"),
        fixes=fixes,
    )


RULE: Final = Rule(
    "pull-secret-without-name",
    Severity.ERROR,
    Words("A pull secret that is a word", "이름 형식이 아닌 풀 시크릿"),
    check,
)
