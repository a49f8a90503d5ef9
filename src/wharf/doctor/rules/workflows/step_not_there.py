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

_MOST_COMPARED: Final = 100
"""Ids among which the nearest one is looked for."""


class _Steps:
    """The steps of one job or action, by their ids and in their order."""

    def __init__(self, steps: Sequence[Step]) -> None:
        self.ids = [step.id for step in steps if step.id]
        self._order = {id(step): at for at, step in enumerate(steps)}
        self._by_id = {step.id.lower(): step for step in steps if step.id}

    def named(self, id_: str) -> Step | None:
        return self._by_id.get(id_)

    def has_not_run(self, step: Step, own: Step | None) -> bool:
        """Not yet, when this one is taken."""
        return own is not None and self._order[id(step)] >= self._order.get(id(own), len(self._order))


def check(checkout: Checkout) -> Iterator[Finding]:
    known: dict[int, _Steps] = {}
    for expression in checkout.once(expressions):
        paths = [path for path in expression.paths if path.names[0] == "steps" and len(path.names) > 1]
        steps = _steps_around(expression) if paths else None
        if steps is None:
            continue
        if id(steps) not in known:
            known[id(steps)] = _Steps(steps)
        for path in paths:
            yield from _asked(expression, path, known[id(steps)])


def _steps_around(expression: ReadExpression) -> Sequence[Step] | None:
    if expression.written.job is not None:
        return expression.written.job.steps
    return expression.action.steps if expression.action else None


def _asked(expression: ReadExpression, path: Path, steps: _Steps) -> Iterator[Finding]:
    step = steps.named(path.names[1])
    if step is None:
        yield _missing(expression, path, steps.ids)
    elif steps.has_not_run(step, expression.written.step):
        yield _too_early(expression, path, step)


def _missing(expression: ReadExpression, path: Path, ids: list[str]) -> Finding:
    id_ = path.names[1]
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
    for near in get_close_matches(path.names[1], ids[:_MOST_COMPARED], 1, 0.6):
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
