"""The pipelines of GitLab that a repository has, what they would do, and the runners that it sets up for them."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.history import SOME_COMMIT
from wharf.errors import FileNotThere, MalformedFile, UnreadableFile
from wharf.formats.event import Event
from wharf.formats.gitlab.flaws import Flaw, Wrong
from wharf.formats.gitlab.pipeline import Pipeline
from wharf.formats.gitlab.reading import MAIN_FILE, read_pipeline
from wharf.formats.gitlab.runner import Runners, is_about_runners, parse_runners
from wharf.formats.gitlab.runs import Acting, acting_jobs
from wharf.formats.text import Text

_SOME_TIME: Final = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
_LIKE_A_PUSH: Final = ("schedule", "workflow_dispatch")
"""They are looked at for the jobs that run for nothing else."""
_KINDS_OF_REFS: Final = frozenset(
    {"branches", "tags", "api", "chat", "external", "external_pull_requests", "merge_requests", "pipelines", "pushes"}
    | {"schedules", "triggers", "web"}
)
_MOST_BRANCHES: Final = 3
_is_name = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,100}").fullmatch
_branch = re.compile(r"""\$\{?CI_COMMIT_(?:BRANCH|REF_NAME)\}?\s*==\s*["']([A-Za-z0-9][A-Za-z0-9._/-]{0,100})["']""")
_HOSTS_OF_OTHERS: Final = ("github.com", "bitbucket.org", "codeberg.org")


@dataclass(frozen=True)
class Seen:
    """One job that runs because of an event."""

    event: Event
    acting: Acting
    is_usual: bool
    """The event is a push to the default branch, or the one that was asked about."""


def pipelines(checkout: Checkout) -> tuple[Pipeline, ...]:
    """At most one: `.gitlab-ci.yml` with all that it includes. Those that it starts are found by `runs_of`."""
    host = "" if checkout.history.host in _HOSTS_OF_OTHERS else checkout.history.host
    try:
        pipeline = read_pipeline(checkout.files, MAIN_FILE, host)
    except FileNotThere:
        return ()
    except (MalformedFile, UnreadableFile) as problem:
        checkout.note(problem)
        return ()
    for each in pipeline.problems:
        checkout.note(each)
    return (pipeline,)


def flaws(checkout: Checkout, *kinds: Wrong) -> Iterable[Flaw]:
    return (flaw for pipeline in checkout.once(pipelines) for flaw in pipeline.flaws if flaw.kind in kinds)


def jobs(checkout: Checkout) -> tuple[Seen, ...]:
    """All jobs of all pipelines, once for each usual event that they run for."""
    found: list[Seen] = []
    for pipeline in checkout.once(pipelines):
        for number, event in enumerate(usual_events(checkout)):
            known = {seen.acting.job.name for seen in found} if event.name in _LIKE_A_PUSH else ()
            acting = acting_jobs(pipeline, event, checkout.files, without=known)
            found += (Seen(event, each, is_usual=number == 0) for each in acting)
    return tuple(found)


def usual_events(checkout: Checkout) -> tuple[Event, ...]:
    """The first one decides what is said of a job, where it runs for several."""
    if checkout.event:
        return (checkout.event,)
    main = checkout.history.default_branch
    return (
        _event(checkout, "push", f"refs/heads/{main}"),
        _event(checkout, "push", "refs/tags/v1.2.3"),
        _event(checkout, "pull_request", "refs/pull/1/merge"),
        _event(checkout, "push", "refs/heads/feature/login"),
        *(_event(checkout, "push", f"refs/heads/{name}") for name in _branches_named(checkout)),
        _event(checkout, "schedule", f"refs/heads/{main}"),
        _event(checkout, "workflow_dispatch", f"refs/heads/{main}"),
    )


def _branches_named(checkout: Checkout) -> Iterator[str]:
    """Others than the default one that jobs are for: `develop`, `staging`."""
    found: dict[str, None] = {}
    for pipeline in checkout.once(pipelines):
        for job in pipeline.jobs:
            refs = job.only.refs if job.only and job.only.refs else ()
            found |= {ref.flat: None for ref in refs if ref.flat not in _KINDS_OF_REFS and _is_name(ref.flat)}
            rules = (rule.expression.flat for rule in job.rules or () if rule.expression is not None)
            found |= {name: None for rule in rules for name in _branch.findall(rule)}
    found.pop(checkout.history.default_branch, None)
    yield from islice(found, _MOST_BRANCHES)


def runners(checkout: Checkout) -> tuple[Runners, ...]:
    """Of every `config.toml` that is about runners, and of files that are called after them."""
    paths = [path for path in checkout.files.paths() if _may_be_about_runners(path)]
    found = (checkout.parsed(path, _runners) for path in sorted(paths))
    return tuple(each for each in found if each is not None)


def _may_be_about_runners(path: str) -> bool:
    name = path.rsplit("/", 1)[-1].lower()
    return name == "config.toml" or ("runner" in name and name.endswith(".toml"))


def _runners(text: Text) -> Runners | None:
    return parse_runners(text) if is_about_runners(text) else None


def _event(checkout: Checkout, name: str, ref: str) -> Event:
    history = checkout.history
    return Event(
        name,
        ref,
        history.sha or SOME_COMMIT,
        history.repository,
        history.default_branch,
        _SOME_TIME,
        commit_date=history.commit_date,
        base_ref=history.default_branch if name == "pull_request" else "",
        head_ref="feature" if name == "pull_request" else "",
    )
