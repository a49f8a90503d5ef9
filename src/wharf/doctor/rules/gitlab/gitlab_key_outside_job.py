"""A keyword of jobs stands at the top of the file, where GitLab takes it for the name of a job."""

from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Edit, Evidence, Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.gitlab import flaws, pipelines
from wharf.doctor.rule import Rule
from wharf.formats.gitlab.flaws import Flaw, Wrong
from wharf.formats.gitlab.keywords import JOB_ONLY
from wharf.formats.gitlab.pipeline import Job, Pipeline
from wharf.formats.span import Span
from wharf.formats.yaml.tree import Entry

_FOR_ALL: Final = frozenset({"variables", "image", "services", "before_script", "after_script", "cache"})
"""What may stand at the top, and in the only job just as well."""


def _check(checkout: Checkout) -> Iterator[Finding]:
    for pipeline in checkout.once(pipelines):
        for flaw in flaws(checkout, Wrong.STRAY_KEYWORD):
            yield _finding(checkout, pipeline, flaw)


def _finding(checkout: Checkout, pipeline: Pipeline, flaw: Flaw) -> Finding:
    job = _job_above(pipeline, flaw.span)
    ends = Words(f"the job {job.name} ends before it", f"작업 {job.name}은(는) 그 앞에서 끝납니다") if job else None
    return Finding(
        flaw.span,
        Words(
            f"{flaw.subject} stands at the top of the file: GitLab takes it for a job of that name",
            f"{flaw.subject} 키가 파일의 맨 바깥에 있어서 GitLab은 이를 같은 이름의 작업으로 읽습니다",
        ),
        (Evidence(ends, job.span),) if job and ends else (),
        Words(
            "Every name at the top that GitLab does not know is a job. This one belongs into a job, indented.",
            "맨 바깥에 있는 이름 가운데 GitLab이 모르는 것은 모두 작업입니다. 이 키는 작업 안에 들여써야 합니다.",
        ),
        (_fix(checkout, pipeline, flaw, job),) if job else (),
    )


def _job_above(pipeline: Pipeline, span: Span) -> Job | None:
    before = [job for job in pipeline.jobs if job.file == span.file and job.span.line < span.line]
    before = [job for job in before if job.name not in JOB_ONLY]
    return max(before, key=lambda job: job.span.line, default=None)


def _fix(checkout: Checkout, pipeline: Pipeline, flaw: Flaw, job: Job) -> Fix:
    """With everything between the job and this; what stands there is the job's own then."""
    words = Words(f"Indent it below {job.name}.", f"{job.name} 아래로 들여쓰세요.")
    entry = pipeline.root.entry(flaw.subject)
    if entry is None or entry.key.span != flaw.span or not _can_move(pipeline, flaw, job):
        return Fix(words)
    last = max(flaw.span.line, entry.value.span.end_line)
    lines = checkout.files.read(flaw.span.file).lines()
    numbers = (line for line in range(_first(pipeline, job), last + 1) if lines[line - 1].flat.strip())
    return Fix(words, tuple(Edit(Span.at(flaw.span.file, line), "  ") for line in numbers))


def _between(pipeline: Pipeline, job: Job) -> list[Entry]:
    return [each for each in pipeline.root if each.key.span.file == job.file and each.key.span > job.span]


def _first(pipeline: Pipeline, job: Job) -> int:
    return min(each.key.span.line for each in _between(pipeline, job))


def _can_move(pipeline: Pipeline, flaw: Flaw, job: Job) -> bool:
    """Nothing between them may be meant for others, or stand in the job already."""
    names = [each.key.text.flat for each in _between(pipeline, job) if each.key.span <= flaw.span]
    is_alone = len([each for each in pipeline.jobs if each.name not in JOB_ONLY]) == 1
    movable = JOB_ONLY | _FOR_ALL if is_alone else JOB_ONLY
    return all(name in movable and name not in job.body for name in names)


RULE: Final = Rule(
    "gitlab-key-outside-job",
    Severity.ERROR,
    Words("A keyword of jobs stands outside of every job", "작업의 키가 작업 밖에 있습니다"),
    _check,
)
