"""What is deployed runs in the job's own daemon, and ends with the job."""

from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Evidence, Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.gitlab_docker import DockerUse, docker_uses
from wharf.doctor.rule import Rule
from wharf.doctor.rules.gitlab.commands import commands
from wharf.formats.shell.ran import Ran

_DEPLOYING: Final = ("deploy", "release", "prod", "배포")
_ONLY_LOOKS: Final = {"echo", "printf", "sleep", "true", "exit", "ls", "cat"}
_ONLY_LOOKS_OF_DOCKER: Final = {"ps", "logs", "images", "info", "version", "logout"}


def _check(checkout: Checkout) -> Iterator[Finding]:
    for use in checkout.once(docker_uses):
        ran = list(commands(use.seen))
        last = next((each for each in reversed(ran) if not _only_looks(each)), None)
        if use.daemon and last and _starts_and_leaves(last) and _is_deployment(use):
            yield _finding(use, last)


def _words(ran: Ran) -> list[str]:
    words = [word.flat for word in ran.words]
    return ["docker", "compose", *words[1:]] if ran.program == "docker-compose" else [ran.program or "", *words[1:]]


def _starts_and_leaves(ran: Ran) -> bool:
    words = _words(ran)
    is_detached = any(
        word == "--detach" or (word[:1] == "-" and word[1:2] != "-" and "d" in word) for word in words[2:]
    )
    if words[:2] == ["docker", "run"]:
        return is_detached
    return words[:2] == ["docker", "compose"] and "up" in words and is_detached


def _only_looks(ran: Ran) -> bool:
    words = _words(ran)
    if words[0] in _ONLY_LOOKS:
        return True
    action = words[2:3] if words[1:2] == ["compose"] else words[1:2]
    return words[0] == "docker" and bool(action) and action[0] in _ONLY_LOOKS_OF_DOCKER


def _is_deployment(use: DockerUse) -> bool:
    """A test may well start something and leave it; this is one that says so."""
    named = f"{use.job.name} {use.job.stage.flat}".lower()
    return "environment" in use.job.body or any(word in named for word in _DEPLOYING)


def _finding(use: DockerUse, ran: Ran) -> Finding:
    return Finding(
        ran.span,
        Words(
            "what is started here ends with the job",
            "여기에서 띄운 것은 작업이 끝나면 함께 사라집니다",
        ),
        (
            Evidence(
                Words("the daemon is a service of this job", "데몬이 이 작업의 서비스입니다"),
                use.daemon.span if use.daemon else None,
            ),
        ),
        Words(
            "A service lives as long as its job. Containers in its daemon die with it; nothing is deployed anywhere.",
            "서비스는 작업이 끝나면 멈춥니다. 그 데몬 안의 컨테이너도 함께 사라지므로 아무 데도 배포되지 않습니다.",
        ),
        (
            Fix(
                Words(
                    "Start it where it is to run: by ssh, with DOCKER_HOST=ssh://…, or by a runner there.",
                    "실제로 돌릴 서버에서 띄우세요. ssh나 DOCKER_HOST=ssh://…를 쓰거나 그 서버의 러너를 쓰면 됩니다.",
                )
            ),
        ),
    )


RULE: Final = Rule(
    "gitlab-deploys-into-job",
    Severity.WARNING,
    Words("A deployment ends with the job that made it", "배포한 것이 작업과 함께 사라집니다"),
    _check,
)
