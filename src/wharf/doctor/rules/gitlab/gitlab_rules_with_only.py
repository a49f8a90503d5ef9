"""A job has both kinds of conditions, which GitLab does not allow."""

from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.gitlab import flaws
from wharf.doctor.rule import Rule
from wharf.formats.gitlab.flaws import Wrong


def _check(checkout: Checkout) -> Iterator[Finding]:
    for flaw in flaws(checkout, Wrong.MIXED_CONDITIONS):
        yield Finding(
            flaw.span,
            Words(
                f"the job {flaw.subject} has rules as well: GitLab refuses both in one job",
                f"작업 {flaw.subject}에는 rules도 있습니다. GitLab은 둘을 함께 쓰지 못하게 합니다",
            ),
            cause=Words(
                "`rules` took the place of `only` and `except`; one of them may also come in by `extends`.",
                "`rules`는 `only`와 `except`를 대신합니다. 그중 하나가 `extends`로 들어올 수도 있습니다.",
            ),
            fixes=(Fix(Words("Say it in `rules` alone.", "`rules`로만 쓰세요.")),),
        )


RULE: Final = Rule(
    "gitlab-rules-with-only",
    Severity.ERROR,
    Words(
        "A job has `rules` together with `only` or `except`", "`rules`를 `only`나 `except`와 함께 쓴 작업이 있습니다"
    ),
    _check,
)
