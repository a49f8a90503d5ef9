"""`FROM --platform=$TARGETPLATFORM`: that is what happens anyway."""

from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Edit, Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.stages import checked
from wharf.doctor.rule import Rule
from wharf.formats.span import Span


def _check(checkout: Checkout) -> Iterator[Finding]:
    for read in checked(checkout, "RedundantTargetPlatform"):
        for stage in read.dockerfile.stages:
            flag = stage.opening.flag("platform")
            if flag and flag.value and flag.value.flat in {"$TARGETPLATFORM", "${TARGETPLATFORM}"}:
                place = Span(
                    flag.span.file, flag.span.line, flag.span.column, flag.span.end_line, flag.span.end_column + 1
                )
                yield Finding(
                    flag.span,
                    Words(
                        "an image is for the target's platform without being told",
                        "지정하지 않아도 대상 플랫폼용으로 빌드됩니다",
                    ),
                    fixes=(Fix(Words("leave it out", "빼세요"), (Edit(place, ""),), is_safe=True),),
                )


RULE: Final = Rule(
    "platform-redundant",
    Severity.NOTE,
    Words("A platform that is the usual one", "기본값과 같은 플랫폼"),
    _check,
)
