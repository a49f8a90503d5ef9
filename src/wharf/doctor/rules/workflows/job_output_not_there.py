"""An expression that asks a job for an output which it does not give, or asks a job that is not needed."""

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Edit, Evidence, Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.expressions import ReadExpression, expressions
from wharf.doctor.looks.workflows import workflows
from wharf.doctor.rule import Rule
from wharf.formats.github.expressions.paths import Path
from wharf.formats.github.workflow import Job, Workflow


def check(checkout: Checkout) -> Iterator[Finding]:
    by_file = {workflow.file: workflow for workflow in checkout.once(workflows)}
    for expression in checkout.once(expressions):
        job, workflow = expression.written.job, expression.workflow
        if job is None or workflow is None:
            continue
        for path in expression.paths:
            if path.names[0] == "needs" and len(path.names) > 1:
                yield from _asked(expression, path, job, workflow, by_file)


def _asked(
    expression: ReadExpression, path: Path, job: Job, workflow: Workflow, by_file: dict[str, Workflow]
) -> Iterator[Finding]:
    giver = next((each for each in workflow.jobs if each.id.lower() == path.names[1]), None)
    if path.names[1] not in {need.flat.lower() for need in job.needs}:
        yield _not_needed(expression, path, job, giver)
    elif giver is not None and len(path.names) > 3 and path.names[2] == "outputs":
        outputs = _outputs_of(giver, by_file)
        if outputs is not None and path.names[3] not in {name.lower() for name in outputs}:
            yield _not_given(expression, path, giver, outputs)


def _outputs_of(job: Job, by_file: dict[str, Workflow]) -> tuple[str, ...] | None:
    """None, where they are not known."""
    if job.uses is None:
        return tuple(job.outputs)
    called = by_file.get(job.uses.flat.removeprefix("./"))
    trigger = called.trigger("workflow_call") if called else None
    return tuple(trigger.outputs) if trigger else None


def _not_needed(expression: ReadExpression, path: Path, job: Job, giver: Job | None) -> Finding:
    name = giver.id if giver else path.names[1]
    evidence = (
        (Evidence(Words(f"the job `{name}` stands here", f"`{name}` 작업은 여기 있습니다"), giver.key.span),)
        if giver
        else ()
    )
    said = Words(f"Add `{name}` to the `needs` of `{job.id}`", f"`{job.id}`의 `needs`에 `{name}`을(를) 넣으세요")
    return Finding(
        expression.span(path.start, path.end),
        Words(
            f"The job `{job.id}` asks `{name}` for something, but does not need it",
            f"`{job.id}` 작업이 `needs`에 없는 `{name}`의 값을 묻습니다",
        ),
        evidence=evidence,
        cause=Words(
            "Only jobs that stand under `needs` can be asked; everything else is an empty text",
            "`needs`에 적힌 작업에만 물을 수 있고, 나머지는 빈 문자열입니다",
        ),
        fixes=(Fix(said),) if giver and giver.id != job.id else (),
    )


def _not_given(expression: ReadExpression, path: Path, giver: Job, outputs: tuple[str, ...]) -> Finding:
    name = path.names[3]
    listed = f"`{'`, `'.join(outputs[:8])}`" if outputs else ""
    start = expression.written.inner.flat.lower().rfind(name, path.start, path.end)
    span = expression.span(start, start + len(name))
    near = get_close_matches(name, outputs, 1, 0.6) if span.width == len(name) else []
    return Finding(
        expression.span(path.start, path.end),
        Words(f"The job `{giver.id}` has no output `{name}`", f"`{giver.id}` 작업에는 `{name}` 출력이 없습니다"),
        evidence=(
            Evidence(
                Words(
                    f"the job stands here; its outputs: {listed or 'none'}",
                    f"그 작업은 여기 있습니다. 출력: {listed or '없음'}",
                ),
                giver.key.span,
            ),
        ),
        cause=Words(
            "Other jobs see an output of a step only if its job gives it on under `outputs`; else it is an empty text",
            "단계의 출력은 작업의 `outputs`에 적어야 다른 작업에서 보입니다. 아니면 빈 문자열입니다",
        ),
        fixes=tuple(
            Fix(Words(f"Ask for `{each}`", f"`{each}`을(를) 물어보세요"), (Edit(span, each),)) for each in near
        ),
    )


RULE: Final = Rule(
    "job-output-not-there",
    Severity.WARNING,
    Words("An expression asks a job for an output that it does not give", "작업이 주지 않는 출력을 묻는 식"),
    check,
)
