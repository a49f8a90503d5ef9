"""A FROM without a tag, or with `latest`: what is built changes whenever somebody else pushes."""

from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.stages import read_dockerfiles
from wharf.doctor.rule import Rule


def _check(checkout: Checkout) -> Iterator[Finding]:
    for read in checkout.once(read_dockerfiles):
        for stage in read.dockerfile.stages:
            base = read.scopes.base(stage).text.value
            if base and base != "scratch" and read.scopes.below(stage) is None and _moves(base):
                yield Finding(
                    stage.base.span or stage.opening.span,
                    Words(
                        f"{base} is another image from time to time", f"{base}은(는) 시간이 지나면 다른 이미지가 됩니다"
                    ),
                    fixes=(Fix(Words("name a version, or better a digest", "버전이나 다이제스트를 지정하세요")),),
                )


def _moves(base: str) -> bool:
    """`node:` is what an argument without value leaves; who builds it names a version."""
    name, colon, tag = base.rpartition("/")[2].partition(":")
    return "@" not in base and bool(name) and (tag == "latest" or not colon)


RULE: Final = Rule(
    "from-image-moves",
    Severity.NOTE,
    Words("A base image that changes by itself", "저절로 바뀌는 기반 이미지"),
    _check,
)
