"""An expression that asks for an input which its workflow or action does not have: it gets an empty text."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Edit, Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.expressions import ReadExpression, expressions
from wharf.doctor.rule import Rule
from wharf.formats.github.expressions.paths import Path
from wharf.formats.github.workflow import Asks, Workflow

_ASKING: Final = ("workflow_dispatch", "workflow_call")


def check(checkout: Checkout) -> Iterator[Finding]:
    for expression in checkout.once(expressions):
        declared = _declared(expression)
        if declared is None:
            continue
        for path in expression.paths:
            if path.names[0] == "inputs" and len(path.names) == 2 and path.names[1] not in declared:
                yield _finding(expression, path, declared)


def _declared(expression: ReadExpression) -> Mapping[str, Asks] | None:
    """None, where nothing asks for inputs at all: the workflow may have lost its trigger for a while."""
    if expression.action is not None:
        return expression.action.inputs
    return _of_workflow(expression.workflow) if expression.workflow else None


def _of_workflow(workflow: Workflow) -> Mapping[str, Asks] | None:
    triggers = [trigger for trigger in workflow.triggers if trigger.name.flat in _ASKING]
    return {name: asks for trigger in triggers for name, asks in trigger.inputs.items()} if triggers else None


def _finding(expression: ReadExpression, path: Path, declared: Mapping[str, Asks]) -> Finding:
    name = path.names[1]
    listed = f"`{'`, `'.join(list(declared)[:8])}`" if declared else ""
    start = expression.written.inner.flat.lower().rfind(name, path.start, path.end)
    span = expression.span(start, start + len(name))
    near = get_close_matches(name, declared, 1, 0.6) if span.width == len(name) else []
    return Finding(
        expression.span(path.start, path.end),
        Words(f"There is no input `{name}` here", f"여기에는 `{name}` 입력이 없습니다"),
        cause=Words(
            f"What is not declared is an empty text; declared: {listed or 'nothing'}",
            f"선언되지 않은 입력은 빈 문자열입니다. 선언된 것: {listed or '없음'}",
        ),
        fixes=tuple(
            Fix(
                Words(f"Ask for `{declared[each].name}`", f"`{declared[each].name}`을(를) 물어보세요"),
                (Edit(span, declared[each].name),),
            )
            for each in near
        ),
    )


RULE: Final = Rule(
    "input-not-declared",
    Severity.WARNING,
    Words("An expression asks for an input that is not declared", "선언되지 않은 입력을 묻는 식"),
    check,
)
