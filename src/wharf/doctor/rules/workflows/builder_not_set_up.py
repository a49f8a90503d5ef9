"""A build that asks for more than the builder can do which every machine has."""

from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Edit, Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.image_jobs import BUILD, SETUP, ImageJob, first_by_place, image_jobs
from wharf.doctor.rule import Rule
from wharf.doctor.rules.workflows.happening import evidence_of
from wharf.doctor.way.actions.told import lines_and_commas
from wharf.formats.pipeline import ActionRun
from wharf.formats.span import Span
from wharf.formats.text import Text

_EXPORTED: Final = ("type=gha", "type=registry", "type=local", "type=s3", "type=azblob")


def check(checkout: Checkout) -> Iterator[Finding]:
    found = ((span, job) for job in checkout.once(image_jobs) for span in _without(job))
    for span, jobs in first_by_place(found).items():
        yield _finding(span, jobs)


def _without(job: ImageJob) -> Iterator[Span]:
    for at, _, used in job.uses(BUILD):
        has_one = "builder" in used.inputs or any(place < at for place, _, _ in job.uses(SETUP))
        if has_one or not job.is_on_fresh_machine or not job.is_understood(at):
            continue
        if (asked := _asked(used)) is not None and asked.span is not None:
            yield asked.span


def _asked(used: ActionRun) -> Text | None:
    """What the usual builder cannot do: several platforms, or to hand out its cache."""
    platforms = used.inputs.get("platforms")
    if platforms is not None and not platforms.holes and len(lines_and_commas(platforms)) > 1:
        return platforms
    cache = used.inputs.get("cache-to")
    return cache if cache is not None and any(kind in cache.flat for kind in _EXPORTED) else None


def _finding(span: Span, jobs: list[ImageJob]) -> Finding:
    return Finding(
        span,
        Words(
            "The builder that is there cannot do this, and none is set up",
            "기본 빌더는 이것을 할 수 없는데, 빌더를 따로 마련하지 않았습니다",
        ),
        (evidence_of(jobs),),
        Words(
            "Docker's own builder builds for one platform and keeps its cache to itself; the build ends with `is not "
            "supported for the docker driver`",
            "Docker에 들어 있는 빌더는 한 플랫폼만 빌드하고 캐시를 내보내지 못합니다. 빌드는 `is not supported for the "
            "docker driver`로 끝납니다",
        ),
        tuple(_fixes(jobs[0])),
    )


def _fixes(job: ImageJob) -> Iterator[Fix]:
    words = Words("Put docker/setup-buildx-action before it", "그 앞에 docker/setup-buildx-action을 두세요")
    step = next((step for _, step, _ in job.uses(BUILD)), None)
    if step is None or step.span.file != job.run.file:
        yield Fix(words)
        return
    column = step.span.column - 2
    text = f"- uses: docker/setup-buildx-action@v3\n{' ' * (column - 1)}" if column > 0 else ""
    place = Span.at(step.span.file, step.span.line, column) if text else step.span
    yield Fix(words, (Edit(place, text),) if text else (), is_safe=bool(text))


RULE: Final = Rule(
    "builder-not-set-up",
    Severity.ERROR,
    Words("A build asks for a builder that is not set up", "마련하지 않은 빌더가 필요한 빌드"),
    check,
)
