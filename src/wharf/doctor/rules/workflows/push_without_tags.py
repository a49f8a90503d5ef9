"""A push for which no tag is made, so that the builder does not know what to push."""

from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Evidence, Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.image_jobs import BUILD, METADATA, ImageJob, image_jobs, pushes_on_its_own
from wharf.doctor.rule import Rule
from wharf.doctor.rules.workflows.happening import evidence_of
from wharf.formats.github.metadata.action import describe
from wharf.formats.pipeline import StepRun
from wharf.formats.shell.ran import Certainty
from wharf.formats.span import Span


def check(checkout: Checkout) -> Iterator[Finding]:
    found: dict[Span, tuple[StepRun, list[ImageJob]]] = {}
    for job in checkout.once(image_jobs):
        for step, source in _without(job):
            found.setdefault(step.span, (source, []))[1].append(job)
    for span, (source, jobs) in found.items():
        yield _finding(span, source, jobs)


def _without(job: ImageJob) -> Iterator[tuple[StepRun, StepRun]]:
    """The step that pushes, and the one that should have made tags for it."""
    for at, step, used in job.uses(BUILD):
        tags = used.inputs.get("tags")
        is_certain = step.certainty.and_(job.run.certainty) is Certainty.ALWAYS
        if is_certain and tags is not None and not tags.flat.strip() and pushes_on_its_own(used):
            source = next((made for place, made in _silent(job) if place < at), None)
            if source is not None and "name=" not in (used.inputs.get("outputs") or tags).flat:
                yield step, source


def _silent(job: ImageJob) -> Iterator[tuple[int, StepRun]]:
    for at, step, used in job.uses(METADATA):
        made = describe(used.inputs, job.event, used.release, used.environment)
        if not (made.tags or made.perhaps or made.undecided or made.failure):
            yield at, step


def _finding(span: Span, source: StepRun, jobs: list[ImageJob]) -> Finding:
    return Finding(
        span,
        Words("It is to push, and no tag is made for it", "올려야 하는데 만들어지는 태그가 없습니다"),
        (
            evidence_of(jobs),
            Evidence(
                Words("none of these rules makes a tag then", "이때는 어느 규칙도 태그를 만들지 않습니다"), source.span
            ),
        ),
        Words(
            "The build ends with `tag is needed when pushing to registry`",
            "빌드는 `tag is needed when pushing to registry`로 끝납니다",
        ),
        (
            Fix(
                Words(
                    "Add a rule that always makes a tag, such as `type=sha`, or push only where there are tags",
                    "`type=sha`처럼 늘 태그를 만드는 규칙을 더하거나, 태그가 있을 때만 올리세요",
                )
            ),
        ),
    )


RULE: Final = Rule(
    "push-without-tags",
    Severity.ERROR,
    Words("A push for which no tag is made", "태그가 하나도 없는 올리기"),
    check,
)
