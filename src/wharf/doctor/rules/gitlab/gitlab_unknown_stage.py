"""A job stands in a stage that the pipeline does not have."""

from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Edit, Evidence, Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.gitlab import flaws, pipelines
from wharf.doctor.rule import Rule
from wharf.doctor.rules.gitlab.likely import meant
from wharf.formats.gitlab.flaws import Wrong
from wharf.formats.gitlab.pipeline import Pipeline
from wharf.formats.span import Span
from wharf.formats.yaml.tree import List


def _check(checkout: Checkout) -> Iterator[Finding]:
    for pipeline in checkout.once(pipelines):
        for flaw in flaws(checkout, Wrong.UNKNOWN_STAGE):
            stages = ", ".join(pipeline.stages)
            yield Finding(
                flaw.span,
                Words(f"there is no stage {flaw.subject}", f"{flaw.subject} 단계가 없습니다"),
                (Evidence(Words(f"the stages are {stages}", f"단계: {stages}"), _place(pipeline)),),
                Words(
                    "GitLab refuses a pipeline in which a job stands in a stage that is not among `stages`. "
                    "A job that names none stands in test.",
                    "작업의 단계가 `stages`에 없으면 GitLab은 파이프라인 전체를 거부합니다. "
                    "단계를 적지 않은 작업은 test 단계에 놓입니다.",
                ),
                (*meant(flaw.subject, pipeline.stages, flaw.span), *_addition(pipeline, flaw.subject)),
            )


def _place(pipeline: Pipeline) -> Span | None:
    node = pipeline.root.get("stages")
    return node.span if node else None


def _addition(pipeline: Pipeline, stage: str) -> tuple[Fix, ...]:
    stages = pipeline.root.list("stages")
    if not stages or not stages.items:
        return ()
    words = Words(f"Add {stage} to the stages, in its turn.", f"stages의 알맞은 자리에 {stage}을(를) 더하세요.")
    return (Fix(words, (_after_the_last(stages, stage),)),)


def _after_the_last(stages: List, stage: str) -> Edit:
    last = stages.items[-1].span
    end = Span.at(last.file, last.end_line, last.end_column)
    has_brackets = (stages.span.end_line, stages.span.end_column) > (last.end_line, last.end_column)
    indent = " " * (stages.span.column - 1)
    return Edit(end, f", {stage}" if has_brackets else f"\n{indent}- {stage}")


RULE: Final = Rule(
    "gitlab-unknown-stage",
    Severity.ERROR,
    Words("A job stands in a stage that is not there", "없는 단계에 놓인 작업이 있습니다"),
    _check,
)
