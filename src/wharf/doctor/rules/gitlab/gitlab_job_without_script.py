"""A job has nothing to do, and so GitLab refuses the whole pipeline."""

from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.gitlab import flaws
from wharf.doctor.rule import Rule
from wharf.formats.gitlab.flaws import Wrong


def _check(checkout: Checkout) -> Iterator[Finding]:
    is_misplaced = any(flaw.subject in {"script", "trigger"} for flaw in flaws(checkout, Wrong.STRAY_KEYWORD))
    for flaw in flaws(checkout, Wrong.NO_SCRIPT) if not is_misplaced else ():
        yield Finding(
            flaw.span,
            Words(
                f"the job {flaw.subject} has neither script nor trigger: GitLab refuses the pipeline",
                f"작업 {flaw.subject}에 script도 trigger도 없어서 GitLab이 파이프라인을 거부합니다",
            ),
            cause=Words(
                "Every name at the top of the file is a job, unless GitLab knows it or it begins with a dot.",
                "GitLab이 아는 이름이거나 점으로 시작하지 않으면 파일 맨 바깥의 이름은 모두 작업입니다.",
            ),
            fixes=(
                Fix(
                    Words(
                        f"Give it a script, or call it .{flaw.subject} if others only take over from it.",
                        f"script를 쓰세요. 다른 작업이 물려받기만 한다면 이름을 .{flaw.subject}(으)로 바꾸세요.",
                    )
                ),
            ),
        )


RULE: Final = Rule(
    "gitlab-job-without-script",
    Severity.ERROR,
    Words("A job has nothing to do", "할 일이 없는 작업이 있습니다"),
    _check,
)
