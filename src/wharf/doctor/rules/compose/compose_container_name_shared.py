"""A fixed name for containers of which there would be several."""

from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Evidence, Finding, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.compose import compose_projects, copies
from wharf.doctor.rule import Rule
from wharf.formats.compose.project import Project
from wharf.formats.compose.service import Service


def check(checkout: Checkout) -> Iterator[Finding]:
    for project in checkout.once(compose_projects):
        many = (service for service in project.services if (copies(checkout, project, service) or 1) > 1)
        yield from (_of_one(service) for service in many if service.container_name)
        yield from _of_two(project)


def _of_one(service: Service) -> Finding:
    name, scale = service.container_name, service.scale
    assert name is not None
    assert scale is not None
    return Finding(
        name.span or service.span,
        Words(
            f"`{service.name}` is started {scale.flat} times, and all of them would be called `{name.shown}`",
            f"`{service.name}` 서비스는 {scale.flat}개 시작되는데 모두 이름이 `{name.shown}`입니다",
        ),
        (Evidence(Words("It is started several times", "여러 개를 시작합니다"), scale.span),),
        Words("Compose refuses that", "Compose가 이를 거부합니다"),
    )


def _of_two(project: Project) -> Iterator[Finding]:
    """Services with profiles may never run together."""
    first: dict[str, Service] = {}
    for service in project.services:
        name = service.container_name.value if service.container_name and not service.profiles else None
        if name and name in first:
            yield _both(first[name], service, name)
        elif name:
            first[name] = service


def _both(first: Service, second: Service, name: str) -> Finding:
    assert first.container_name is not None
    assert second.container_name is not None
    return Finding(
        second.container_name.span or second.span,
        Words(
            f"The containers of `{first.name}` and `{second.name}` are both called `{name}`",
            f"`{first.name}`과(와) `{second.name}` 컨테이너의 이름이 둘 다 `{name}`입니다",
        ),
        (Evidence(Words("The other one", "다른 하나"), first.container_name.span),),
        Words(
            "Only one container can have a name: the second one is not started",
            "한 이름은 컨테이너 하나만 쓸 수 있어 두 번째는 시작되지 않습니다",
        ),
    )


RULE: Final = Rule(
    "compose-container-name-shared",
    Severity.ERROR,
    Words("Several containers with one name", "이름이 같은 여러 컨테이너"),
    check,
)
