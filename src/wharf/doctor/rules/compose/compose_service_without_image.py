"""A service that says neither what it is started from nor how that is built."""

from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Finding, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.compose import compose_projects, is_first, runs_something
from wharf.doctor.rule import Rule
from wharf.formats.compose.service import Service


def check(checkout: Checkout) -> Iterator[Finding]:
    """Another file, wherever it lies, may be meant to be laid over this one, and say it for both."""
    projects = checkout.once(compose_projects)
    said = {each.name for project in projects for each in project.services if runs_something(each)}
    for project in projects:
        alone = all(other is project for other in projects if other.folder == project.folder)
        if is_first(project) and alone and not project.is_partly_unknown and not project.problems:
            silent = (service for service in project.services if not runs_something(service))
            yield from (_finding(service) for service in silent if service.name not in said)


def _finding(service: Service) -> Finding:
    return Finding(
        service.span,
        Words(
            f"The service `{service.name}` has neither `image` nor `build`",
            f"`{service.name}` 서비스에 `image`도 `build`도 없습니다",
        ),
        cause=Words("Compose refuses the whole project", "Compose가 프로젝트 전체를 거부합니다"),
    )


RULE: Final = Rule(
    "compose-service-without-image",
    Severity.ERROR,
    Words("A service without an image", "이미지가 없는 서비스"),
    check,
)
