"""A `${…}` in a compose file that a shell may understand, and Compose does not."""

from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Finding, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.compose import compose_projects
from wharf.doctor.rule import Rule
from wharf.formats.compose.project import Problem, Wrong


def check(checkout: Checkout) -> Iterator[Finding]:
    for project in checkout.once(compose_projects):
        yield from (_finding(problem) for problem in project.problems if problem.wrong is Wrong.TEMPLATE)


def _finding(problem: Problem) -> Finding:
    return Finding(
        problem.span,
        Words(
            f"`{problem.subject}` is no variable as Compose knows them; the whole file is refused",
            f"`{problem.subject}`은(는) Compose가 아는 변수 형식이 아니어서 파일 전체가 거부됩니다",
        ),
        cause=Words(
            "Compose knows `${NAME}` with `:-`, `-`, `:?`, `?`, `:+` and `+` only: no parts of a value, no change of "
            "letters, no replacing. `$$` stands for a dollar",
            "Compose는 `${NAME}`과 `:-`, `-`, `:?`, `?`, `:+`, `+`만 압니다. "
            "값 자르기, 대소문자 바꾸기, 치환은 없습니다. 달러 기호 자체는 `$$`로 씁니다",
        ),
    )


RULE: Final = Rule(
    "compose-variable-malformed",
    Severity.ERROR,
    Words("A variable that Compose does not understand", "Compose가 이해하지 못하는 변수"),
    check,
)
