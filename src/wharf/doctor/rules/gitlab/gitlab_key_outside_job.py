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


def _check(checkout: Checkout) -> Iterator[Finding]:
    for pipeline in checkout.once(pipelines):
        for flaw in flaws(checkout, Wrong.STRAY_KEYWORD):
            yield _finding(pipeline, flaw)


def _finding(pipeline: Pipeline, flaw: Flaw) -> Finding:
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
        (_fix(pipeline, flaw, job),) if job else (),
    )


def _job_above(pipeline: Pipeline, span: Span) -> Job | None:
    before = [job for job in pipeline.jobs if job.file == span.file and job.span.line < span.line]
    before = [job for job in before if job.name not in JOB_ONLY]
    return max(before, key=lambda job: job.span.line, default=None)


def _fix(pipeline: Pipeline, flaw: Flaw, job: Job) -> Fix:
    words = Words(f"Indent it below {job.name}.", f"{job.name} 아래로 들여쓰세요.")
    entry = pipeline.root.entry(flaw.subject)
    between = [each for each in pipeline.root if job.span < each.key.span < flaw.span]
    if entry is None or any(each.key.text.flat not in JOB_ONLY for each in between):
        return Fix(words)
    return Fix(words, tuple(Edit(Span.at(flaw.span.file, line), "  ") for line in _lines(entry)))


def _lines(entry: Entry) -> range:
    return range(entry.key.span.line, max(entry.key.span.line, entry.value.span.end_line) + 1)


RULE: Final = Rule(
    "gitlab-key-outside-job",
    Severity.ERROR,
    Words("A keyword of jobs stands outside of every job", "작업의 키가 작업 밖에 있습니다"),
    _check,
)
