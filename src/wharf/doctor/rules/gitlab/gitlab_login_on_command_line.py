"""A password stands among the arguments of a command, where every process of the machine can read it."""

import re
from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Edit, Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.gitlab import jobs
from wharf.doctor.rule import Rule
from wharf.doctor.rules.gitlab.commands import Login, commands, is_in_pipeline, login_of
from wharf.formats.span import Span
from wharf.formats.text import Text

_option = re.compile(r"""\s(?:-p|--password)(?:\s+|=)("[^"\s]*"|'[^'\s]*'|[^\s"']+)(?=\s|$)""")


def _check(checkout: Checkout) -> Iterator[Finding]:
    found: dict[Span, Finding] = {}
    for seen in checkout.once(jobs):
        for ran in commands(seen):
            login = login_of(ran)
            if login and login.is_on_command_line and is_in_pipeline(ran) and ran.span not in found:
                found[ran.span] = _finding(checkout, login)
    yield from found.values()


def _finding(checkout: Checkout, login: Login) -> Finding:
    return Finding(
        login.ran.span,
        Words(
            "the password stands on the command line",
            "비밀번호가 명령줄에 그대로 있습니다",
        ),
        cause=Words(
            "Every process of the machine can read it there, and Docker warns of it each time. "
            "An empty variable makes it ask for one, and then there is no terminal.",
            "같은 컴퓨터의 모든 프로세스가 읽을 수 있고, 도커도 매번 경고합니다. "
            "변수가 비어 있으면 입력을 기다리다가 터미널이 없어 실패합니다.",
        ),
        fixes=(
            Fix(
                Words("Hand it over with --password-stdin.", "--password-stdin으로 넘기세요."),
                _edits(checkout, login),
                is_safe=True,
            ),
        ),
    )


def _edits(checkout: Checkout, login: Login) -> tuple[Edit, ...]:
    """Where the command stands on one line as it is, and has nothing before it that it would take the place of."""
    span = login.ran.span
    line = _line(checkout, span)
    found = list(_option.finditer(line.flat)) if line else []
    if line is None or len(found) != 1 or span.line != span.end_line:
        return ()
    option, password = found[0].span(), found[0][1]
    before = line.flat[: span.column - 1]
    if before.strip(" -") or login.ran.stdin is not None:
        return ()
    quoted = password if password[0] in "\"'" else f'"{password}"'
    place = span.part(option[0] + 1 - (span.column - 1), option[1] - (span.column - 1))
    start = Span.at(span.file, span.line, span.column)
    return (Edit(start, f"echo {quoted} | "), Edit(place, "--password-stdin"))


def _line(checkout: Checkout, span: Span) -> Text | None:
    lines = checkout.files.read(span.file).lines()
    return lines[span.line - 1] if span.line <= len(lines) else None


RULE: Final = Rule(
    "gitlab-login-on-command-line",
    Severity.NOTE,
    Words("A job logs in with a password on the command line", "명령줄에 비밀번호를 적어 로그인하는 작업이 있습니다"),
    _check,
)
