"""A secret that pods use to pull images, and that has another type or another key than such secrets have."""

from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Edit, Evidence, Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.pull_secrets import MadeSecret, UsedSecret, pull_secrets_of
from wharf.doctor.rule import Rule
from wharf.formats.span import Span

_KEYS: Final = {
    "kubernetes.io/dockerconfigjson": ".dockerconfigjson",
    "kubernetes.io/dockercfg": ".dockercfg",
}
_USUAL: Final = "kubernetes.io/dockerconfigjson"


def check(checkout: Checkout) -> Iterator[Finding]:
    secrets = checkout.once(pull_secrets_of)
    for made in secrets.made:
        used = next((each for each in secrets.used if made.may_be(each)), None)
        if made.is_plain and used is not None:
            yield from _checked(made, used)


def _checked(made: MadeSecret, used: UsedSecret) -> Iterator[Finding]:
    node = made.maker.node
    written = node.scalar("type")
    kind = written.text.flat if written else "Opaque"
    keys = {entry.key.text.flat for name in ("data", "stringData") for entry in node.map(name) or ()}
    span = written.span if written else made.maker.span
    if kind not in _KEYS:
        edits = (Edit(span, _USUAL),) if written and _KEYS[_USUAL] in keys else ()
        yield _of_wrong_type(made, used, kind, span, edits)
    elif keys and _KEYS[kind] not in keys:
        yield _without_key(made, used, _KEYS[kind], span)


def _of_wrong_type(made: MadeSecret, used: UsedSecret, kind: str, span: Span, edits: tuple[Edit, ...]) -> Finding:
    words = Words("Give it the type of a pull secret", "풀 시크릿의 타입으로 바꾸세요")
    return Finding(
        span,
        Words(
            f"Images are pulled with the secret `{made.name}`, whose type is `{kind}`",
            f"이미지를 받는 데 쓰는 시크릿 `{made.name}`의 타입이 `{kind}`입니다",
        ),
        _evidence(used),
        Words(
            f"Only secrets of the type `{_USUAL}` (or the older `dockercfg`) are credentials for images; others are "
            "passed over without a word",
            f"이미지 인증에는 `{_USUAL}`(또는 예전의 `dockercfg`) 타입만 쓰이고 다른 것은 말없이 무시됩니다",
        ),
        (Fix(words, edits, is_safe=True),) if edits else (),
    )


def _without_key(made: MadeSecret, used: UsedSecret, key: str, span: Span) -> Finding:
    return Finding(
        span,
        Words(
            f"The pull secret `{made.name}` has no `{key}`",
            f"풀 시크릿 `{made.name}`에 `{key}`이(가) 없습니다",
        ),
        _evidence(used),
        Words("Kubernetes refuses such a secret", "쿠버네티스가 이런 시크릿을 거부합니다"),
    )


def _evidence(used: UsedSecret) -> tuple[Evidence, ...]:
    return (Evidence(Words("Images are pulled with it here", "여기에서 이미지를 받는 데 씁니다"), used.secret.span),)


RULE: Final = Rule(
    "pull-secret-of-wrong-type",
    Severity.ERROR,
    Words("A pull secret of the wrong type", "타입이 잘못된 풀 시크릿"),
    check,
)
