"""Jobs of workflows, as far as they build, push and log in: each with what happened so that it runs."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.looks.doings import events_of
from wharf.doctor.looks.workflows import workflow_runs, workflows
from wharf.doctor.way.actions.build_push import build_push
from wharf.doctor.way.actions.told import lines_and_commas
from wharf.doctor.way.deed import Deed, Doing
from wharf.doctor.way.image_name import image_name
from wharf.formats.event import Event
from wharf.formats.github.workflow import Workflow
from wharf.formats.once import Once
from wharf.formats.pipeline import ActionRun, JobRun, StepRun
from wharf.formats.shell.ran import Certainty, Followed, Ran
from wharf.formats.span import Span
from wharf.formats.text import Text
from wharf.oci.reference import DOCKER_HUB, OTHER_NAMES_OF_DOCKER_HUB

BUILD: Final = "docker/build-push-action"
LOGIN: Final = "docker/login-action"
METADATA: Final = "docker/metadata-action"
SETUP: Final = "docker/setup-buildx-action"
_UNDERSTOOD: Final = frozenset(
    {BUILD, LOGIN, METADATA, SETUP, "docker/setup-qemu-action", "docker/bake-action"}
    | {f"actions/{name}" for name in ("checkout", "cache", "upload-artifact", "download-artifact", "setup-node")}
    | {f"actions/setup-{name}" for name in ("python", "go", "java", "dotnet")}
)
"""None of them logs in or makes a builder but those that are there for it."""
_MACHINES: Final = ("ubuntu-",)


@dataclass(frozen=True)
class ImageJob:
    event: Event
    workflow: Workflow
    run: JobRun

    @property
    def is_certain(self) -> bool:
        return self.run.certainty is Certainty.ALWAYS

    @property
    def is_on_fresh_machine(self) -> bool:
        """One of GitHub's: nobody has set anything up on it before."""
        machines = [machine.value or "" for machine in self.run.machine]
        return bool(machines) and all(machine.startswith(_MACHINES) for machine in machines) and not self.run.image

    def uses(self, name: str) -> Sequence[tuple[int, StepRun, ActionRun]]:
        return self._used.get(name, ())

    @Once
    def _used(self) -> Mapping[str, Sequence[tuple[int, StepRun, ActionRun]]]:
        found: dict[str, list[tuple[int, StepRun, ActionRun]]] = {}
        for at, step in enumerate(self.run.steps):
            if isinstance(step.deed, ActionRun):
                found.setdefault(step.deed.name, []).append((at, step, step.deed))
        return found

    @Once
    def pushes(self) -> "tuple[Push, ...]":
        """Of steps that are surely taken."""
        return tuple(_pushes(self.run.steps))

    def is_understood(self, until: int | None = None) -> bool:
        """No step (up to this one) may do what nobody sees."""
        all_of_them = len(self.run.steps)
        return self._first_strange >= (all_of_them if until is None else min(until, all_of_them))

    @Once
    def _first_strange(self) -> int:
        """Behind all, where there is none."""
        strange = (at for at, step in enumerate(self.run.steps) if not _is_understood(step))
        return next(strange, len(self.run.steps))


@dataclass(frozen=True)
class Push:
    """One reference that a step surely pushes, and the place of the step among the others."""

    at: int
    step: StepRun
    reference: Text
    span: Span
    by: str
    is_by_digest: bool = False
    """No tag is given to it; somebody may do that later."""

    @property
    def registry(self) -> str | None:
        return image_name(self.reference).registry


def image_jobs(checkout: Checkout) -> tuple[ImageJob, ...]:
    runs = checkout.once(workflow_runs)
    return tuple(
        ImageJob(event, workflow, run)
        for event in events_of(checkout)
        for workflow in checkout.once(workflows)
        for run in runs.of(workflow, event)
    )


def _pushes(steps: Sequence[StepRun]) -> Iterator[Push]:
    for at, step in enumerate(steps):
        if step.certainty is not Certainty.ALWAYS:
            continue
        if isinstance(step.deed, ActionRun):
            for deed in _pushed(step.deed):
                yield Push(at, step, deed.reference, deed.reference.span or step.span, BUILD, deed.by_digest)
        else:
            yield from _by_commands(at, step, step.deed)


def _pushed(used: ActionRun) -> Iterator[Deed]:
    told = build_push(used) if used.name == BUILD else None
    if told is not None and told.certainty is Certainty.ALWAYS:
        yield from (act for act in told.acts if isinstance(act, Deed) and act.doing is Doing.PUSHES)


def _by_commands(at: int, step: StepRun, followed: Followed) -> Iterator[Push]:
    for ran in followed.ran:
        words = [word.flat for word in ran.words]
        is_push = ran.program == "docker" and words[1:2] == ["push"] and ran.host is None
        if is_push and ran.certainty is Certainty.ALWAYS and not words[-1].startswith("-"):
            yield Push(at, step, ran.words[-1], ran.span, "docker push")


def pushes_on_its_own(used: ActionRun) -> bool:
    """Whether `push: true` is written, so that it must have names."""
    return (used.inputs.get("push") or Text()).flat.strip().lower() == "true"


def tags_of(used: ActionRun) -> tuple[Text, ...]:
    return lines_and_commas(used.inputs.get("tags"))


def host_of_login(used: ActionRun) -> str | None:
    """None, where it is not known. Without `registry` it is Docker Hub."""
    registry = used.inputs.get("registry", Text())
    if registry.holes:
        return None
    host = registry.flat.strip().lower().removeprefix("https://").partition("/")[0]
    return DOCKER_HUB if not host or host in OTHER_NAMES_OF_DOCKER_HUB else host


def commands(job: ImageJob) -> Iterator[tuple[int, StepRun, Ran]]:
    for at, step in enumerate(job.run.steps):
        for ran in step.commands:
            yield at, step, ran


def is_login(ran: Ran) -> bool:
    words = [word.flat for word in ran.words]
    return "login" in words or any("login" in word or "config.json" in word for word in words)


def first_by_place(found: Iterable[tuple[Span, ImageJob]]) -> dict[Span, list[ImageJob]]:
    """Each place once, with all jobs in which it was met."""
    by_place: dict[Span, list[ImageJob]] = {}
    for span, job in found:
        by_place.setdefault(span, []).append(job)
    return by_place


def _is_understood(step: StepRun) -> bool:
    if isinstance(step.deed, ActionRun):
        return step.deed.name in _UNDERSTOOD
    return not step.deed.undecided and not any(is_login(ran) or _may_do_anything(ran) for ran in step.deed.ran)


def _may_do_anything(ran: Ran) -> bool:
    words = [word.flat for word in ran.words]
    return ran.program in {"make", "task", "just", "curl", "eval", None} or "buildx" in words or "context" in words
