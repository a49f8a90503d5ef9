"""An expression that asks for a step which its job does not have, or which only comes later: it gets an empty text."""

from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Edit, Evidence, Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.expressions import ReadExpression, expressions
from wharf.doctor.rule import Rule
from wharf.formats.github.expressions.paths import Path
from wharf.formats.github.workflow import Step


def check(checkout: Checkout) -> Iterator[Finding]:
    for expression in checkout.once(expressions):
        steps = _steps_around(expression)
        if steps is None:
            continue
        for path in expression.paths:
            if path.names[0] == "steps" and len(path.names) > 1:
                yield from _asked(expression, path, steps)


def _steps_around(expression: ReadExpression) -> Sequence[Step] | None:
    if expression.written.job is not None:
        return expression.written.job.steps
    return expression.action.steps if expression.action else None


def _asked(expression: ReadExpression, path: Path, steps: Sequence[Step]) -> Iterator[Finding]:
    id_, own = path.names[1], expression.written.step
    at = next((at for at, step in enumerate(steps) if step.id.lower() == id_), None)
    if at is None:
        yield _missing(expression, path, steps)
    elif own is not None and not any(step is own for step in steps[at + 1 :]):
        yield _too_early(expression, path, steps[at])


def _missing(expression: ReadExpression, path: Path, steps: Sequence[Step]) -> Finding:
    id_ = path.names[1]
    ids = [step.id for step in steps if step.id]
    own = f" (`{'`, `'.join(ids[:8])}`)" if ids else ""
    return Finding(
        expression.span(path.start, path.end),
        Words(f"No step of this job has the id `{id_}`", f"이 작업에는 id가 `{id_}`인 단계가 없습니다"),
        cause=Words(
            f"What does not exist is an empty text to GitHub; steps with ids: {len(ids)}{own}",
            f"없는 것은 GitHub에서 빈 문자열이 됩니다. id가 있는 단계: {len(ids)}개{own}",
        ),
        fixes=tuple(_nearest(expression, path, ids)),
    )


def _nearest(expression: ReadExpression, path: Path, ids: list[str]) -> Iterator[Fix]:
    start = expression.written.inner.flat.lower().find(path.names[1], path.start + len("steps"))
    span = expression.span(start, start + len(path.names[1]))
    if start < 0 or span.width != len(path.names[1]):
        return
    for near in get_close_matches(path.names[1], ids, 1, 0.6):
        yield Fix(Words(f"Ask for the step `{near}`", f"`{near}` 단계를 물어보세요"), (Edit(span, near),))


def _too_early(expression: ReadExpression, path: Path, step: Step) -> Finding:
    return Finding(
        expression.span(path.start, path.end),
        Words(f"The step `{step.id}` has not run yet here", f"여기서는 `{step.id}` 단계가 아직 실행되지 않았습니다"),
        evidence=(Evidence(Words("the step stands here", "그 단계는 여기 있습니다"), step.span),),
        cause=Words(
            "Steps run from top to bottom; what does not exist yet is an empty text",
            "단계는 위에서 아래로 실행되며, 아직 없는 값은 빈 문자열입니다",
        ),
        fixes=(Fix(Words("Move the step up", "그 단계를 위로 옮기세요")),),
    )


RULE: Final = Rule(
    "step-not-there",
    Severity.WARNING,
    Words("An expression asks for a step that is not there", "없는 단계를 묻는 식"),
    check,
)
