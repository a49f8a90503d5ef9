"""The daemon beside the job makes certificates, and the runner does not hand them to the job."""

from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Edit, Evidence, Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.gitlab_docker import (
    DockerUse,
    docker_runners,
    docker_uses,
    other_runners,
    runners_decide_tls,
)
from wharf.doctor.rule import Rule
from wharf.formats.gitlab.runner import Runner
from wharf.formats.span import Span


def _check(checkout: Checkout) -> Iterator[Finding]:
    known = [runner for _, runner in docker_runners(checkout) if runner.is_privileged and not runner.binds_socket]
    if other_runners(checkout) or runners_decide_tls(checkout) or any(runner.shares_certificates for runner in known):
        return
    use = next((use for use in checkout.once(docker_uses) if _needs_them(use)), None)
    if use is not None:
        yield from (_finding(runner, use) for runner in known if runner.executor != "kubernetes")


def _needs_them(use: DockerUse) -> bool:
    speaks_to_it = use.address is None or use.address[1] == "2376"
    return bool(use.speaks_tls) and speaks_to_it and (use.host is None or use.address is not None)


def _finding(runner: Runner, use: DockerUse) -> Finding:
    volumes = runner.volumes
    return Finding(
        volumes.span if volumes else runner.span,
        Words(
            "the runner does not share /certs/client: the job finds no certificates for the daemon",
            "러너가 /certs/client를 나눠 주지 않아서 작업이 데몬의 인증서를 찾지 못합니다",
        ),
        (
            Evidence(
                Words("this daemon speaks TLS", "이 데몬은 TLS로 말합니다"), use.daemon.span if use.daemon else None
            ),
        ),
        Words(
            "The daemon writes them to /certs/client in its own container. The job sees them only where both have that "
            "folder as a volume.",
            "데몬은 자기 컨테이너의 /certs/client에 인증서를 씁니다. "
            "둘 다 이 폴더를 볼륨으로 가질 때만 작업이 볼 수 있습니다.",
        ),
        (
            Fix(Words('Add "/certs/client" to volumes.', 'volumes에 "/certs/client"를 더하세요.'), _edits(runner)),
            Fix(Words('Turn TLS off: DOCKER_TLS_CERTDIR: "".', 'TLS를 끄세요: DOCKER_TLS_CERTDIR: "".')),
        ),
    )


def _edits(runner: Runner) -> tuple[Edit, ...]:
    volumes = runner.volumes
    if volumes is None or not isinstance(volumes.value, list):
        return ()
    start = Span.at(volumes.value_span.file, volumes.value_span.line, volumes.value_span.column + 1)
    return (Edit(start, '"/certs/client", ' if volumes.value else '"/certs/client"'),)


RULE: Final = Rule(
    "gitlab-runner-without-certificates",
    Severity.ERROR,
    Words(
        "A runner does not hand the daemon's certificates to the job",
        "러너가 데몬의 인증서를 작업에 나눠 주지 않습니다",
    ),
    _check,
)
