"""A compose file that says which version of the format it is written in, which nobody reads any more."""

from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Edit, Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.compose import compose_projects
from wharf.doctor.rule import Rule
from wharf.formats.span import Span


def check(checkout: Checkout) -> Iterator[Finding]:
    for project in checkout.once(compose_projects):
        if project.version is not None:
            yield _finding(project.version)


def _finding(span: Span) -> Finding:
    fix = Fix(Words("Take the line away", "이 줄을 지우세요"), _without(span), is_safe=True)
    return Finding(
        span,
        Words(
            "`version` is obsolete: Compose warns of it and ignores it",
            "`version`은 더 이상 쓰이지 않습니다: Compose가 경고하고 무시합니다",
        ),
        cause=Words(
            "It does no harm beyond the warning, and is never why a deployment fails",
            "경고 말고는 해가 없으며, 배포가 실패하는 원인도 아닙니다",
        ),
        fixes=(fix,) if fix.edits else (),
    )


def _without(span: Span) -> tuple[Edit, ...]:
    """Only where it has lines of its own."""
    if span.column != 1:
        return ()
    return (Edit(Span(span.file, span.line, 1, span.end_line + 1, 1), ""),)


RULE: Final = Rule(
    "compose-version-obsolete",
    Severity.NOTE,
    Words("A compose file with a version", "version이 있는 compose 파일"),
    check,
)
