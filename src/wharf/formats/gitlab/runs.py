"""What a pipeline does because of an event: which of its jobs run, and what their scripts do."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import islice, product
from typing import Final

from wharf.errors import FileNotThere, MalformedFile, UnreadableFile
from wharf.formats.event import Event
from wharf.formats.files import Files
from wharf.formats.gitlab.conditions import Circumstances, Outcome, outcome_of_filters, outcome_of_rules
from wharf.formats.gitlab.dotenv import handed_on
from wharf.formats.gitlab.pipeline import Job, Pipeline, Variable, Variables, no_variables
from wharf.formats.gitlab.predefined import predefined, slug
from wharf.formats.gitlab.reading import read_pipeline
from wharf.formats.gitlab.values import Values
from wharf.formats.hole import Hole, Reason, Unknown
from wharf.formats.pipeline import JobRun, StepRun
from wharf.formats.shell.follow import follow
from wharf.formats.shell.known_commands import printed_at
from wharf.formats.shell.ran import Certainty, Followed, Given
from wharf.formats.shell.start import Printed, Start
from wharf.formats.span import Span
from wharf.formats.text import Text
from wharf.formats.yaml.tree import Map, Scalar

MOST_COMBINATIONS: Final = 200
"""Of one matrix; GitLab allows no more either."""
MOST_RUNS: Final = 500
"""Of one pipeline. What comes after them is not followed."""
_DEEPEST_CHILD: Final = 2
_LONGEST_ENVIRONMENT: Final = 24
_is_of_windows = re.compile(r"(?is)\s*\$\w+\s*=|.*(?:\$env:|\$\{env:|%CI_)\w").match
"""Which shell a runner has, its configuration says; what no shell of Unix means shows that it is PowerShell or cmd."""


@dataclass(frozen=True)
class Acting:
    """One job as it runs, beside the job as it is written and what its variables say."""

    run: JobRun
    job: Job
    values: Values


def runs_of(pipeline: Pipeline, event: Event, files: Files, printed: Printed | None = None) -> tuple[JobRun, ...]:
    """In the order of the stages. Pipelines that it starts from files of the same repository are among them."""
    return tuple(acting.run for acting in acting_jobs(pipeline, event, files, printed))


def acting_jobs(
    pipeline: Pipeline,
    event: Event,
    files: Files,
    printed: Printed | None = None,
    without: Collection[str] = (),
) -> tuple[Acting, ...]:
    """`without`: names of jobs that nobody asks about."""
    printed = printed or printed_at(event, files, is_detached=True)
    running = _Running(pipeline, event, Circumstances(event, files), files, printed, without=without)
    found = tuple(islice(running.jobs(), MOST_RUNS + 1))
    return found if len(found) <= MOST_RUNS else (*found[: MOST_RUNS - 1], _cut_off(found[MOST_RUNS - 1]))


def _cut_off(last: Acting) -> Acting:
    hole = Hole(Reason(Unknown.TOO_MUCH, "jobs"), last.job.span)
    return replace(last, run=replace(last.run, undecided=(*last.run.undecided, hole)))


Handed = dict[str, Mapping[str, Text]]
"""What jobs that are done have left in variables, by the names of the jobs."""


@dataclass
class _Running:
    pipeline: Pipeline
    event: Event
    around: Circumstances
    files: Files
    printed: Printed
    given: Variables = field(default_factory=no_variables)
    """What a pipeline above hands down."""
    via: tuple[Span, ...] = ()
    certainty: Certainty = Certainty.ALWAYS
    workflow: Variables = field(default_factory=no_variables)
    without: Collection[str] = ()

    @cached_property
    def _set_by_gitlab(self) -> Mapping[str, Text | None]:
        return predefined(self.event, self.pipeline.host)

    def jobs(self) -> Iterator[Acting]:
        values = Values({**self.pipeline.variables, **self.given}, self._set_by_gitlab)
        outcome = self._of_workflow(values)
        if outcome is None:
            return
        self.certainty = self.certainty.and_(outcome.certainty)
        self.workflow = outcome.variables
        order = {stage: at for at, stage in enumerate(self.pipeline.stages)}
        handed: Handed = {}
        for job in sorted(self.pipeline.jobs, key=lambda job: order.get(job.stage.flat, len(order))):
            if job.name not in self.without:
                yield from self._of_job(job, handed)

    def _of_workflow(self, values: Values) -> Outcome | None:
        rules = self.pipeline.workflow
        return Outcome() if rules is None else outcome_of_rules(rules, "", values, self.around)

    def _of_job(self, job: Job, handed: Handed) -> Iterator[Acting]:
        values = self._values(job)
        outcome = self._outcome(job, values)
        if outcome is None:
            return
        values = values.with_(outcome.variables)
        taken = {name: text for each in _artifacts_from(job, handed) for name, text in handed[each].items()}
        later = {name: Variable(name, text, text.span or job.span, is_raw=True) for name, text in taken.items()}
        for row in _rows(job):
            chosen = {name: Variable(name, text, text.span or job.span) for name, text in row.items()}
            ready = values.with_({**chosen, **later})
            run = self._run(job, outcome, ready, row)
            handed[job.name] = {**handed.get(job.name, {}), **run.outputs}
            yield Acting(run, job, ready)
        for path in job.child if len(self.via) < _DEEPEST_CHILD else ():
            yield from self._child(job, values, outcome, path)

    def _values(self, job: Job) -> Values:
        own = {**self._inherited(job), **job.variables, **self.given}
        return Values(own, {**self._set_by_gitlab, **_of_job(job)})

    def _inherited(self, job: Job) -> Variables:
        own = {**self.pipeline.variables, **self.workflow}
        return own if job.inherited is None else {name: own[name] for name in own if name in job.inherited}

    def _outcome(self, job: Job, values: Values) -> Outcome | None:
        if job.rules is not None:
            found = outcome_of_rules(job.rules, job.when, values, self.around)
        else:
            by_default = self.pipeline.workflow is None
            found = outcome_of_filters(job, values, self.around, by_default=by_default)
        if found is None:
            return None
        is_conditional = bool({job.file, job.body.span.file} & self.pipeline.conditional)
        return replace(found, certainty=Certainty.PERHAPS if is_conditional else found.certainty.and_(self.certainty))

    def _run(self, job: Job, outcome: Outcome, values: Values, row: Mapping[str, Text]) -> JobRun:
        scripts = [script for script in (job.script, job.after_script) if script]
        steps = tuple(self._step(job, script, values, outcome.certainty) for script in scripts)
        followed = [step.deed for step in steps if isinstance(step.deed, Followed)]
        return JobRun(
            file=job.file,
            job=job.name,
            span=job.span,
            steps=steps,
            certainty=outcome.certainty,
            machine=job.tags,
            image=values.expanded(job.image.name) if job.image else None,
            services=tuple(values.expanded(service.name) for service in job.services),
            outputs=handed_on(followed, tuple(values.expanded(path) for path in job.dotenv)) if job.dotenv else {},
            matrix=row,
            undecided=self.pipeline.undecided,
            via=self.via,
        )

    def _step(self, job: Job, script: tuple[Text, ...], values: Values, certainty: Certainty) -> StepRun:
        whole = Text.joined(script, "\n")
        if any(map(_is_of_windows, (each.flat for each in script))):
            hole = Hole(Reason(Unknown.SYNTAX, "PowerShell"), whole.span)
            return StepRun(whole.span or job.span, Followed(undecided=(hole,)), certainty=certainty)
        start = Start(
            variables=values.all(),
            others=Given.UNKNOWN,
            files=self.files,
            printed=self.printed,
            ends_on_failure=True,
            certainty=certainty,
            via=self.via,
        )
        return StepRun(whole.span or job.span, follow(whole, start), certainty=certainty)

    def _child(self, job: Job, values: Values, outcome: Outcome, path: Text) -> Iterator[Acting]:
        try:
            child = read_pipeline(self.files, path.flat.strip().lstrip("/"), self.pipeline.host)
        except (FileNotThere, MalformedFile, UnreadableFile):
            hole = Hole(Reason(Unknown.FILE, path.shown), path.span)
            run = JobRun(job.file, job.name, job.span, certainty=outcome.certainty, undecided=(hole,), via=self.via)
            yield Acting(run, job, values)
            return
        handed = {**self._inherited(job), **job.variables, **self.given}
        given = {name: replace(handed[name], value=values.looked(name) or Text(), is_raw=True) for name in handed}
        event = replace(self.event, name="parent_pipeline")
        via = (*self.via, path.span or job.span)
        yield from _Running(
            child, event, Circumstances(event, self.files), self.files, self.printed, given, via, outcome.certainty
        ).jobs()


def _of_job(job: Job) -> dict[str, Text | None]:
    found: dict[str, Text | None] = {"CI_JOB_NAME": Text.known(job.name, job.span), "CI_JOB_STAGE": job.stage}
    found["CI_JOB_NAME_SLUG"] = Text.known(slug(job.name), job.span)
    node = job.body.get("environment")
    name = node.text("name") if isinstance(node, Map) else node.text if isinstance(node, Scalar) else None
    if name is None:
        return {**found, "CI_ENVIRONMENT_NAME": None, "CI_ENVIRONMENT_SLUG": None}
    is_its_slug = name.value is not None and slug(name.flat) == name.flat and len(name) <= _LONGEST_ENVIRONMENT
    found["CI_ENVIRONMENT_NAME"] = name if "$" not in name.flat else Text.unknown(Unknown.RUN, "CI_ENVIRONMENT_NAME")
    found["CI_ENVIRONMENT_SLUG"] = name if is_its_slug else Text.unknown(Unknown.RUN, "CI_ENVIRONMENT_SLUG")
    return found


def _artifacts_from(job: Job, handed: Mapping[str, Mapping[str, Text]]) -> list[str]:
    """Of which jobs it gets the artifacts: those it needs, those it names, or all before it."""
    if job.dependencies is not None:
        return [name for name in handed if name in job.dependencies]
    if job.needs is not None:
        needed = {need.job for need in job.needs if need.takes_artifacts}
        return [name for name in handed if name in needed]
    return list(handed)


def _rows(job: Job) -> Iterator[dict[str, Text]]:
    if not job.matrix:
        yield {}
        return
    rows = (dict(zip(each, choice, strict=True)) for each in job.matrix for choice in product(*each.values()))
    yield from islice(rows, MOST_COMBINATIONS)
