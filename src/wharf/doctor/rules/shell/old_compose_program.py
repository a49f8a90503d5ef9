"""`docker-compose`, with a hyphen: a program of its own that GitHub's machines no longer have."""

from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Edit, Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.shell_runs import ShellRun, commands
from wharf.doctor.rule import Rule
from wharf.formats.shell.ran import Ran

_OLD: Final = "docker-compose"
_BRINGING: Final = frozenset(
    {"apt-get", "apt", "curl", "wget", "pip", "pip3", "pipx", "ln", "alias", "brew", "install"}
)


def check(checkout: Checkout) -> Iterator[Finding]:
    for run, ran in commands(checkout, _OLD):
        is_of_gitlab = run.job is not None and run.file == ran.span.file and not run.file.startswith(".github/")
        if not is_of_gitlab and not _is_brought(run):
            yield _finding(run, ran)


def _is_brought(run: ShellRun) -> bool:
    """Whether the job installs it, or asks whether it is there."""
    shells = [run.followed]
    if run.job is not None:
        shells = [step.deed for step in run.job.steps if isinstance(step.deed, type(run.followed))]
    return any(
        (ran.program in _BRINGING or ran.program in ("command", "which", "type", "sudo"))
        and any(_OLD in word.flat for word in ran.words[1:])
        and (ran.program != "sudo" or any(word.flat in _BRINGING for word in ran.words[1:]))
        for shell in shells
        for ran in shell.ran
    )


def _finding(run: ShellRun, ran: Ran) -> Finding:
    is_missing = run.is_on_hosted_machine and ran.host is None
    name = ran.words[0].span
    is_as_written = name is not None and name.width == len(_OLD)
    return Finding(
        ran.span,
        Words(
            "`docker-compose` was replaced by `docker compose`", "`docker-compose`는 `docker compose`로 바뀌었습니다"
        ),
        (),
        Words(
            "GitHub's machines have not had it since 2024: `docker-compose: command not found`",
            "GitHub의 컴퓨터에는 2024년부터 없습니다: `docker-compose: command not found`",
        )
        if is_missing
        else Words(
            "The old program has had no new version since 2023, and newer systems do not bring it",
            "옛 프로그램은 2023년 뒤로 나오지 않으며, 요즘 시스템에는 들어 있지 않습니다",
        ),
        (
            Fix(
                Words("Write `docker compose`", "`docker compose`로 쓰세요"),
                (Edit(name, "docker compose"),) if name is not None and is_as_written else (),
                is_safe=is_missing and is_as_written,
            ),
        ),
        None if is_missing else Severity.NOTE,
    )


RULE: Final = Rule(
    "old-compose-program",
    Severity.ERROR,
    Words("docker-compose is not there", "docker-compose가 없습니다"),
    check,
)
