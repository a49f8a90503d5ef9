"""A condition that GitLab cannot read."""

from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.gitlab import flaws
from wharf.doctor.rule import Rule
from wharf.formats.gitlab.flaws import Wrong


def _check(checkout: Checkout) -> Iterator[Finding]:
    for flaw in flaws(checkout, Wrong.BAD_EXPRESSION):
        yield Finding(
            flaw.span,
            Words(
                f"GitLab cannot read this condition: {flaw.subject}",
                f"GitLab이 읽을 수 없는 조건입니다: {flaw.subject}",
            ),
            cause=Words(
                "It compares variables (`$NAME`) with quoted texts or `/patterns/` by ==, !=, =~ and !~, "
                "and joins that by && and ||.",
                "변수(`$NAME`)를 따옴표로 묶은 글이나 `/정규식/`과 ==, !=, =~, !~로 비교하고 &&와 ||로 잇습니다.",
            ),
            fixes=(Fix(Words("Put texts into quotes, and compare with ==.", "글은 따옴표로 묶고 ==로 비교하세요.")),),
        )


RULE: Final = Rule(
    "gitlab-bad-condition",
    Severity.ERROR,
    Words("A condition cannot be read", "읽을 수 없는 조건이 있습니다"),
    _check,
)
