"""A variable that is set here, and asked for where it does not arrive: behind `ssh` or `sudo`."""

from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Edit, Evidence, Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.shell_runs import ShellRun, lost_variables
from wharf.doctor.rule import Rule
from wharf.formats.shell.ran import Lost, Ran
from wharf.formats.span import Span


def check(checkout: Checkout) -> Iterator[Finding]:
    for run, lost in lost_variables(checkout):
        if run.job is not None:
            yield _finding(run, lost)


def _finding(run: ShellRun, lost: Lost) -> Finding:
    through = f"`{lost.program}`"
    return Finding(
        lost.span,
        Words(
            f"`{lost.name}` does not arrive here: {through} passes nothing on",
            f"`{lost.name}` 변수는 여기까지 오지 않습니다. {through}는 변수를 넘겨주지 않습니다",
        ),
        (Evidence(Words(f"{through} is called here", f"{through}를 부르는 곳"), lost.by),),
        Words(
            "The other shell has an environment of its own, in which the variable is not set. It is empty there, or a "
            "default takes its place, and nobody is told.",
            "다른 셸은 자기만의 환경을 가지며 그 안에는 이 변수가 없습니다. "
            "아무 말 없이 빈 값이 되거나 기본값이 쓰입니다.",
        ),
        _fixes(run, lost),
    )


def _fixes(run: ShellRun, lost: Lost) -> tuple[Fix, ...]:
    caller = next((ran for ran in run.followed.ran if ran.span == lost.by and ran.program == lost.program), None)
    if lost.program == "ssh":
        words = Words(
            f"Set it on the other side first: `export {lost.name}='${lost.name}';` before the command",
            f"상대편에서 먼저 값을 넣으세요. 명령 앞에 `export {lost.name}='${lost.name}';`",
        )
        return (Fix(words, _before_the_command(caller, lost)),)
    words = Words(
        f"Let sudo keep it: `sudo --preserve-env={lost.name}`", f"`sudo --preserve-env={lost.name}`로 넘기세요"
    )
    return (Fix(words, _behind_sudo(caller, lost)),)


def _before_the_command(caller: Ran | None, lost: Lost) -> tuple[Edit, ...]:
    """Behind the host, where the host is written in the command itself."""
    pieces = lost.host.pieces if lost.host is not None else ()
    host = lost.host.span if lost.host is not None else None
    if caller is None or host is None or not all(piece.span and _is_within(piece.span, lost.by) for piece in pieces):
        return ()
    command = "; bash -s" if caller.words[-1] == lost.host else ";"
    said = f" \"export {lost.name}='${lost.name}'{command}\""
    return (Edit(Span.at(host.file, host.end_line, host.end_column), said),)


def _behind_sudo(caller: Ran | None, lost: Lost) -> tuple[Edit, ...]:
    name = caller.words[0].span if caller is not None else None
    if name is None or not _is_within(name, lost.by):
        return ()
    return (Edit(Span.at(name.file, name.end_line, name.end_column), f" --preserve-env={lost.name}"),)


def _is_within(part: Span, whole: Span) -> bool:
    begins = (whole.line, whole.column) <= (part.line, part.column)
    return part.file == whole.file and begins and (part.end_line, part.end_column) <= (whole.end_line, whole.end_column)


RULE: Final = Rule(
    "variable-not-passed-on",
    Severity.WARNING,
    Words("A variable does not reach the shell that asks for it", "변수가 그것을 쓰는 셸에 도달하지 않습니다"),
    check,
)
