"""A credential that Argo CD Image Updater cannot get at: it is named in a wrong way, or in another namespace."""

import re
from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Finding, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.kubernetes import cluster
from wharf.doctor.rule import Rule
from wharf.formats.kubernetes.image_updater import updated_images
from wharf.formats.kubernetes.manifest import KubernetesObject
from wharf.formats.yaml.tree import Scalar

_is_reference = re.compile(
    r"(?:pullsecret:(?P<namespace>[^/#\s]+)/[^/#\s]+|secret:(?P<other>[^/#\s]+)/[^/#\s]+#\S+|env:\S+|ext:/\S+)"
).fullmatch


def check(checkout: Checkout) -> Iterator[Finding]:
    for each in checkout.once(cluster).objects:
        told = updated_images(each)
        for settings in told.settings if told else ():
            if settings.pull_secret is not None and settings.pull_secret.text.value is not None:
                yield from _checked(each, settings.pull_secret)


def _checked(owner: KubernetesObject, secret: Scalar) -> Iterator[Finding]:
    written = secret.text.flat
    found = _is_reference(written)
    if found is None:
        yield from [] if "{{" in written else [_malformed(secret)]
        return
    namespace = found["namespace"] or found["other"]
    if owner.kind == "ImageUpdater" and namespace and owner.namespace and namespace != owner.namespace:
        yield _elsewhere(owner, secret, namespace)


def _malformed(secret: Scalar) -> Finding:
    return Finding(
        secret.span,
        Words(
            f"`{secret.text.shown}` does not say where the credential is",
            f"`{secret.text.shown}`에는 인증 정보의 위치가 없습니다",
        ),
        cause=Words(
            "It is `pullsecret:NAMESPACE/NAME`, `secret:NAMESPACE/NAME#FIELD`, `env:VARIABLE` or `ext:/PROGRAM`",
            "`pullsecret:네임스페이스/이름`, `secret:네임스페이스/이름#필드`, `env:변수`, `ext:/프로그램` "
            "가운데 하나여야 합니다",
        ),
    )


def _elsewhere(owner: KubernetesObject, secret: Scalar, namespace: str) -> Finding:
    return Finding(
        secret.span,
        Words(
            f"The credential is in `{namespace}`, and this ImageUpdater in `{owner.namespace}`",
            f"인증 정보는 `{namespace}`에, 이 ImageUpdater는 `{owner.namespace}`에 있습니다",
        ),
        cause=Words(
            "Since 1.0, Image Updater refuses secrets of other namespaces than that of the object",
            "Image Updater 1.0부터는 오브젝트와 다른 네임스페이스의 시크릿을 거부합니다",
        ),
    )


RULE: Final = Rule(
    "image-updater-pull-secret",
    Severity.ERROR,
    Words("A credential that cannot be reached", "닿을 수 없는 인증 정보"),
    check,
)
