"""The runner binds its socket into every container, also into the one that starts a daemon of its own."""

from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Evidence, Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.gitlab_docker import docker_runners, docker_uses, other_runners
from wharf.doctor.rule import Rule
from wharf.formats.gitlab.pipeline import Service
from wharf.formats.gitlab.runner import Runner
from wharf.formats.span import Span


def _check(checkout: Checkout) -> Iterator[Finding]:
    known = [runner for _, runner in docker_runners(checkout)]
    if other_runners(checkout) or not known or not all(runner.binds_socket for runner in known):
        return
    services: dict[Span, Service] = {
        use.daemon.span: use.daemon for use in checkout.once(docker_uses) if use.daemon is not None
    }
    yield from (_finding(service, known[0]) for service in services.values())


def _finding(service: Service, runner: Runner) -> Finding:
    return Finding(
        service.span,
        Words(
            "the runner binds /var/run/docker.sock, and this service cannot start a daemon there",
            "러너가 /var/run/docker.sock을 연결하므로 이 서비스는 그 자리에서 데몬을 띄울 수 없습니다",
        ),
        (
            Evidence(
                Words("volumes reach services too", "볼륨은 서비스에도 연결됩니다"),
                runner.volumes.span if runner.volumes else runner.span,
            ),
        ),
        Words(
            "Both ways to a daemon exclude each other: what a runner binds is bound into services as well.",
            "데몬으로 가는 두 길은 함께 쓸 수 없습니다. 러너가 연결한 볼륨은 서비스에도 연결되기 때문입니다.",
        ),
        (
            Fix(
                Words(
                    "Take the service and DOCKER_HOST away, or the socket from the runner.",
                    "이 서비스와 DOCKER_HOST를 지우거나 러너에서 소켓을 빼세요.",
                )
            ),
        ),
    )


RULE: Final = Rule(
    "gitlab-socket-and-dind",
    Severity.WARNING,
    Words("A socket and a daemon of one's own at once", "소켓과 Docker-in-Docker를 함께 씁니다"),
    _check,
)
