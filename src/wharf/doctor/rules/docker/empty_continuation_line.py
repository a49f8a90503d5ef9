"""An empty line in the middle of an instruction, which later releases will refuse."""

from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Edit, Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.stages import checked
from wharf.doctor.rule import Rule
from wharf.formats.span import Span


def _check(checkout: Checkout) -> Iterator[Finding]:
    for read in checked(checkout, "NoEmptyContinuation"):
        for span in read.dockerfile.empty_continuations:
            line = Span(span.file, span.line, 1, span.line + 1, 1)
            yield Finding(
                span,
                Words("an empty line within an instruction", "명령이 이어지는 중간에 빈 줄이 있습니다"),
                fixes=(Fix(Words("take the line away", "빈 줄을 지우세요"), (Edit(line, ""),), is_safe=True),),
            )


RULE: Final = Rule(
    "empty-continuation-line",
    Severity.NOTE,
    Words("An empty line within an instruction", "명령 중간의 빈 줄"),
    _check,
)
