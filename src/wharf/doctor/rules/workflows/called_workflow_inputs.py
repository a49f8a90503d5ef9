"""A job that calls a workflow of this repository with other inputs than that one asks for."""

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Edit, Evidence, Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.workflows import workflows
from wharf.doctor.rule import Rule
from wharf.formats.github.workflow import Job, Trigger
from wharf.formats.yaml.tree import Entry


def check(checkout: Checkout) -> Iterator[Finding]:
    by_file = {workflow.file: workflow for workflow in checkout.once(workflows)}
    for workflow in by_file.values():
        for job in workflow.jobs:
            called = by_file.get(job.uses.flat.removeprefix("./")) if job.uses else None
            trigger = called.trigger("workflow_call") if called else None
            if trigger is not None:
                yield from _differing(job, trigger)


def _differing(job: Job, trigger: Trigger) -> Iterator[Finding]:
    given = {entry.key.text.flat.lower(): entry for entry in job.given or ()}
    for name, entry in given.items():
        if name not in trigger.inputs:
            yield _not_asked(entry, trigger)
    for name, asks in trigger.inputs.items():
        if asks.is_required and asks.default is None and name not in given:
            yield _missing(job, asks.name, Evidence(Words("it is asked for here", "여기서 요구합니다"), asks.span))


def _not_asked(entry: Entry, trigger: Trigger) -> Finding:
    name = entry.key.text.flat
    near = get_close_matches(name.lower(), trigger.inputs, 1, 0.6)
    return Finding(
        entry.key.span,
        Words(f"The called workflow has no input `{name}`", f"호출되는 워크플로에는 `{name}` 입력이 없습니다"),
        evidence=(Evidence(Words("its inputs stand here", "그 워크플로의 입력"), trigger.span),),
        cause=Words("GitHub refuses the calling workflow", "GitHub는 호출하는 워크플로를 거부합니다"),
        fixes=tuple(
            Fix(
                Words(f"Give `{trigger.inputs[each].name}`", f"`{trigger.inputs[each].name}`(으)로 주세요"),
                (Edit(entry.key.span, trigger.inputs[each].name),),
            )
            for each in near
        ),
    )


def _missing(job: Job, name: str, evidence: Evidence) -> Finding:
    return Finding(
        job.uses.span if job.uses and job.uses.span else job.span,
        Words(
            f"The called workflow needs the input `{name}`, which is not given",
            f"호출되는 워크플로에 꼭 필요한 `{name}` 입력을 주지 않았습니다",
        ),
        evidence=(evidence,),
        cause=Words("GitHub refuses the calling workflow", "GitHub는 호출하는 워크플로를 거부합니다"),
        fixes=(Fix(Words(f"Give `{name}` under `with`", f"`with`에 `{name}`을(를) 넣으세요")),),
    )


RULE: Final = Rule(
    "called-workflow-inputs",
    Severity.ERROR,
    Words("A workflow is called with other inputs than it asks for", "요구와 다른 입력으로 호출되는 워크플로"),
    check,
)
