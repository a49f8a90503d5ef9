"""A CMD, ENTRYPOINT or HEALTHCHECK that a later one in the same stage puts out of force."""

from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Edit, Evidence, Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.stages import checked
from wharf.doctor.rule import Rule
from wharf.formats.dockerfile.tree import Instruction
from wharf.formats.span import Span


def _check(checkout: Checkout) -> Iterator[Finding]:
    for read in checked(checkout, "MultipleInstructionsDisallowed"):
        for stage in read.dockerfile.stages:
            for name in ("CMD", "ENTRYPOINT", "HEALTHCHECK"):
                found = list(stage.of(name))
                yield from (_finding(each, found[-1]) for each in found[:-1])


def _finding(each: Instruction, last: Instruction) -> Finding:
    lines = Span(each.span.file, each.span.line, 1, each.span.end_line + 1, 1)
    return Finding(
        each.span,
        Words(
            f"this {each.name} has no effect: a later one in the same stage replaces it",
            f"이 {each.name}은(는) 같은 스테이지의 뒤 {each.name} 때문에 효과가 없습니다",
        ),
        (Evidence(Words("the one that counts", "실제로 쓰이는 것"), last.span),),
        fixes=(Fix(Words("take it away", "이 줄을 지우세요"), (Edit(lines, ""),)),),
    )


RULE: Final = Rule(
    "instruction-overridden",
    Severity.WARNING,
    Words("Two of what can be there once", "한 번만 쓸 수 있는 명령이 여러 개입니다"),
    _check,
)
