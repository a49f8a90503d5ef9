"""`outputs.version` is used as the version of an image, and is `latest`."""

from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Evidence, Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.expressions import ReadExpression, expressions
from wharf.doctor.looks.image_jobs import METADATA, ImageJob, image_jobs
from wharf.doctor.rule import Rule
from wharf.doctor.rules.workflows.happening import evidence_of
from wharf.formats.span import Span

_LATEST: Final = "latest"


def check(checkout: Checkout) -> Iterator[Finding]:
    met: dict[Span, tuple[Span, list[ImageJob]]] = {}
    for job in checkout.once(image_jobs):
        for _, step, used in job.uses(METADATA):
            version = used.outputs.get("version")
            if step.id and version is not None and version.value == _LATEST:
                for span in _uses(checkout, job, step.id):
                    met.setdefault(span, (version.span or step.span, []))[1].append(job)
    for span, (source, jobs) in met.items():
        yield _finding(span, source, jobs)


def _uses(checkout: Checkout, job: ImageJob, id_: str) -> Iterator[Span]:
    """In the same job: ids of steps mean nothing elsewhere."""
    written = job.workflow.job(job.run.job)
    for expression in checkout.once(expressions):
        if expression.workflow is job.workflow and written is not None:
            yield from (span for span in _asked(expression, id_) if _is_in(span, written.span))


def _asked(expression: ReadExpression, id_: str) -> Iterator[Span]:
    wanted = ("steps", id_.lower(), "outputs", "version")
    for path in expression.paths:
        if path.names == wanted:
            yield expression.written.whole.span or expression.span(path.start, path.end)


def _is_in(span: Span, outer: Span) -> bool:
    return span.file == outer.file and outer.line <= span.line <= outer.end_line


def _finding(span: Span, source: Span, jobs: list[ImageJob]) -> Finding:
    return Finding(
        span,
        Words("This version is `latest`", "이 버전은 `latest`입니다"),
        (
            evidence_of(jobs),
            Evidence(
                Words("the weightiest rule makes `latest`", "우선순위가 가장 높은 규칙이 `latest`를 만듭니다"), source
            ),
        ),
        Words(
            "`outputs.version` is the first tag. A rule of `type=raw` stands before one of `type=sha`, whatever their "
            "order in the file",
            "`outputs.version`은 첫 번째 태그입니다. 파일에 쓴 순서와 상관없이 `type=raw`가 `type=sha`보다 앞섭니다",
        ),
        (
            Fix(
                Words(
                    "Give the rule that names the commit `priority=1000`, or hand on the digest of the build",
                    "커밋을 나타내는 규칙에 `priority=1000`을 주거나, 빌드의 다이제스트를 넘기세요",
                )
            ),
        ),
    )


RULE: Final = Rule(
    "version-is-latest",
    Severity.WARNING,
    Words("`outputs.version` is `latest`", "`outputs.version`이 `latest`입니다"),
    check,
)
