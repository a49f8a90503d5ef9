"""A job that needs one which is not in its workflow."""

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Edit, Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.workflows import workflows
from wharf.doctor.rule import Rule
from wharf.formats.github.workflow import Job, Workflow
from wharf.formats.text import Text


def check(checkout: Checkout) -> Iterator[Finding]:
    for workflow in checkout.once(workflows):
        ids = {job.id.lower() for job in workflow.jobs}
        for job in workflow.jobs:
            for need in job.needs:
                if need.flat.lower() not in ids:
                    yield _finding(workflow, job, need)


def _finding(workflow: Workflow, job: Job, need: Text) -> Finding:
    span = need.span or job.key.span
    ids = [other.id for other in workflow.jobs if other is not job]
    near = get_close_matches(need.flat, ids, 1, 0.6)
    return Finding(
        span,
        Words(
            f"The job `{job.id}` needs `{need.shown}`, which this workflow does not have",
            f"`{job.id}` 작업이 이 워크플로에 없는 `{need.shown}`을(를) 필요로 합니다",
        ),
        cause=Words("GitHub refuses such a workflow", "GitHub는 이런 워크플로를 거부합니다"),
        fixes=tuple(Fix(Words(f"Need `{name}`", f"`{name}`(으)로 바꾸세요"), (Edit(span, name),)) for name in near),
    )


RULE: Final = Rule(
    "needs-unknown-job",
    Severity.ERROR,
    Words("A job needs one that is not there", "없는 작업을 필요로 하는 작업"),
    check,
)
