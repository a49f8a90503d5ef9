"""A job uses Docker, and nothing says where a daemon for it would be."""

from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Evidence, Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.gitlab_docker import (
    DockerUse,
    docker_runners,
    docker_uses,
    is_docker_client,
    runners_bring_daemon,
    runners_decide_tls,
)
from wharf.doctor.rule import Rule
from wharf.formats.span import Span

_LENT: Final = "gitlab.com"


def _check(checkout: Checkout) -> Iterator[Finding]:
    if runners_bring_daemon(checkout) or runners_decide_tls(checkout):
        return
    runners_are_known = any(True for _ in docker_runners(checkout))
    for use in checkout.once(docker_uses):
        if use.daemon is not None or use.starts_daemon or use.names is None:
            continue
        if _looks_beside_it(use, runners_are_known=runners_are_known):
            yield _finding(use, Severity.ERROR if runners_are_known else _likely(checkout, use))


def _likely(checkout: Checkout, use: DockerUse) -> Severity:
    """Runners of one's own often have the socket of their machine; those that GitLab lends do not."""
    return Severity.WARNING if use.address or checkout.history.host == _LENT else Severity.NOTE


def _looks_beside_it(use: DockerUse, *, runners_are_known: bool) -> bool:
    """A runner with tags of its own may have a socket, or no container at all."""
    if use.address:
        return use.address[0] == "docker" and "docker" not in (use.names or ())
    return use.host is None and is_docker_client(use.image) and (runners_are_known or not use.job.tags)


def _finding(use: DockerUse, severity: Severity) -> Finding:
    address = use.host.shown if use.host is not None else "docker"
    image = use.image.span if use.image is not None else None
    return Finding(
        use.commands[0].span,
        Words(
            f"the job {use.job.name} needs Docker's daemon, and there is none beside it",
            f"작업 {use.job.name}에는 도커 데몬이 필요하지만 곁에 데몬이 없습니다",
        ),
        (
            Evidence(
                Words(f"the client will look for it at {address}", f"클라이언트가 찾는 곳: {address}"), _place(use)
            ),
            Evidence(
                Words("the image of the job has the client alone", "작업 이미지에는 클라이언트만 있습니다"), image
            ),
        ),
        Words(
            "A job runs in a container. Docker's client is in it, its daemon is not: that is a service, docker:dind, "
            "or the socket of the runner's machine.",
            "작업은 컨테이너에서 실행됩니다. 그 안에는 클라이언트만 있고 데몬은 없습니다. "
            "docker:dind 서비스나 러너 컴퓨터의 소켓이 필요합니다.",
        ),
        (
            Fix(
                Words(
                    "Add the service docker:dind of the same version, on a runner with privileged = true.",
                    "같은 버전의 docker:dind 서비스를 더하고 privileged = true인 러너에서 실행하세요.",
                )
            ),
        ),
        severity,
    )


def _place(use: DockerUse) -> Span | None:
    return use.host.span if use.host is not None else None


RULE: Final = Rule(
    "gitlab-no-docker-daemon",
    Severity.WARNING,
    Words("A job uses Docker without a daemon", "도커 데몬 없이 도커를 쓰는 작업이 있습니다"),
    _check,
)
