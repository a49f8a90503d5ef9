"""An unquoted number in a workflow that GitHub writes in another way: `1.10` becomes `1.1`."""

import re
from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Edit, Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.workflows import workflows
from wharf.doctor.rule import Rule
from wharf.formats.github.scalars import text_of
from wharf.formats.github.workflow import Job, Workflow
from wharf.formats.yaml.tree import List, Map, Node, Scalar, Style

_is_harmless = re.compile(r"[0-9]+\.0+|[+][0-9]+|\.[0-9]+").fullmatch


def check(checkout: Checkout) -> Iterator[Finding]:
    for workflow in checkout.once(workflows):
        for scalar in _given(workflow):
            said = text_of(scalar).flat
            if scalar.style is Style.PLAIN and said != scalar.text.flat and _is_a_number(scalar):
                yield _finding(scalar, said)


def _given(workflow: Workflow) -> Iterator[Scalar]:
    yield from _scalars(workflow.tree.get("env"))
    for job in workflow.jobs:
        yield from _of_job(job)


def _of_job(job: Job) -> Iterator[Scalar]:
    yield from _scalars(job.tree.get("env"))
    yield from _scalars(job.matrix)
    for step in job.steps:
        yield from _scalars(step.tree.get("with"))
        yield from _scalars(step.tree.get("env"))


def _scalars(node: Node | None) -> Iterator[Scalar]:
    if isinstance(node, Scalar):
        yield node
    elif isinstance(node, Map):
        for entry in node:
            yield from _scalars(entry.value)
    elif isinstance(node, List):
        for item in node:
            yield from _scalars(item)


def _is_a_number(scalar: Scalar) -> bool:
    return scalar.text.flat[:1].isdecimal() or scalar.text.flat[:1] in {"+", "-", "."}


def _finding(scalar: Scalar, said: str) -> Finding:
    text = scalar.text.flat
    return Finding(
        scalar.span,
        Words(
            f"`{text}` is a number here, and GitHub writes it `{said}`",
            f"`{text}`은(는) 숫자라서 GitHub가 `{said}`(으)로 씁니다",
        ),
        cause=Words(
            "What is not quoted and looks like a number becomes one; zeros and long digits are lost",
            "따옴표 없이 숫자처럼 보이면 숫자가 되어 0이나 긴 자릿수가 사라집니다",
        ),
        fixes=(Fix(Words(f'Write "{text}"', f'"{text}"로 쓰세요'), (Edit(scalar.span, f'"{text}"'),), is_safe=True),),
        severity=Severity.NOTE if _is_harmless(text) else None,
    )


RULE: Final = Rule(
    "number-loses-digits",
    Severity.WARNING,
    Words("An unquoted number that loses digits", "따옴표가 없어 자릿수를 잃는 숫자"),
    check,
)
