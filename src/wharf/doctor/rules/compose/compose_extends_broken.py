"""A service that extends itself, or something that is not there."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from types import MappingProxyType
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Edit, Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.compose import compose_projects
from wharf.doctor.looks.git_ignored import is_meant_to_be_missing
from wharf.doctor.rule import Rule
from wharf.formats.compose.project import Problem, Project, Wrong

_SAYING: Final[Mapping[Wrong, tuple[str, str]]] = MappingProxyType(
    {
        Wrong.EXTENDS_IN_A_CIRCLE: (
            "Extending `{}` leads back to where it began",
            "`{}`을(를) 확장하면 처음 자리로 되돌아옵니다",
        ),
        Wrong.EXTENDED_SERVICE_NOT_THERE: (
            "There is no service `{}` to extend",
            "확장할 `{}` 서비스가 없습니다",
        ),
        Wrong.EXTENDED_FILE_NOT_THERE: (
            "There is no file `{}` to extend a service of",
            "확장할 서비스가 있다는 `{}` 파일이 없습니다",
        ),
    }
)


def check(checkout: Checkout) -> Iterator[Finding]:
    for project in checkout.once(compose_projects):
        for problem in project.problems:
            if problem.wrong in _SAYING and not is_meant_to_be_missing(checkout, problem.subject):
                yield _finding(problem, project)


def _finding(problem: Problem, project: Project) -> Finding:
    english, korean = _SAYING[problem.wrong]
    return Finding(
        problem.span,
        Words(english.format(problem.subject), korean.format(problem.subject)),
        cause=Words("Compose refuses the whole project", "Compose가 프로젝트 전체를 거부합니다"),
        fixes=tuple(_fixes(problem, project)),
    )


def _fixes(problem: Problem, project: Project) -> Iterator[Fix]:
    """A service of the same file, where one has nearly this name."""
    if problem.wrong is Wrong.EXTENDED_SERVICE_NOT_THERE:
        beside = [each.name for each in project.services if each.span.file == problem.span.file]
        for name in get_close_matches(problem.subject, beside, 1, 0.6):
            yield Fix(Words(f"Extend `{name}`", f"`{name}`을(를) 확장하세요"), (Edit(problem.span, name),))


RULE: Final = Rule(
    "compose-extends-broken",
    Severity.ERROR,
    Words("A service that extends nothing, or itself", "없는 것이나 자기 자신을 확장하는 서비스"),
    check,
)
