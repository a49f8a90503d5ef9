"""A compose file that includes one which is not there, or which includes it in turn."""

from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Finding, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.compose import compose_projects
from wharf.doctor.looks.git_ignored import is_meant_to_be_missing
from wharf.doctor.rule import Rule
from wharf.formats.compose.project import Problem, Wrong


def check(checkout: Checkout) -> Iterator[Finding]:
    for project in checkout.once(compose_projects):
        for problem in project.problems:
            if problem.wrong is Wrong.INCLUDES_IN_A_CIRCLE:
                yield _finding(
                    problem,
                    Words(
                        f"Including `{problem.subject}` leads back to a file that is being read",
                        f"`{problem.subject}`을(를) 포함하면 이미 읽고 있는 파일로 되돌아옵니다",
                    ),
                )
            if problem.wrong is Wrong.INCLUDED_FILE_NOT_THERE and not is_meant_to_be_missing(checkout, problem.subject):
                yield _finding(
                    problem,
                    Words(
                        f"There is no file `{problem.subject}` to include",
                        f"포함할 `{problem.subject}` 파일이 없습니다",
                    ),
                )


def _finding(problem: Problem, message: Words) -> Finding:
    cause = Words("Compose refuses the whole project", "Compose가 프로젝트 전체를 거부합니다")
    return Finding(problem.span, message, cause=cause)


RULE: Final = Rule(
    "compose-include-broken",
    Severity.ERROR,
    Words("A file that includes nothing, or itself", "없는 파일이나 자기 자신을 포함하는 compose 파일"),
    check,
)
