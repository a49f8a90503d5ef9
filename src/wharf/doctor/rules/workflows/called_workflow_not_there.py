"""A job that calls a workflow of this repository which is not there, or which does not let itself be called."""

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Edit, Evidence, Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.workflows import workflows
from wharf.doctor.rule import Rule
from wharf.formats.github.workflow import Job, Workflow
from wharf.formats.text import Text


def check(checkout: Checkout) -> Iterator[Finding]:
    by_file = {workflow.file: workflow for workflow in checkout.once(workflows)}
    paths = frozenset(checkout.files.paths())
    for workflow in by_file.values():
        for job in workflow.jobs:
            if job.uses is None or not job.uses.flat.startswith("./"):
                continue
            path = job.uses.flat[2:]
            if path in by_file and by_file[path].trigger("workflow_call") is None:
                yield _not_callable(job, job.uses, by_file[path])
            elif path not in by_file and path not in paths:
                yield _not_there(job, job.uses, list(by_file))


def _not_callable(job: Job, uses: Text, called: Workflow) -> Finding:
    return Finding(
        uses.span or job.span,
        Words(
            f"`{called.file}` does not let itself be called: it has no `workflow_call` under `on`",
            f"`{called.file}`은(는) `on`에 `workflow_call`이 없어 호출할 수 없습니다",
        ),
        evidence=tuple(
            Evidence(Words("what starts it stands here", "이 워크플로를 시작하는 것"), trigger.span)
            for trigger in called.triggers[:1]
        ),
        cause=Words("GitHub refuses the calling workflow", "GitHub는 호출하는 워크플로를 거부합니다"),
        fixes=(Fix(Words("Add `workflow_call:` to its `on`", "그 파일의 `on`에 `workflow_call:`을 넣으세요")),),
    )


def _not_there(job: Job, uses: Text, files: list[str]) -> Finding:
    span = uses.span or job.span
    near = get_close_matches(uses.flat[2:].partition("@")[0], files, 1, 0.8)
    return Finding(
        span,
        Words(f"There is no workflow `{uses.flat[2:]}`", f"`{uses.flat[2:]}` 워크플로가 없습니다"),
        cause=Words(
            "GitHub refuses the calling workflow; one of this repository is named by its path alone, without @",
            "GitHub는 호출하는 워크플로를 거부합니다. 같은 저장소의 것은 @ 없이 경로로만 적습니다",
        ),
        fixes=tuple(
            Fix(Words(f"Call `./{path}`", f"`./{path}`을(를) 부르세요"), (Edit(span, f"./{path}"),)) for path in near
        ),
    )


RULE: Final = Rule(
    "called-workflow-not-there",
    Severity.ERROR,
    Words("A job calls a workflow that is not there", "없는 워크플로를 부르는 작업"),
    check,
)
