"""The jobs of one workflow, each after those that it needs; and those of the workflows that its jobs call."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Final

from wharf.formats.github.around import A_CALL, DEEPEST, Around, variables_of
from wharf.formats.github.contexts import (
    JOB,
    SECRETS,
    VARIABLES,
    finished,
    github_of,
    hole,
    is_windows,
    known,
    of_job,
    runner_of,
    strategy_of,
)
from wharf.formats.github.expressions.coercions import text_of_value
from wharf.formats.github.expressions.evaluate import Scope
from wharf.formats.github.expressions.template import filled, filled_value, holds
from wharf.formats.github.expressions.values import Fields, Items, Value
from wharf.formats.github.matrix import Combination, combinations_of, said_in
from wharf.formats.github.node_values import value_of_node
from wharf.formats.github.order import in_order
from wharf.formats.github.step_outputs import goes_on_failing
from wharf.formats.github.taking import Outer, Taking
from wharf.formats.github.workflow import Defaults, Job, Workflow
from wharf.formats.github.workplace import Workplace, all_filled
from wharf.formats.hole import Hole, Reason, Unknown
from wharf.formats.pipeline import JobRun
from wharf.formats.shell.ran import Certainty
from wharf.formats.span import Span
from wharf.formats.text import Text

_UNSAID: Final = Text()


@dataclass(frozen=True)
class Called:
    """How a workflow was started: its inputs, whether at all, and by the calls of which other ones."""

    inputs: Fields
    certainty: Certainty = Certainty.ALWAYS
    via: tuple[Span, ...] = ()
    within: tuple[str, ...] = ()


@dataclass
class _Done:
    """What a job has come to, for those that need it. `has_run` is None where it may be left out."""

    has_run: bool | None
    outputs: Value
    has_succeeded: bool | None
    """With all that it needs, and all that those need."""
    has_failed: bool = False
    """It itself, for sure."""


@dataclass
class JobWalk:
    workflow: Workflow
    around: Around
    called: Called
    runs: list[JobRun] = field(default_factory=list)
    _done: dict[str, _Done] = field(default_factory=dict)
    _fails: bool = False
    """The job that is gone through, in one of its combinations."""

    def walk(self) -> Value:
        """The outputs of the workflow, for the job that called it."""
        for job in in_order(self.workflow.jobs):
            self._done[job.id] = self._job(job)
        trigger = self.workflow.trigger("workflow_call")
        if trigger is None:
            return Fields.of({})
        jobs: Value = Fields.of({id_: _finished(done) for id_, done in self._done.items()})
        scope = Scope(Fields.of({**self._contexts(None), "jobs": jobs}))
        return Fields.of(dict(all_filled(trigger.outputs, scope)))

    @cached_property
    def _github(self) -> Fields:
        return github_of(self.around.event, self.workflow)

    @cached_property
    def _variables(self) -> Mapping[str, Text]:
        return variables_of(self.around.event, self.workflow)

    def _contexts(self, job: Job | None) -> dict[str, Value]:
        return {
            "github": of_job(self._github, job.id) if job else self._github,
            "vars": VARIABLES,
            "secrets": SECRETS,
            "inputs": self.called.inputs,
        }

    def _job(self, job: Job) -> _Done:
        needed = [self._done[need.flat] for need in job.needs if need.flat in self._done]
        needs: Value = Fields.of(
            {need.flat: _finished(self._done[need.flat]) for need in job.needs if need.flat in self._done}
        )
        contexts = {**self._contexts(job), "needs": needs}
        succeeded = _all_of([done.has_succeeded for done in needed])
        holding = holds(job.condition, Scope(Fields.of(contexts), succeeded))
        if holding is False:
            return _Done(has_run=False, outputs=Fields.of({}), has_succeeded=False)
        own = Certainty.PERHAPS if holding is None else Certainty.ALWAYS
        self._fails = False
        outputs = self._combined(job, contexts, own.and_(self.called.certainty))
        has_run = True if holding else None
        has_failed = self._fails and has_run is True and not goes_on_failing(job.tree)
        return _Done(has_run, outputs, _all_of([has_run, succeeded, not has_failed]), has_failed)

    def _combined(self, job: Job, contexts: Mapping[str, Value], certainty: Certainty) -> Value:
        combinations = combinations_of(job.matrix, Scope(Fields.of(contexts)))
        outputs: list[Value] = []
        for at, combination in enumerate(combinations):
            if not self.around.budget.spend(A_CALL if job.uses else 1):
                return self._left_open(job, hole(Unknown.TOO_MUCH, "jobs"), certainty)
            own: dict[str, Value] = {
                **contexts,
                "matrix": combination,
                "strategy": strategy_of(at, len(combinations)),
                "job": JOB,
            }
            if job.uses is not None:
                outputs.append(self._calling(job, own, certainty))
            else:
                outputs.append(self._running(job, own, combination, certainty))
        return _together(outputs)

    def _running(self, job: Job, contexts: dict[str, Value], combination: Combination, certainty: Certainty) -> Value:
        scope = Scope(Fields.of(contexts))
        machine = self._machine(job, scope)
        place = self._place(job, {**contexts, "runner": runner_of(machine)}, machine)
        taking = Taking(place, Outer())
        steps = tuple(taking.take(job.steps))
        self._fails = self._fails or place.has_failed
        outputs = all_filled(job.outputs, taking.scope(place.environment))
        self.runs.append(
            JobRun(
                file=self.workflow.file,
                job=job.id,
                span=job.span,
                steps=steps,
                certainty=certainty,
                machine=machine,
                image=filled(job.image, scope) if job.image else None,
                services=tuple(filled(image, scope) for image in job.services.values()),
                outputs=outputs,
                matrix=said_in(combination),
                undecided=tuple(place.undecided),
                via=self.called.via,
            )
        )
        return Fields.of(dict(outputs))

    def _machine(self, job: Job, scope: Scope) -> tuple[Text, ...]:
        values = [filled_value(word, scope) for word in job.machine]
        each = [inner for value in values for inner in (value.values if isinstance(value, Items) else (value,))]
        return tuple(text_of_value(value) for value in each)

    def _place(self, job: Job, contexts: Mapping[str, Value], machine: tuple[Text, ...]) -> Workplace:
        of_workflow = all_filled(self.workflow.environment, Scope(Fields.of(self._contexts(job))))
        place = Workplace(
            around=self.around,
            contexts=contexts,
            variables={**self._variables, "GITHUB_JOB": known(job.id)},
            environment=of_workflow,
            defaults=_defaults(job, self.workflow),
            is_windows=is_windows(machine),
            printed=self.around.printed,
        )
        scope = Scope(Fields.of({**contexts, "env": place.environment_context(of_workflow)}))
        place.environment = {**of_workflow, **all_filled(job.environment, scope)}
        return place

    def _calling(self, job: Job, contexts: Mapping[str, Value], certainty: Certainty) -> Value:
        uses = job.uses or _UNSAID
        path = self.around.local(uses.flat)
        workflow = self.around.sources.workflow(path) if path is not None else None
        if workflow is None or workflow.trigger("workflow_call") is None:
            return self._left_open(job, hole(Unknown.REMOTE if path is None else Unknown.FILE, uses.flat), certainty)
        if workflow.file in self.called.within or len(self.called.within) >= DEEPEST:
            return self._left_open(job, hole(Unknown.TOO_MUCH, uses.flat), certainty)
        called = Called(
            inputs=_given(workflow, job, Scope(Fields.of(contexts))),
            certainty=certainty,
            via=(*self.called.via, job.span),
            within=(*self.called.within, workflow.file),
        )
        inner = JobWalk(workflow, self.around, called)
        outputs = inner.walk()
        self.runs += inner.runs
        self._fails = self._fails or any(done.has_failed for done in inner._done.values())
        return outputs

    def _left_open(self, job: Job, why: Hole, certainty: Certainty) -> Value:
        undecided = (why._replace(span=job.span),)
        run = JobRun(
            self.workflow.file, job.id, job.span, certainty=certainty, undecided=undecided, via=self.called.via
        )
        self.runs.append(run)
        return Fields.of({}, lambda name: hole(Unknown.OUTPUT, f"needs.{job.id}.outputs.{name}"))


def _given(workflow: Workflow, job: Job, scope: Scope) -> Fields:
    """What the call gives, and for the rest the defaults, which may ask for nothing but `github` and `vars`."""
    trigger = workflow.trigger("workflow_call")
    given: dict[str, Value] = {entry.key.text.flat: value_of_node(entry.value, scope) for entry in job.given or ()}
    small = {name.lower() for name in given}
    for name, asked in (trigger.inputs if trigger else {}).items():
        if name not in small:
            given[name] = value_of_node(asked.default, scope) if asked.default else _empty(asked.type)
    return Fields.of(given)


def _empty(kind: str) -> Value:
    empty: Mapping[str, Value] = MappingProxyType({"boolean": False, "number": 0.0})
    return empty.get(kind, _UNSAID)


def _finished(done: _Done) -> Value:
    if done.has_run is None:
        return finished(Hole(Reason(Unknown.EITHER, "result")), done.outputs)
    result = "failure" if done.has_failed else "success" if done.has_run else "skipped"
    return finished(known(result), done.outputs)


def _all_of(each: list[bool | None]) -> bool | None:
    return False if False in each else None if None in each else True


def _together(outputs: list[Value]) -> Value:
    """Of all combinations of a matrix: the last one to end decides, so that what differs is not known."""
    fields = [each for each in outputs if isinstance(each, Fields)]
    if len(fields) < 2:
        return fields[0] if fields else Fields.of({})
    names = {name for each in fields for name, _ in each.entries.values()}
    return Fields.of({name: _agreed(name, [each.get(name) for each in fields]) for name in names}, fields[0].others)


def _agreed(name: str, values: list[Value]) -> Value:
    said = [text for text in map(text_of_value, values) if text]
    if not said or all(text == said[0] for text in said):
        return said[0] if said else _UNSAID
    return Hole(Reason(Unknown.EITHER, name), said[0].span)


def _defaults(job: Job, workflow: Workflow) -> Defaults:
    return Defaults(job.defaults.shell or workflow.defaults.shell, job.defaults.folder or workflow.defaults.folder)
