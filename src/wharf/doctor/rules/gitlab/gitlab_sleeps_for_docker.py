"""A job waits a fixed time for the daemon, which is too long on most days and too short on one."""

from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Edit, Evidence, Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.gitlab_docker import docker_uses
from wharf.doctor.rule import Rule
from wharf.doctor.rules.gitlab.commands import commands
from wharf.formats.shell.ran import Ran
from wharf.formats.span import Span

_LOOP: Final = "timeout 60 sh -c 'until docker info >/dev/null 2>&1; do sleep 1; done'"


def _check(checkout: Checkout) -> Iterator[Finding]:
    found: dict[Span, Finding] = {}
    for use in checkout.once(docker_uses):
        ran = list(commands(use.seen))
        before = ran[: ran.index(use.commands[0])] if use.daemon and use.commands[0] in ran else []
        for each in before:
            if each.program == "sleep":
                found.setdefault(each.span, _finding(each, use.commands[0]))
    yield from found.values()


def _finding(ran: Ran, first: Ran) -> Finding:
    return Finding(
        ran.span,
        Words("a fixed time is waited for the daemon", "데몬을 정해진 시간만큼 기다립니다"),
        (Evidence(Words("here the daemon is first asked", "데몬을 처음 부르는 곳"), first.span),),
        Words(
            "It is too long on most days, and too short when the runner is busy.",
            "대개는 너무 길고, 러너가 바쁠 때에는 너무 짧습니다.",
        ),
        (Fix(Words("Ask it until it answers.", "대답할 때까지 물어보세요."), (Edit(ran.span, _LOOP),)),),
    )


RULE: Final = Rule(
    "gitlab-sleeps-for-docker",
    Severity.NOTE,
    Words("A job waits a fixed time for Docker's daemon", "도커 데몬을 정해진 시간만큼 기다립니다"),
    _check,
)
