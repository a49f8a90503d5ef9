"""Something contains itself: a file its own include, a job its own parent."""

from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.gitlab import flaws
from wharf.doctor.rule import Rule
from wharf.formats.gitlab.flaws import Wrong


def _check(checkout: Checkout) -> Iterator[Finding]:
    for flaw in flaws(checkout, Wrong.CIRCLE):
        yield Finding(
            flaw.span,
            Words(
                f"{flaw.subject} leads back to itself from here",
                f"여기에서 {flaw.subject}(으)로 되돌아가는 순환이 생깁니다",
            ),
            cause=Words(
                "Files that include each other, and jobs that take over from each other, have no beginning.",
                "서로를 포함하는 파일이나 서로 물려받는 작업에는 시작이 없습니다.",
            ),
            fixes=(Fix(Words("Take this one away.", "이 항목을 지우세요.")),),
        )


RULE: Final = Rule(
    "gitlab-circle",
    Severity.ERROR,
    Words(
        "An include, `extends` or `!reference` leads back to itself", "include, `extends`, `!reference`가 순환합니다"
    ),
    _check,
)
