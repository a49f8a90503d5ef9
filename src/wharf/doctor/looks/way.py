"""Looking at a repository's way: what may happen to it, what comes of it, and where what is asked for is not there."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.looks.compose import compose_asked, compose_projects
from wharf.doctor.looks.doings import done_because_of, events_of
from wharf.doctor.looks.kubernetes import images_are_given, kubernetes_asked
from wharf.doctor.looks.scripts import scripts, whatever_is_passed
from wharf.doctor.looks.workflows import workflow_runs, workflows
from wharf.doctor.way.doing import Done, done_by
from wharf.doctor.way.events import hypotheses, pushed_to_default_branch
from wharf.doctor.way.image_name import image_name
from wharf.doctor.way.join import Join, answers, is_open
from wharf.doctor.way.likeness import Likeness, likeness
from wharf.doctor.way.nearness import SAME_COMMIT, commit_in
from wharf.doctor.way.reference import Asked, Pushed
from wharf.doctor.way.way import Answer, Fate, Gap, Turn, Way
from wharf.formats.event import Event
from wharf.formats.github.workflow import Workflow
from wharf.formats.pipeline import JobRun, StepRun
from wharf.formats.shell.ran import Certainty
from wharf.formats.span import Span
from wharf.formats.text import Text

_MOST_SUPPOSED: Final = 400
"""Workflows that are looked at for an event that only might have happened."""
_is_placeholder = re.compile(
    r"[A-Z][A-Z0-9_]*|(?i:.*(?:placeholder|replace|changeme|change-me|todo|xxx).*|local|dev|test)"
).fullmatch
_BUILD_FILES: Final = frozenset(
    {
        "Makefile",
        "makefile",
        "GNUmakefile",
        "justfile",
        "Taskfile.yml",
        "Taskfile.yaml",
        "package.json",
        "skaffold.yaml",
    }
    | {".goreleaser.yml", ".goreleaser.yaml", "build.gradle", "build.gradle.kts", "pom.xml", "Rakefile", "Earthfile"}
)
_pushes = re.compile(
    r"\bpush\b.{0,80}\$|docker.{0,40} push|--push\b|\bjib\b|bootBuildImage|^dockers", re.MULTILINE
).search
_may_concern_images = re.compile(r"docker|podman|kubectl|helm|skopeo|crane|buildah|kaniko|kamal|kustomize").search
_AS_ON_A_PUSH: Final = frozenset({"workflow_dispatch", "schedule", "repository_dispatch", "workflow_run"})
_STANDING: Final = frozenset({"compose", "kubernetes", "kustomize"})
_REPLACING: Final = frozenset({"kubectl set image", "kustomize edit set image", "docker service update"})
_OTHER_CI: Final = (
    "Jenkinsfile",
    ".circleci/",
    "azure-pipelines.yml",
    "cloudbuild.yaml",
    "buildspec.yml",
    ".drone.yml",
    ".woodpecker",
)


def way(checkout: Checkout) -> Way:
    """To be asked for as `checkout.once(way)`."""
    happened = tuple(
        (event, done_because_of(checkout, event, _told_by(checkout, event))) for event in events_of(checkout)
    )
    by_hand = tuple(_done_by_hand(checkout, [done for _, all_done in happened for done in all_done]))
    join = _join(checkout, [*(done for _, all_done in happened for done in all_done), *by_hand])
    turns = tuple(_turn(event, all_done, join) for event, all_done in happened if all_done)
    return Way(turns, tuple(_standing(checkout, join, happened, by_hand)))


def _told_by(checkout: Checkout, event: Event) -> frozenset[str]:
    """Without workflows that do the same on a push: only whether a condition asks for the event makes a difference."""
    every = checkout.once(workflows)
    if checkout.event is not None or event.name not in _AS_ON_A_PUSH:
        return frozenset(workflow.file for workflow in every)
    first = pushed_to_default_branch(checkout.history)
    runs = checkout.once(workflow_runs)
    return frozenset(each.file for each in every if _asks_for_event(each) or not runs.of(each, first))


def _asks_for_event(workflow: Workflow) -> bool:
    steps = (step for job in workflow.jobs for step in job.steps)
    conditions = [*(job.condition for job in workflow.jobs), *(step.condition for step in steps)]
    return any(word in text.flat for text in conditions if text is not None for word in ("event", "inputs"))


def turn_of(checkout: Checkout, event: Event) -> Turn:
    """One event alone, and what is pushed and asked for because of it."""
    done = done_because_of(checkout, event)
    return _turn(event, done, _join(checkout, done))


def _join(checkout: Checkout, done: Sequence[Done]) -> Join:
    elsewhere = any(path.startswith(_OTHER_CI) or _pushes_by_hand(checkout, path) for path in checkout.files.paths())
    pushed = tuple(dict.fromkeys(pushed for each in done for pushed in each.pushed))
    return Join(pushed, checkout.holdings, elsewhere or is_open(done))


def _pushes_by_hand(checkout: Checkout, path: str) -> bool:
    """Files of build tools that push images when somebody asks them to."""
    if path.rpartition("/")[2] not in _BUILD_FILES:
        return False
    text = checkout.parsed(path, lambda text: text)
    return text is not None and bool(_pushes(text.flat))


def _turn(event: Event, all_done: Sequence[Done], join: Join) -> Turn:
    return Turn(
        event,
        tuple(done.job for done in all_done),
        tuple(pushed for done in all_done for pushed in done.pushed),
        tuple(answer for done in all_done for answer in answers(join, done, event)),
    )


def _done_by_hand(checkout: Checkout, in_jobs: Sequence[Done]) -> Iterator[Done]:
    """What scripts do that no job calls, as far as it does not depend on what is passed to them."""
    commands = [ran for done in in_jobs for step in done.job.steps for ran in step.commands]
    called = {span.file for ran in commands for span in (ran.span, *ran.via)}
    event = pushed_to_default_branch(checkout.history)
    for script in checkout.once(scripts):
        if script.path not in called and _may_concern_images(script.text.flat):
            step = StepRun(Span.at(script.path), whatever_is_passed(checkout, script), certainty=Certainty.PERHAPS)
            yield done_by(JobRun(script.path, "", step.span, (step,)), event, checkout.files)


def _standing(
    checkout: Checkout, join: Join, happened: Iterable[tuple[Event, Sequence[Done]]], by_hand: Sequence[Done]
) -> Iterator[Answer]:
    """What stands in files, unless a job asks for it itself or rewrites the file before."""
    done = [each for _, all_done in happened for each in all_done]
    asked_by_jobs = {(asked.span.file, asked.span.line) for each in done for asked in (*each.asked, *each.probed)}
    rewritten = {name for each in done for name in each.rewritten}
    supposing = _Supposing(checkout, [*join.pushed], {each.job.file for each in done})
    by_people = (replace(asked, event=None) for each in by_hand for asked in each.asked)
    replaced = _replaced([*done, *by_hand])
    made_there = {name for each in (*done, *by_hand) for name in each.made_there}
    for asked in dict.fromkeys([*_asked_in_files(checkout), *by_people]):
        file = asked.span.file
        is_theirs = (file, asked.span.line) in asked_by_jobs or bool(rewritten & set(file.split("/")))
        is_replaced = asked.by in _STANDING and image_name(asked.reference).repository in replaced
        is_made_there = asked.by == "compose" and image_name(asked.reference) in made_there
        if not is_theirs and not is_replaced and not is_made_there and not _stands_in_for_another(asked):
            answer = _standing_answer(asked, join, checkout, supposing)
            if not (asked.by in _STANDING and _may_be_changed(answer, checkout)):
                yield answer


def _may_be_changed(answer: Answer, checkout: Checkout) -> bool:
    """Nothing that is pushed is near to it, and what is deployed is written by something that was not followed."""
    is_near = any(one.gap is Gap.VERSION_PREFIX or one.gap in SAME_COMMIT for one in answer.near)
    return answer.fate is Fate.NEVER_PUSHED and not is_near and checkout.once(images_are_given)


def _replaced(done: Iterable[Done]) -> frozenset[Text]:
    """Repositories whose images are put into files, or into the cluster itself, when they are deployed."""
    return frozenset(
        image_name(asked.reference).repository for each in done for asked in each.asked if asked.by in _REPLACING
    )


def _asked_in_files(checkout: Checkout) -> Iterator[Asked]:
    for project in checkout.once(compose_projects):
        yield from compose_asked(project)
    yield from checkout.once(kubernetes_asked)


def _stands_in_for_another(asked: Asked) -> bool:
    tag = image_name(asked.reference).tag
    return (tag is not None and bool(_is_placeholder(tag.flat))) or not image_name(asked.reference).has_valid_tag


def _standing_answer(asked: Asked, join: Join, checkout: Checkout, supposing: "_Supposing") -> Answer:
    event = asked.event or pushed_to_default_branch(checkout.history)
    first = join.answer(asked, event)
    tag = image_name(asked.reference).tag
    if first.fate is not Fate.NEVER_PUSHED or tag is None or any(one.gap is Gap.REPOSITORY for one in first.near):
        return first
    supposed = supposing.pushed(image_name(asked.reference).repository, tag.flat)
    about_it = (each.event for each in supposed if commit_in(tag.flat, each.event.sha) or each.event.tag)
    return join.answer(asked, next(about_it, event), supposed)


class _Supposing:
    """What would be pushed by other events, by workflows that may have to do with the image that is asked for."""

    def __init__(self, checkout: Checkout, pushed: Sequence[Pushed], started: Collection[str]) -> None:
        self._checkout = checkout
        self._pushed = pushed
        self._never_started = {each.file for each in checkout.once(workflows) if each.file not in started}
        self._left = _MOST_SUPPOSED
        self._known: dict[tuple[str, str], tuple[Pushed, ...]] = {}

    def pushed(self, repository: Text, tag: str) -> tuple[Pushed, ...]:
        """Only so much is tried."""
        asked = (repository.flat, tag)
        if asked not in self._known:
            self._known[asked] = tuple(dict.fromkeys(self._tried(repository, tag)))
        return self._known[asked]

    def _tried(self, repository: Text, tag: str) -> Iterator[Pushed]:
        files = self._never_started | set(self._files_for(repository))
        for event in hypotheses(tag, self._checkout.once(workflows), self._checkout.history):
            self._left -= len(files)
            if self._left < 0:
                return
            for done in done_because_of(self._checkout, event, files):
                yield from done.pushed

    def _files_for(self, repository: Text) -> Iterator[str]:
        for each in self._pushed:
            if likeness(image_name(each.reference).repository, repository) is not Likeness.NO:
                yield each.file
                yield from (span.file for span in each.via)
