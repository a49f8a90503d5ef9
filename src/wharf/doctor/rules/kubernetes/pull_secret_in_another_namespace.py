"""A pull secret that the repository makes in one namespace, and pods use in another one."""

from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Evidence, Finding, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.kubernetes import cluster
from wharf.doctor.looks.pull_secrets import MadeSecret, UsedSecret, pull_secrets_of
from wharf.doctor.rule import Rule


def check(checkout: Checkout) -> Iterator[Finding]:
    """Kustomizations may move objects to other namespaces; what they take is passed over."""
    secrets = checkout.once(pull_secrets_of)
    moved = checkout.once(cluster).taken_files
    for used in secrets.used:
        made = [each for each in secrets.made if each.name == used.secret.name.value]
        files = {used.owner.span.file, *(each.maker.span.file for each in made)}
        if made and used.owner.namespace and not files & moved and not any(each.may_be(used) for each in made):
            yield _finding(used, made)


def _finding(used: UsedSecret, made: list[MadeSecret]) -> Finding:
    name, namespace = used.secret.name.flat, used.owner.namespace
    return Finding(
        used.secret.span,
        Words(
            f"Pods in `{namespace}` use the secret `{name}`, which is made in `{made[0].namespace}`",
            f"`{namespace}`의 파드가 쓰는 시크릿 `{name}`은(는) `{made[0].namespace}`에 만들어집니다",
        ),
        tuple(
            Evidence(Words(f"It is made for `{each.namespace}`", f"`{each.namespace}`에 만들어집니다"), each.maker.span)
            for each in made
        ),
        Words(
            "A secret is seen in its own namespace only: `Unable to retrieve some image pull secrets`, and the image "
            "is pulled without a credential",
            "시크릿은 자기 네임스페이스에서만 보입니다: `Unable to retrieve some image pull secrets`, "
            "그리고 인증 없이 이미지를 받습니다",
        ),
    )


RULE: Final = Rule(
    "pull-secret-in-another-namespace",
    Severity.ERROR,
    Words("A pull secret in another namespace", "다른 네임스페이스에 있는 풀 시크릿"),
    check,
)
