"""A pipeline starts a daemon in a container, and its runner does not let containers do that."""

from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Edit, Evidence, Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.gitlab_docker import DockerUse, docker_runners, docker_uses, other_runners
from wharf.doctor.rule import Rule
from wharf.formats.gitlab.runner import Runner


def _check(checkout: Checkout) -> Iterator[Finding]:
    known = [runner for _, runner in docker_runners(checkout)]
    if other_runners(checkout) or any(runner.is_privileged or runner.binds_socket for runner in known):
        return
    use = next((use for use in checkout.once(docker_uses) if use.daemon), None)
    if use is not None:
        yield from (_finding(runner, use) for runner in known)


def _finding(runner: Runner, use: DockerUse) -> Finding:
    setting = runner.privileged
    name = f" {runner.name}" if runner.name else ""
    return Finding(
        setting.span if setting else runner.span,
        Words(
            f"the runner{name} is not privileged: the daemon beside the job dies, and its name is not found",
            f"러너{name}에 privileged 권한이 없어서 데몬이 바로 죽고 그 이름도 찾을 수 없게 됩니다",
        ),
        (Evidence(Words("this service needs it", "이 서비스에 필요합니다"), use.daemon.span if use.daemon else None),),
        Words(
            "Docker in Docker mounts file systems, which only a privileged container may. What the job sees of it is "
            "`lookup docker: no such host`.",
            "Docker-in-Docker는 파일 시스템을 마운트하는데 privileged 컨테이너만 할 수 있습니다. "
            "작업에는 `lookup docker: no such host`로 보입니다.",
        ),
        (
            Fix(
                Words(
                    "Set privileged = true, and restart the runner.",
                    "privileged = true로 바꾸고 러너를 다시 시작하세요.",
                ),
                (Edit(setting.value_span, "true"),) if setting else (),
            ),
        ),
    )


RULE: Final = Rule(
    "gitlab-runner-not-privileged",
    Severity.ERROR,
    Words("A runner does not let Docker run in Docker", "러너가 Docker-in-Docker를 허락하지 않습니다"),
    _check,
)
