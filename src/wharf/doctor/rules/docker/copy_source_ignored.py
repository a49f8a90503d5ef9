"""A COPY of something that the ignore file keeps out of the build."""

from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Evidence, Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.contexts import Copied, copied
from wharf.doctor.rule import Rule
from wharf.formats.dockerfile.ignore import IgnoreLine


def _check(checkout: Checkout) -> Iterator[Finding]:
    for each in checkout.once(copied):
        line = _left_out_by(each)
        if line is not None:
            yield _finding(each, line)


def _left_out_by(copied: Copied) -> IgnoreLine | None:
    """The line because of which nothing of it is sent, whatever else may be made before the build."""
    path = copied.source.path
    if not path or copied.source.leaves_context or copied.brings_something:
        return None
    if copied.source.has_wildcards:
        lines = [copied.context.decision(file).line for file in copied.there]
        return lines[0] if lines else None
    decision = copied.context.decision(path)
    has_exceptions_below = any(
        line.is_exception and (line.pattern.startswith(f"{path}/") or "*" in line.pattern)
        for line in copied.context.ignore.lines
    )
    if decision.is_sent and copied.there and (copied.build.is_pristine or not copied.build.is_said):
        return copied.context.decision(copied.there[0]).line
    return None if decision.is_sent or has_exceptions_below else decision.line


def _finding(copied: Copied, line: IgnoreLine) -> Finding:
    written = copied.source.written
    name = copied.source.seen.instruction.name
    path = copied.source.path
    return Finding(
        written.span or copied.source.seen.instruction.span,
        Words(
            f"{name} {path} will fail: the ignore file keeps it out of the build",
            f"{name} {path}: 무시 파일이 빌드에서 제외하므로 실패합니다",
        ),
        (Evidence(Words(f"the pattern {line.written.flat}", f"패턴 {line.written.flat}"), line.span),),
        Words(
            "What an ignore file leaves out is never sent to the builder.",
            "무시 파일이 제외한 파일은 빌더로 전송되지 않습니다.",
        ),
        (
            Fix(
                Words(
                    f"add a line `!{path}` at the end of {copied.context.ignore_path}",
                    f"{copied.context.ignore_path} 끝에 `!{path}` 줄을 추가하세요",
                ),
                copied.context.added(f"!{path}"),
            ),
        ),
    )


RULE: Final = Rule(
    "copy-source-ignored",
    Severity.ERROR,
    Words("COPY of what the ignore file keeps out", "무시 파일이 제외한 것을 COPY합니다"),
    _check,
)
