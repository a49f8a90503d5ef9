"""There is a daemon beside the job, and the client looks for it under a name that it does not have."""

from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Edit, Evidence, Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.gitlab_docker import (
    DockerUse,
    docker_uses,
    is_docker_client,
    runners_bring_daemon,
    runners_decide_tls,
)
from wharf.doctor.rule import Rule
from wharf.formats.gitlab.pipeline import Service
from wharf.formats.span import Span

_USUAL: Final = "docker"


def _check(checkout: Checkout) -> Iterator[Finding]:
    if runners_bring_daemon(checkout) or runners_decide_tls(checkout):
        return
    found: dict[Span, Finding] = {}
    for use in checkout.once(docker_uses):
        wanted = _wanted(use)
        if use.daemon and wanted and use.names is not None and wanted not in use.names:
            found.setdefault(use.daemon.span, _finding(use, use.daemon, wanted))
    yield from found.values()


def _wanted(use: DockerUse) -> str | None:
    """The name under which the client looks for the daemon."""
    if use.address:
        return use.address[0] if "." not in use.address[0] and use.address[0] != "localhost" else None
    return _USUAL if use.host is None and is_docker_client(use.image) else None


def _finding(use: DockerUse, service: Service, wanted: str) -> Finding:
    names = ", ".join(use.names or ())
    return Finding(
        service.span,
        Words(
            f"this service is not reached as {wanted}, but as {names}",
            f"이 서비스의 이름은 {wanted}이(가) 아니라 {names}입니다",
        ),
        (Evidence(Words(f"the client looks for {wanted}", f"클라이언트는 {wanted}을(를) 찾습니다"), _place(use)),),
        Words(
            "A service has the name of its image with its registry and path, and each slash replaced by __ or -. "
            "Only of docker:dind that is docker.",
            "서비스의 이름은 레지스트리와 경로까지 든 이미지 이름에서 /를 __나 -로 바꾼 것입니다. "
            "docker:dind일 때만 docker가 됩니다.",
        ),
        (Fix(Words(f"Give it the alias {wanted}.", f"alias로 {wanted}을(를) 주세요."), _edits(service, wanted)),),
    )


def _place(use: DockerUse) -> Span:
    return (use.host.span if use.host is not None else None) or use.commands[0].span


def _edits(service: Service, wanted: str) -> tuple[Edit, ...]:
    name = service.name.span
    if name is None or service.aliases or service.command or service.variables or name.width is None:
        return ()
    if service.span.width is not None and service.span.width <= name.width + 2:
        indent = " " * (service.span.column - 1)
        start = Span.at(name.file, service.span.line, service.span.column)
        end = Span.at(name.file, service.span.end_line, service.span.end_column)
        return (Edit(start, "name: "), Edit(end, f"\n{indent}alias: {wanted}"))
    return ()


RULE: Final = Rule(
    "gitlab-service-name",
    Severity.ERROR,
    Words(
        "Docker's daemon is not reached under the name that is asked for",
        "도커 데몬을 찾는 이름이 서비스의 이름과 다릅니다",
    ),
    _check,
)
