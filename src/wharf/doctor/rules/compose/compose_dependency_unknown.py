"""A service that depends on one which is not there, or on itself through others."""

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Edit, Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.compose import compose_projects, laid_together, stands_alone
from wharf.doctor.rule import Rule
from wharf.formats.compose.project import Project
from wharf.formats.compose.service import Named, Service


def check(checkout: Checkout) -> Iterator[Finding]:
    for project in checkout.once(compose_projects):
        if stands_alone(project):
            beside = {each.name for other in laid_together(checkout, project) for each in other.services}
            yield from _unknown(project, beside)
            yield from _in_a_circle(project)


def _unknown(project: Project, beside: set[str]) -> Iterator[Finding]:
    """A file that is laid over another one may speak of the services of that one."""
    for service in project.services:
        for needed in service.depends_on:
            name = needed.name.value
            if name is not None and name not in beside and needed.is_required and needed.span.file in project.parts:
                yield _not_there(service, needed, name, sorted(beside - {service.name}))


def _not_there(service: Service, needed: Named, name: str, others: list[str]) -> Finding:
    near = get_close_matches(name, others, 1, 0.6)
    return Finding(
        needed.span,
        Words(
            f"The service `{service.name}` depends on `{name}`, which is not there",
            f"`{service.name}` 서비스가 없는 서비스 `{name}`에 의존합니다",
        ),
        cause=Words("Compose refuses the whole project", "Compose가 프로젝트 전체를 거부합니다"),
        fixes=tuple(
            Fix(Words(f"Write `{each}`", f"`{each}`(으)로 쓰세요"), (Edit(needed.span, each),)) for each in near
        ),
    )


def _in_a_circle(project: Project) -> Iterator[Finding]:
    needs = {service.name: [each.name.flat for each in service.depends_on] for service in project.services}
    for service in project.services:
        for needed in service.depends_on:
            if service.name in _reached(needed.name.flat, needs):
                yield Finding(
                    needed.span,
                    Words(
                        f"`{service.name}` depends on `{needed.name.flat}`, which depends on `{service.name}`",
                        f"`{service.name}`은(는) `{needed.name.flat}`에, `{needed.name.flat}`은(는) 다시 "
                        f"`{service.name}`에 의존합니다",
                    ),
                    cause=Words("None of them could be started first", "어느 것도 먼저 시작할 수 없습니다"),
                )
                return


def _reached(name: str, needs: dict[str, list[str]]) -> set[str]:
    reached: set[str] = set()
    coming = [name]
    while coming:
        each = coming.pop()
        if each not in reached:
            reached.add(each)
            coming += needs.get(each, [])
    return reached


RULE: Final = Rule(
    "compose-dependency-unknown",
    Severity.ERROR,
    Words("A service that depends on nothing there is", "없는 서비스에 의존하는 서비스"),
    check,
)
