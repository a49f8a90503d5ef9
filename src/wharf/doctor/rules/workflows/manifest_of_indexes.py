"""`docker manifest create` out of images that are indexes already, because of their attestations."""

from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Evidence, Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.image_jobs import BUILD, SETUP, ImageJob, commands, image_jobs
from wharf.doctor.rule import Rule
from wharf.formats.event import Event
from wharf.formats.pipeline import ActionRun, StepRun
from wharf.formats.span import Span
from wharf.formats.text import Text

_NO: Final = {"false", "0", "no"}


def check(checkout: Checkout) -> Iterator[Finding]:
    jobs = checkout.once(image_jobs)
    found: dict[Span, tuple[Text, StepRun]] = {}
    indexes = {pair: step for job in jobs for pair, step in _indexes(job)}
    for job in jobs:
        for span, part in _parts(job):
            step = indexes.get((job.event, part.flat))
            if step is not None:
                found.setdefault(span, (part, step))
    for span, (part, step) in found.items():
        yield _finding(span, part, step)


def _indexes(job: ImageJob) -> Iterator[tuple[tuple[Event, str], StepRun]]:
    """What is pushed with attestations: Buildx makes them unless it is told not to."""
    has_builder = any(True for _ in job.uses(SETUP))
    for push in job.pushes:
        used = push.step.deed
        if not has_builder or not isinstance(used, ActionRun) or push.reference.holes:
            continue
        if push.by == BUILD and not _is_without_attestations(used):
            yield (job.event, push.reference.flat), push.step


def _is_without_attestations(used: ActionRun) -> bool:
    provenance = used.inputs.get("provenance", Text())
    environment = used.environment.get("BUILDX_NO_DEFAULT_ATTESTATIONS", Text())
    return bool(provenance.holes) or provenance.flat.strip().lower() in _NO or bool(environment)


def _parts(job: ImageJob) -> Iterator[tuple[Span, Text]]:
    for _, _, ran in commands(job):
        words = [word for word in ran.words[1:] if not word.flat.startswith("-")]
        if ran.program == "docker" and [word.flat for word in words[:2]] == ["manifest", "create"]:
            yield from ((ran.span, word) for word in words[3:])


def _finding(span: Span, part: Text, step: StepRun) -> Finding:
    return Finding(
        span,
        Words(
            f"{part.shown} is an index already, and `docker manifest create` takes none",
            f"{part.shown}은(는) 이미 인덱스라서 `docker manifest create`가 받지 않습니다",
        ),
        (Evidence(Words("it is pushed here, with attestations", "여기서 증명과 함께 올립니다"), step.span),),
        Words(
            "Buildx adds a statement of provenance, so that even an image of one platform becomes an index. The "
            "command ends with `is a manifest list`",
            "Buildx가 출처 증명을 더하므로 한 플랫폼짜리 이미지도 인덱스가 됩니다. 명령은 `is a manifest list`로 "
            "끝납니다",
        ),
        (
            Fix(
                Words(
                    "Use `docker buildx imagetools create`, or build with `provenance: false`",
                    "`docker buildx imagetools create`를 쓰거나 `provenance: false`로 빌드하세요",
                )
            ),
        ),
    )


RULE: Final = Rule(
    "manifest-of-indexes",
    Severity.ERROR,
    Words("A manifest list out of indexes", "인덱스로 만드는 매니페스트 목록"),
    check,
)
