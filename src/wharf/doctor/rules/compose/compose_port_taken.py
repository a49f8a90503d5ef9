"""Two containers that want the same port of the host."""

from collections.abc import Iterator
from itertools import combinations
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Evidence, Finding, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.compose import compose_projects, copies
from wharf.doctor.rule import Rule
from wharf.formats.compose.port import Port
from wharf.formats.compose.project import Project
from wharf.formats.compose.service import Service

_MOST: Final = 200
_CAUSE: Final = Words(
    "Only one container can be bound to it: `port is already allocated`",
    "한 포트에는 컨테이너 하나만 연결됩니다: `port is already allocated`",
)


def check(checkout: Checkout) -> Iterator[Finding]:
    for project in checkout.once(compose_projects):
        yield from _of_two(project)
        for service in project.services:
            if (copies(checkout, project, service) or 1) > 1:
                yield from (_of_many(service, port) for port in service.ports if port.is_fixed)


def _of_two(project: Project) -> Iterator[Finding]:
    """Services with profiles may never run together."""
    fixed = [(each, port) for each in project.services if not each.profiles for port in each.ports if port.is_fixed]
    for (first, one), (second, other) in combinations(fixed[:_MOST], 2):
        if first.name != second.name and one.clashes_with(other):
            yield Finding(
                other.span,
                Words(
                    f"`{first.name}` and `{second.name}` both want port {other.published} of the host",
                    f"`{first.name}`, `{second.name}` 둘 다 호스트 포트 {other.published}번을 씁니다",
                ),
                (Evidence(Words("It is taken here", "여기에서 이미 씁니다"), one.span),),
                _CAUSE,
            )


def _of_many(service: Service, port: Port) -> Finding:
    assert service.scale is not None
    return Finding(
        port.span,
        Words(
            f"`{service.name}` is started {service.scale.flat} times, and each wants port {port.published} of the host",
            f"`{service.name}` 서비스 {service.scale.flat}개가 모두 호스트 포트 {port.published}번을 씁니다",
        ),
        (Evidence(Words("It is started several times", "여러 개를 시작합니다"), service.scale.span),),
        _CAUSE,
    )


RULE: Final = Rule(
    "compose-port-taken",
    Severity.ERROR,
    Words("One port of the host for several containers", "여러 컨테이너가 쓰려는 호스트 포트"),
    check,
)
