"""A volume, network, secret or config that a service uses, and that the file does not declare."""

from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Finding, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.compose import compose_projects, laid_together, stands_alone
from wharf.doctor.rule import Rule
from wharf.formats.compose.project import Project
from wharf.formats.compose.service import Named, Service

_KOREAN: Final = {"volumes": "볼륨", "networks": "네트워크", "secrets": "시크릿", "configs": "컨피그"}
_ALWAYS_THERE: Final = frozenset({"default"})


def check(checkout: Checkout) -> Iterator[Finding]:
    for project in checkout.once(compose_projects):
        if not stands_alone(project):
            continue
        beside = laid_together(checkout, project)
        for service in project.services:
            for kind, used, declared in _kinds(service, beside):
                yield from (_finding(service, kind, each) for each in used if _is_missing(each, declared, project))


def _kinds(service: Service, beside: tuple[Project, ...]) -> Iterator[tuple[str, tuple[Named, ...], set[str]]]:
    """A file that is laid over another one may use what that one declares."""
    yield "volumes", service.volumes, {name for project in beside for name in project.volumes}
    yield "networks", service.networks, {name for project in beside for name in project.networks} | _ALWAYS_THERE
    yield "secrets", service.secrets, {name for project in beside for name in project.secrets}
    yield "configs", service.configs, {name for project in beside for name in project.configs}


def _is_missing(used: Named, declared: set[str], project: Project) -> bool:
    return used.name.value is not None and used.name.value not in declared and used.span.file in project.parts


def _finding(service: Service, kind: str, used: Named) -> Finding:
    name = used.name.flat
    return Finding(
        used.span,
        Words(
            f"The service `{service.name}` uses `{name}`, which is not declared below `{kind}`",
            f"`{service.name}` 서비스가 쓰는 {_KOREAN[kind]} `{name}`이(가) `{kind}` 아래에 선언되어 있지 않습니다",
        ),
        cause=Words("Compose refuses the whole project", "Compose가 프로젝트 전체를 거부합니다"),
    )


RULE: Final = Rule(
    "compose-not-declared",
    Severity.ERROR,
    Words("Something that is used and not declared", "쓰이지만 선언되지 않은 것"),
    check,
)
