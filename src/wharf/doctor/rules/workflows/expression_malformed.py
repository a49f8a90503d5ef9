"""An expression that GitHub cannot read, so that it refuses the workflow."""

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Edit, Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.expressions import ReadExpression, expressions
from wharf.doctor.rule import Rule
from wharf.formats.github.expressions.functions import FUNCTIONS, STATUS_FUNCTIONS
from wharf.formats.github.expressions.parse import Misread
from wharf.formats.github.expressions.tree import Call
from wharf.formats.span import Span

_SPELLED: Final = {"startswith": "startsWith", "endswith": "endsWith", "tojson": "toJSON", "fromjson": "fromJSON"}


def check(checkout: Checkout) -> Iterator[Finding]:
    for expression in checkout.once(expressions):
        if not expression.written.is_closed:
            yield _unclosed(expression)
        elif isinstance(expression.read, Misread):
            if not expression.read.is_our_bound:
                yield _misread(expression, expression.read)
        else:
            yield from _miscalled(expression)


def _unclosed(expression: ReadExpression) -> Finding:
    return Finding(
        expression.span(0, 1),
        Words("This expression begins with `${{` and has no `}}`", "이 식은 `${{`로 시작하지만 `}}`가 없습니다"),
        cause=Words(
            "GitHub refuses a workflow with such an expression", "GitHub는 이런 식이 있는 워크플로를 거부합니다"
        ),
    )


def _misread(expression: ReadExpression, misread: Misread) -> Finding:
    at = min(misread.offset, max(len(expression.written.inner) - 1, 0))
    return Finding(
        expression.span(at, at + 1),
        Words(
            f"GitHub cannot read this expression: {misread.problem}",
            f"GitHub가 이 식을 읽을 수 없습니다: {misread.problem}",
        ),
        cause=Words(
            "GitHub refuses a workflow with such an expression", "GitHub는 이런 식이 있는 워크플로를 거부합니다"
        ),
        fixes=tuple(_single_quotes(expression)),
    )


def _single_quotes(expression: ReadExpression) -> Iterator[Fix]:
    said = expression.written.inner.flat
    span = expression.written.inner.span
    if '"' not in said or "'" in said or "\n" in said or span is None or span.width != len(said):
        return
    replaced = said.replace('"', "'")
    yield Fix(
        Words("Write texts in single quotes", "문자열을 작은따옴표로 쓰세요"),
        (Edit(span, replaced),),
    )


def _miscalled(expression: ReadExpression) -> Iterator[Finding]:
    for call in expression.calls:
        if call.function in STATUS_FUNCTIONS:
            continue
        function = FUNCTIONS.get(call.function)
        span = expression.span(call.start, call.start + len(call.function))
        if function is None:
            yield _unknown_function(call, span)
        elif not function.fewest <= len(call.arguments) <= function.most:
            yield _wrong_count(call, span)


def _unknown_function(call: Call, span: Span) -> Finding:
    near = get_close_matches(call.function, [*FUNCTIONS, *STATUS_FUNCTIONS], 1, 0.75)
    names = [_SPELLED.get(name, name) for name in near]
    return Finding(
        span,
        Words(f"GitHub knows no function `{call.function}`", f"GitHub에는 `{call.function}` 함수가 없습니다"),
        cause=Words("GitHub refuses a workflow that calls it", "GitHub는 이 함수를 부르는 워크플로를 거부합니다"),
        fixes=tuple(Fix(Words(f"Call `{name}`", f"`{name}`를 부르세요"), (Edit(span, name),)) for name in names),
    )


def _wrong_count(call: Call, span: Span) -> Finding:
    given = len(call.arguments)
    return Finding(
        span,
        Words(
            f"`{call.function}` is called with {given} arguments, which is not how many it takes",
            f"`{call.function}`에 인자 {given}개를 주었는데 맞는 개수가 아닙니다",
        ),
        cause=Words("GitHub refuses a workflow that calls it so", "GitHub는 이렇게 부르는 워크플로를 거부합니다"),
    )


RULE: Final = Rule(
    "expression-malformed",
    Severity.ERROR,
    Words("An expression that GitHub cannot read", "GitHub가 읽을 수 없는 식"),
    check,
)
