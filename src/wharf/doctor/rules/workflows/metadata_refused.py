"""Inputs of docker/metadata-action that it refuses, so that the step fails."""

from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Finding, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.image_jobs import METADATA, ImageJob, image_jobs
from wharf.doctor.rule import Rule
from wharf.doctor.rules.workflows.happening import evidence_of
from wharf.formats.github.metadata.action import describe
from wharf.formats.shell.ran import Certainty
from wharf.formats.span import Span


def check(checkout: Checkout) -> Iterator[Finding]:
    found: dict[tuple[Span, str], list[ImageJob]] = {}
    for job in checkout.once(image_jobs):
        for span, problem in _refused(job):
            found.setdefault((span, problem), []).append(job)
    for (span, problem), jobs in found.items():
        yield _finding(span, problem, jobs)


def _refused(job: ImageJob) -> Iterator[tuple[Span, str]]:
    for _, step, used in job.uses(METADATA):
        is_certain = step.certainty.and_(job.run.certainty) is Certainty.ALWAYS
        if is_certain and not used.outputs:  # what is refused has none
            failure = describe(used.inputs, job.event, used.release, used.environment).failure
            if failure is not None:
                place = used.inputs.get("tags") or used.inputs.get("flavor") or used.inputs.get("images")
                yield (place.span if place else None) or step.span, failure


def _finding(span: Span, problem: str, jobs: list[ImageJob]) -> Finding:
    return Finding(
        span,
        Words(
            f"docker/metadata-action refuses its inputs: {problem}",
            f"docker/metadata-action이 입력을 거부합니다: {problem}",
        ),
        (evidence_of(jobs),),
        Words("The step fails, and nothing is built", "이 단계는 실패하고, 아무것도 빌드되지 않습니다"),
    )


RULE: Final = Rule(
    "metadata-refused",
    Severity.ERROR,
    Words("Inputs that docker/metadata-action refuses", "docker/metadata-action이 거부하는 입력"),
    check,
)
