"""Looking at what jobs do with images because of what happens, without asking who needs them."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

from wharf.doctor.checkout import Checkout, FileProblem
from wharf.doctor.looks.workflows import is_workflow, workflow_runs, workflows
from wharf.doctor.way.doing import Done, done_by
from wharf.doctor.way.events import possible_events
from wharf.doctor.way.reference import Pushed
from wharf.doctor.way.way import JobTags
from wharf.errors import MalformedFile
from wharf.formats.event import Event
from wharf.formats.hole import Hole, Reason, Unknown
from wharf.formats.pipeline import JobRun
from wharf.formats.span import Span
from wharf.formats.text import Text

if TYPE_CHECKING:
    from wharf.formats.gitlab.pipeline import Pipeline

_PIPELINE: Final = ".gitlab-ci.yml"


def events_of(checkout: Checkout) -> tuple[Event, ...]:
    """What may happen, the most usual first; only one event, where somebody said which. They are of one moment."""
    return checkout.once(_events)


def _events(checkout: Checkout) -> tuple[Event, ...]:
    if checkout.event is not None:
        return (checkout.event,)
    has_pipelines = bool(_pipelines(checkout))
    return possible_events(checkout.once(workflows), checkout.history, has_pipelines=has_pipelines)


def tags_view(checkout: Checkout, event: Event) -> tuple[JobTags, ...]:
    """What CI names because of one event, job by job. Jobs that have to do with no image are left away."""
    by_job: dict[tuple[str, str], list[Done]] = {}
    for done in done_because_of(checkout, event):
        by_job.setdefault((done.job.file, done.job.job), []).append(done)
    told = ((_tags_of(file, job, done), done) for (file, job), done in by_job.items())
    named = (tags for tags, done in told if tags.references or tags.undecided or _names_tags(done))
    return (*named, *(_not_read(problem) for problem in checkout.problems if is_workflow(problem.file)))


def pushed_by(checkout: Checkout, event: Event) -> tuple[Pushed, ...]:
    return tuple(pushed for done in done_because_of(checkout, event) for pushed in done.pushed)


def done_because_of(checkout: Checkout, event: Event, files: Collection[str] | None = None) -> tuple[Done, ...]:
    return tuple(done_by(job, event, checkout.files) for job in _jobs(checkout, event, files))


def _jobs(checkout: Checkout, event: Event, files: Collection[str] | None = None) -> Iterator[JobRun]:
    """`files`: only of these workflows."""
    runs = checkout.once(workflow_runs)
    for workflow in checkout.once(workflows):
        if files is None or workflow.file in files:
            yield from runs.of(workflow, event)
    for pipeline in _pipelines(checkout):
        from wharf.formats.gitlab.runs import runs_of  # noqa: PLC0415 - start-up time

        yield from runs_of(pipeline, event, checkout.files)


def _pipelines(checkout: Checkout) -> "tuple[Pipeline, ...]":
    if _PIPELINE not in checkout.files.paths():
        return ()
    from wharf.doctor.looks.gitlab import pipelines  # noqa: PLC0415 - start-up time: most repositories have none

    return checkout.once(pipelines)


def _tags_of(file: str, job: str, all_done: Sequence[Done]) -> JobTags:
    pushed = _once_each(tuple(each.reference for each in done.pushed) for done in all_done)
    named = _once_each(tuple(done.named) for done in all_done)
    references = pushed or named
    holes = [hole for reference in references for hole in reference.holes]
    holes += (hole for done in all_done for hole in done.undecided if references or done.names_tags)
    holes += (hole for done in all_done for hole in done.failures)
    known = tuple(reference for reference in references if not reference.holes)
    return JobTags(file, job, known, tuple(dict.fromkeys(holes)), is_pushed=bool(pushed))


def _not_read(problem: FileProblem) -> JobTags:
    """Nobody knows its jobs."""
    line, column = (problem.line, problem.column) if isinstance(problem, MalformedFile) else (1, 1)
    hole = Hole(Reason(Unknown.FAILURE, problem.problem), Span.at(problem.file, line, column))
    return JobTags(problem.file, "", undecided=(hole,), is_pushed=False)


def _names_tags(all_done: Sequence[Done]) -> bool:
    """Whether a step puts references together, even if it comes to none."""
    return any(done.names_tags for done in all_done)


def _once_each(of_combinations: Iterable[tuple[Text, ...]]) -> list[Text]:
    """Where the combinations of a matrix come to the same, it is said once."""
    return [reference for references in dict.fromkeys(of_combinations) for reference in references]
