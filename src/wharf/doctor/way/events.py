"""What may happen to a repository, so that its CI runs, and what must have happened for a tag to be pushed."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from wharf.doctor.history import SOME_COMMIT, History
from wharf.formats.event import BRANCHES, PULLS, TAGS, Event
from wharf.formats.github.workflow import Filter, Workflow

_UNKNOWN_REPOSITORY: Final = "owner/repository"
_USUAL_TAG: Final = "v1.2.3"
_MOST_SAMPLES: Final = 6
_MOST_KINDS: Final = 3
_CALLED: Final = "workflow_call"
_BY_TRIGGER: Final = frozenset({"push", "pull_request", "pull_request_target", "release", _CALLED})
_stars = re.compile(r"\*+")
_class = re.compile(r"\[[^\]]*\][+*?]?|\\.|[?+]")
_special = re.compile(r"[*?+\\[\\\\]")
_named_branch = re.compile(r"refs/heads/([\w./-]+)|ref_name\s*==\s*'([\w./-]+)'")
_commit = re.compile(r"(?<![0-9a-zA-Z])[0-9a-f]{7,40}(?![0-9a-zA-Z])")
_version = re.compile(r"[0-9]+(?:\.[0-9]+){0,2}(?:-(?:rc|alpha|beta|pre|dev)[0-9A-Za-z.-]*)?")
_date = re.compile(r"(20[0-9]{2})-?([01][0-9])-?([0-3][0-9])")
_pull = re.compile(r"pr-?([0-9]{1,6})").fullmatch


def pushed_to_default_branch(history: History) -> Event:
    return Event(
        "push",
        BRANCHES + history.default_branch,
        history.sha or SOME_COMMIT,
        history.repository or _UNKNOWN_REPOSITORY,
        history.default_branch,
        history.commit_date or datetime.now(UTC),
        commit_date=history.commit_date,
    )


def possible_events(workflows: Sequence[Workflow], history: History, *, has_pipelines: bool) -> tuple[Event, ...]:
    """The most usual first. Each is about the same commit."""
    first = pushed_to_default_branch(history)
    names = {trigger.name.flat for workflow in workflows for trigger in workflow.triggers}
    if has_pipelines:
        names |= {"push", "pull_request"}
    events = [first] if "push" in names else []
    if "push" in names:
        events += (replace(first, ref=BRANCHES + branch) for branch in _branches(workflows, history))
        events += (replace(first, ref=TAGS + tag) for tag in _tags(workflows, history))
    if "release" in names:
        tag = next(iter(_tags(workflows, history)))
        kinds = _kinds(workflows, "release") or ("published",)
        events += (replace(first, name="release", ref=TAGS + tag, action=kind) for kind in kinds)
    for name in ("pull_request", "pull_request_target"):
        kinds = _kinds(workflows, name) or ("opened",)
        events += (_pulled(first, name, "1", kind) for kind in kinds if name in names)
    events += (replace(first, name=name) for name in sorted(names - _BY_TRIGGER))
    return tuple(dict.fromkeys(events)) or (first,)


def _kinds(workflows: Iterable[Workflow], name: str) -> tuple[str, ...]:
    """Which `types` of an event workflows name, each of which may start something else."""
    triggers = (workflow.trigger(name) for workflow in workflows)
    kinds = [kind.flat for trigger in triggers if trigger is not None for kind in trigger.types or ()]
    usual = [kind for kind in ("published", "opened") if kind in kinds]
    return tuple(dict.fromkeys([*usual, *kinds]))[:_MOST_KINDS]


def _pulled(first: Event, name: str, number: str, kind: str = "opened") -> Event:
    ref = f"{PULLS}{number}/merge" if name == "pull_request" else first.ref
    return replace(
        first,
        name=name,
        ref=ref,
        action=kind,
        base_ref=first.default_branch,
        head_ref="feature",
        head_sha=first.sha,
    )


def _branches(workflows: Iterable[Workflow], history: History) -> tuple[str, ...]:
    """Other branches that workflows name."""
    named = [*(_sample(pattern) for pattern in _patterns(workflows, "branches")), *_in_conditions(workflows)]
    return tuple(dict.fromkeys(name for name in named if name and name != history.default_branch))[:_MOST_SAMPLES]


def _in_conditions(workflows: Iterable[Workflow]) -> Iterator[str]:
    for job in (job for workflow in workflows for job in workflow.jobs):
        for condition in (job.condition, *(step.condition for step in job.steps)):
            found = _named_branch.finditer(condition.flat) if condition is not None else ()
            yield from (each[1] or each[2] for each in found)


def _tags(workflows: Iterable[Workflow], history: History) -> tuple[str, ...]:
    named = (_sample(pattern) for pattern in _patterns(workflows, "tags"))
    return tuple(dict.fromkeys([*history.tags[:1], _USUAL_TAG, *(name for name in named if name)]))[:_MOST_SAMPLES]


def _patterns(workflows: Iterable[Workflow], kind: str) -> Iterator[str]:
    for workflow in workflows:
        trigger = workflow.trigger("push")
        filter_: Filter | None = (trigger.branches if kind == "branches" else trigger.tags) if trigger else None
        if filter_ is not None and not filter_.ignores:
            yield from (pattern.flat for pattern in filter_.patterns if not pattern.flat.startswith("!"))


def _sample(pattern: str, version: str = "") -> str:
    """A name that most likely fits the pattern."""
    numbers = iter("123456789")
    plain = _class.sub(lambda _: next(numbers, "0"), pattern)
    if version and plain.count("*"):
        return _stars.sub("", _stars.sub(lambda _: version, plain, count=1))
    whole = _USUAL_TAG.removeprefix("v") if _stars.fullmatch(plain.lstrip("v")) else ""
    return _stars.sub(lambda _: whole or next(numbers, "0"), plain)


def hypotheses(tag: str, workflows: Sequence[Workflow], history: History) -> tuple[Event, ...]:
    """Events that would perhaps push an image with this tag. The likeliest first."""
    first = pushed_to_default_branch(history)
    kinds = _kinds(workflows, "release") or ("published",)
    return tuple(dict.fromkeys(_supposed(tag, first, tuple(_patterns(workflows, "tags")), kinds)))


def _supposed(tag: str, first: Event, tag_patterns: Sequence[str], releases: Sequence[str]) -> Iterator[Event]:
    if commit := _commit.search(tag):
        yield replace(first, sha=commit[0].ljust(40, "0"))
    for name in _git_tags(tag, tag_patterns):
        yield replace(first, ref=TAGS + name)
        yield from (replace(first, name="release", ref=TAGS + name, action=kind) for kind in releases)
    if pull := _pull(tag):
        yield _pulled(first, "pull_request", pull[1])
    for branch in (tag, tag.replace("-", "/", 1)):
        yield replace(first, ref=BRANCHES + branch)
    if found := _date.search(tag):
        yield from _on(found, first)


def _on(found: "re.Match[str]", first: Event) -> Iterator[Event]:
    try:
        day = datetime(int(found[1]), int(found[2]), int(found[3]), tzinfo=UTC)
    except ValueError:
        return
    yield replace(first, now=day, commit_date=day)
    yield replace(first, name="schedule", now=day, commit_date=day)


def _git_tags(tag: str, patterns: Sequence[str]) -> Iterator[str]:
    yield tag
    if (found := _version.search(tag)) is None:
        return
    version = found[0]
    whole = version if "-" in version else ".".join([*version.split("."), "0", "0"][:3])
    for each in dict.fromkeys((version, whole)):
        yield f"v{each}"
        yield each
    yield from (f"{_special.split(pattern, maxsplit=1)[0]}{whole}" for pattern in patterns[:_MOST_SAMPLES])
