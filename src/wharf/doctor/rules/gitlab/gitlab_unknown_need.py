"""A job waits for one that is not there, or that comes only after it."""

from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Finding, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.gitlab import flaws, pipelines
from wharf.doctor.rule import Rule
from wharf.doctor.rules.gitlab.likely import meant
from wharf.formats.gitlab.flaws import Flaw, Wrong


def _check(checkout: Checkout) -> Iterator[Finding]:
    names = [job.name for pipeline in checkout.once(pipelines) for job in pipeline.jobs]
    for flaw in flaws(checkout, Wrong.UNKNOWN_NEED, Wrong.LATER_NEED):
        yield Finding(
            flaw.span,
            _message(flaw),
            cause=Words(
                "GitLab refuses a pipeline in which a job needs one that is not in its stage or an earlier one.",
                "needs에 적힌 작업이 같은 단계나 앞 단계에 없으면 GitLab은 파이프라인 전체를 거부합니다.",
            ),
            fixes=meant(flaw.subject, names, flaw.span) if flaw.kind is Wrong.UNKNOWN_NEED else (),
        )


def _message(flaw: Flaw) -> Words:
    if flaw.kind is Wrong.UNKNOWN_NEED:
        return Words(f"there is no job {flaw.subject} to wait for", f"기다릴 작업 {flaw.subject}이(가) 없습니다")
    return Words(
        f"{flaw.subject} stands in a later stage and cannot be waited for",
        f"{flaw.subject} 작업은 뒤 단계에 있어서 기다릴 수 없습니다",
    )


RULE: Final = Rule(
    "gitlab-unknown-need",
    Severity.ERROR,
    Words("A job needs one that is not there before it", "먼저 실행될 수 없는 작업을 기다립니다"),
    _check,
)
