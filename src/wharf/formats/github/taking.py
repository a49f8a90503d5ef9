"""Steps taken one after the other: of a job, or of an action of the repository that a step of the job uses."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final

from wharf.formats.github.around import DEEPEST
from wharf.formats.github.contexts import ENVIRONMENT_FILE, OUTPUT_FILE
from wharf.formats.github.environment_files import may_say_more, said_aloud, said_to
from wharf.formats.github.expressions.coercions import text_of_value
from wharf.formats.github.expressions.evaluate import Scope
from wharf.formats.github.expressions.template import filled, holds
from wharf.formats.github.expressions.values import Fields, Value
from wharf.formats.github.known_actions import effect_of
from wharf.formats.github.node_values import value_of_node
from wharf.formats.github.step_outputs import StepOutputs, goes_on_failing
from wharf.formats.github.workflow import Action, Defaults, Step
from wharf.formats.github.workplace import Workplace, all_filled
from wharf.formats.hole import Hole, Reason, Unknown
from wharf.formats.pipeline import ActionRun, StepRun
from wharf.formats.shell.ran import Certainty, Followed, Given
from wharf.formats.shell.start import Start
from wharf.formats.span import Span
from wharf.formats.text import Text

_SHELLS: Final = ("bash", "sh")


@dataclass(frozen=True)
class Outer:
    """What the step that uses an action says for all steps of the action; for the steps of a job, nothing."""

    inputs: Fields | None = None
    environment: Mapping[str, Text] = field(default_factory=lambda: MappingProxyType({}), hash=False)
    certainty: Certainty = Certainty.ALWAYS
    via: tuple[Span, ...] = ()
    within: tuple[str, ...] = ()
    """The actions that it stands in."""
    defaults: Defaults = field(default_factory=Defaults)


class Taking:
    def __init__(self, place: Workplace, outer: Outer) -> None:
        self._place = place
        self._outer = outer
        self.outputs = StepOutputs()

    def scope(self, environment: Mapping[str, Text], step: Step | None = None) -> Scope:
        own: dict[str, Value] = {
            **self._place.contexts,
            "env": self._place.environment_context(environment),
            "steps": self.outputs.seen_by(step),
        }
        if self._outer.inputs is not None:
            own["inputs"] = self._outer.inputs
        return Scope(Fields.of(own), not self._place.has_failed)

    def take(self, steps: Sequence[Step]) -> Iterator[StepRun]:
        for step in steps:
            if not self._place.around.budget.spend():
                self._place.undecided.append(Hole(Reason(Unknown.TOO_MUCH, "steps"), step.span))
                return
            yield from self._taken(step)

    def _taken(self, step: Step) -> Iterator[StepRun]:
        around = {**self._place.environment, **self._outer.environment}
        environment = around | all_filled(step.environment, self.scope(around, step))
        scope = self.scope(environment, step)
        holding = holds(step.condition, scope)
        if holding is False:
            self.outputs.skipped(step)
            return
        own = Certainty.PERHAPS if holding is None else Certainty.ALWAYS
        taken = _Taken(step, environment, scope, own, own.and_(self._outer.certainty))
        if step.run is not None:
            yield self._script(taken, step.run)
        elif step.uses is not None:
            yield from self._used(taken, step.uses)

    def _script(self, taken: "_Taken", run: Text) -> StepRun:
        followed = self._followed(taken, filled(run, taken.scope))
        said = dict(said_aloud(followed.ran)) | dict(said_to(OUTPUT_FILE, followed.written))
        self.outputs.taken(taken.step, said, taken.own)
        self._place.set(said_to(ENVIRONMENT_FILE, followed.written), is_certain=taken.is_certain)
        if may_say_more(ENVIRONMENT_FILE, followed.written) or (followed.undecided and "GITHUB_ENV" in run.flat):
            self._place.is_known_whole = False
        return self._run_of(taken, followed if taken.is_certain else _perhaps(followed))

    def _followed(self, taken: "_Taken", script: Text) -> Followed:
        place, defaults = self._place, self._outer.defaults
        shell = taken.step.shell or defaults.shell or place.defaults.shell
        words = filled(shell, taken.scope).flat.split() if shell else ["pwsh" if place.is_windows else "bash"]
        if not words or words[0].rsplit("/", 1)[-1] not in _SHELLS:
            return Followed(undecided=(Hole(Reason(Unknown.SYNTAX, " ".join(words)[:80]), script.span),))
        folder = taken.step.folder or defaults.folder or place.defaults.folder
        start = Start(
            variables={**place.variables, **taken.environment},
            others=Given.UNSET if place.is_known_whole else Given.UNKNOWN,
            files=place.around.sources,
            folder=_in_the_repository(filled(folder, taken.scope)) if folder else "",
            printed=place.printed,
            ends_on_failure=len(words) == 1 or any(word.startswith("-") and "e" in word for word in words[1:]),
            via=self._outer.via,
        )
        return place.around.remembered.follow(taken.step, script, start)

    def _used(self, taken: "_Taken", uses: Text) -> Iterator[StepRun]:
        around, step = self._place.around, taken.step
        folder = around.local(uses.flat)
        action = around.sources.action(folder) if folder is not None else None
        if action is None or action.using != "composite":
            yield self._acted(taken, uses)
        elif action.file in self._outer.within or len(self._outer.within) >= DEEPEST:
            self._place.undecided.append(Hole(Reason(Unknown.TOO_MUCH, uses.flat[:80]), step.span))
            self.outputs.taken(step, {}, taken.own)
        else:
            yield from self._inside(taken, action)

    def _inside(self, taken: "_Taken", action: Action) -> Iterator[StepRun]:
        step = taken.step
        given = all_filled(step.inputs, taken.scope)
        own = {**self._outer.environment, **all_filled(step.environment, taken.scope)}
        outer = Outer(
            inputs=self._inputs_of(action, given),
            environment=own,
            certainty=taken.certainty,
            via=(*self._outer.via, step.span),
            within=(*self._outer.within, action.file),
            defaults=Defaults(Text.known("bash")),
        )
        inner = Taking(self._place, outer)
        yield from inner.take(action.steps)
        after = inner.scope({**self._place.environment, **own})
        self.outputs.taken(step, all_filled(action.outputs, after), taken.own, are_all=True)

    def _inputs_of(self, action: Action, given: Mapping[str, Text]) -> Fields:
        found: dict[str, Value] = dict(given)
        scope = Scope(Fields.of({**self._place.contexts, "inputs": Fields.of(dict(given))}))
        for name, asked in action.inputs.items():
            if name not in found:
                found[name] = text_of_value(value_of_node(asked.default, scope)) if asked.default else Text()
        return Fields.of(found)

    def _acted(self, taken: "_Taken", uses: Text) -> StepRun:
        place = self._place
        given = all_filled(taken.step.inputs, taken.scope)
        run = ActionRun(uses.flat.strip(), given, environment=dict(taken.environment))
        effect = effect_of(run, place.around.event)
        if effect.failure is not None:
            return self._failed(taken, run, effect.failure)
        self.outputs.taken(taken.step, effect.outputs, taken.own)
        place.set(effect.exported, is_certain=taken.is_certain)
        place.is_known_whole = place.is_known_whole and not effect.may_export_more
        place.undecided += effect.undecided
        if run.name == "actions/checkout":
            self._check_out(run)
        return self._run_of(taken, replace(run, outputs=effect.outputs, names=effect.names))

    def _failed(self, taken: "_Taken", run: ActionRun, why: str) -> StepRun:
        step = taken.step
        self.outputs.failed(step, taken.own)
        if taken.is_certain and not goes_on_failing(step.tree):
            self._place.has_failed = True
        failure = Hole(Reason(Unknown.FAILURE, why), step.span)
        return self._run_of(taken, replace(run, failure=failure))

    def _check_out(self, run: ActionRun) -> None:
        event = self._place.around.event
        ref, repository = run.inputs.get("ref", Text()), run.inputs.get("repository", Text())
        is_own = not repository or repository.flat.lower() == event.repository.lower()
        if is_own and ref.flat not in {"", event.sha, event.ref, event.branch or event.sha, event.tag or event.sha}:
            self._place.forget_the_commit()
        if not is_own and "path" not in run.inputs:
            self._place.forget_the_commit()

    def _run_of(self, taken: "_Taken", deed: ActionRun | Followed) -> StepRun:
        step = taken.step
        name = filled(step.name, taken.scope) if step.name else None
        return StepRun(step.span, deed, step.id, name, taken.certainty, self._outer.via)


@dataclass(frozen=True)
class _Taken:
    """One step while it is taken. `own`: whether it is, where the job or action is that it stands in."""

    step: Step
    environment: Mapping[str, Text]
    scope: Scope
    own: Certainty
    certainty: Certainty

    @property
    def is_certain(self) -> bool:
        return self.certainty is Certainty.ALWAYS


def _perhaps(followed: Followed) -> Followed:
    """The same, where the whole step is perhaps not taken."""
    return replace(
        followed,
        ran=tuple(replace(ran, certainty=Certainty.PERHAPS) for ran in followed.ran),
        written=tuple(replace(written, certainty=Certainty.PERHAPS) for written in followed.written),
    )


def _in_the_repository(folder: Text) -> str:
    said = folder.flat.removeprefix("./").strip("/")
    return "" if said == "." else said
