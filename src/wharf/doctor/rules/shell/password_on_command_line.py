"""`docker login -p`: the password stands in the list of processes, and in the history of the shell."""

import re
from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.shell_runs import commands
from wharf.doctor.rule import Rule
from wharf.formats.shell.ran import Ran

_is_password: Final = re.compile(r"-p.*|--password(?:=.*)?", re.DOTALL).fullmatch
_LOGGING_IN: Final = ("docker", "podman", "buildah", "skopeo", "nerdctl", "helm", "oras")


def check(checkout: Checkout) -> Iterator[Finding]:
    for run, ran in commands(checkout, *_LOGGING_IN):
        is_of_gitlab = run.job is not None and run.file == ran.span.file and not run.file.startswith(".github/")
        if not is_of_gitlab and _has_password(ran):
            yield _finding(ran)


def _has_password(ran: Ran) -> bool:
    flats = [word.flat for word in ran.words[1:]]
    return "login" in flats[:2] and any(_is_password(flat) for flat in flats)


def _finding(ran: Ran) -> Finding:
    return Finding(
        ran.span,
        Words("A password stands on the command line", "비밀번호가 명령줄에 있습니다"),
        (),
        Words(
            "Every process of the machine can read the arguments of others, and where the variable is empty Docker "
            "asks for a password that nobody types",
            "같은 컴퓨터의 모든 프로세스가 다른 프로세스의 인수를 읽을 수 있고, "
            "변수가 비어 있으면 도커는 아무도 입력하지 않을 비밀번호를 묻습니다",
        ),
        (
            Fix(
                Words(
                    '`echo "$PASSWORD" | docker login --username NAME --password-stdin REGISTRY`',
                    '`echo "$PASSWORD" | docker login --username 이름 --password-stdin 레지스트리`',
                )
            ),
        ),
    )


RULE: Final = Rule(
    "password-on-command-line",
    Severity.NOTE,
    Words("A password on the command line", "명령줄의 비밀번호"),
    check,
)
