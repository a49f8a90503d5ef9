"""MAINTAINER, which was replaced by a label years ago."""

from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Edit, Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.stages import checked
from wharf.doctor.rule import Rule


def _check(checkout: Checkout) -> Iterator[Finding]:
    for read in checked(checkout, "MaintainerDeprecated"):
        for seen in read.of("MAINTAINER"):
            span, name = seen.instruction.span, seen.instruction.rest.flat.strip("\"'").replace('"', "'")
            edits = (Edit(span, f'LABEL org.opencontainers.image.authors="{name}"'),) if span.width else ()
            yield Finding(
                span,
                Words("MAINTAINER is no longer read by much", "MAINTAINER는 더 이상 권장되지 않습니다"),
                fixes=(Fix(Words("make it a label", "라벨로 바꾸세요"), edits, is_safe=True),),
            )


RULE: Final = Rule(
    "maintainer-is-old",
    Severity.NOTE,
    Words("MAINTAINER in place of a label", "라벨 대신 쓴 MAINTAINER"),
    _check,
)
