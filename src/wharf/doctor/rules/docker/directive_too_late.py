"""`# syntax=`, `# escape=` or `# check=` after something else: there it is a plain comment."""

from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.stages import read_dockerfiles
from wharf.doctor.rule import Rule


def _check(checkout: Checkout) -> Iterator[Finding]:
    for read in checkout.once(read_dockerfiles):
        for directive in read.dockerfile.late_directives:
            yield Finding(
                directive.span,
                Words(
                    f"# {directive.name}= has no effect here: it must be among the first lines",
                    f"# {directive.name}= 지시문은 파일 맨 앞에 있어야 효과가 있습니다",
                ),
                fixes=(Fix(Words("put it on the first line", "첫 줄로 옮기세요")),),
            )


RULE: Final = Rule(
    "directive-too-late",
    Severity.NOTE,
    Words("A directive that is none", "효과가 없는 지시문"),
    _check,
)
