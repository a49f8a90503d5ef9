"""The pipelines of GitLab that a repository has, and what they would do."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.errors import FileNotThere, MalformedFile, UnreadableFile
from wharf.formats.event import Event
from wharf.formats.gitlab.pipeline import Pipeline
from wharf.formats.gitlab.reading import MAIN_FILE, read_pipeline
from wharf.formats.gitlab.runs import Acting, acting_jobs

_SOME_COMMIT: Final = "5f1d0c4e9b7a3826e1c05d94f7b2a86310fe4d7c"
_SOME_TIME: Final = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
_KNOWN_HOSTS_OF_OTHERS: Final = ("github.com", "bitbucket.org", "codeberg.org")


@dataclass(frozen=True)
class Seen:
    """One job that runs because of an event."""

    event: Event
    acting: Acting


def pipelines(checkout: Checkout) -> tuple[Pipeline, ...]:
    """At most one: `.gitlab-ci.yml` with all that it includes. Those that it starts are found by `runs_of`."""
    host = "" if checkout.history.host in _KNOWN_HOSTS_OF_OTHERS else checkout.history.host
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


def jobs(checkout: Checkout) -> tuple[Seen, ...]:
    """All jobs of all pipelines, once for each usual event that they run for."""
    return tuple(
        Seen(event, acting)
        for pipeline in checkout.once(pipelines)
        for event in usual_events(checkout)
        for acting in acting_jobs(pipeline, event, checkout.files)
    )


def usual_events(checkout: Checkout) -> tuple[Event, ...]:
    """The first one decides what is said of a job, where it runs for several."""
    history = checkout.history
    ref = f"refs/heads/{history.default_branch}"
    sha = history.sha or _SOME_COMMIT
    push = Event("push", ref, sha, history.repository, history.default_branch, _SOME_TIME)
    return (
        push,
        Event("push", "refs/tags/v1.2.3", sha, history.repository, history.default_branch, _SOME_TIME),
        Event(
            "pull_request",
            "refs/pull/1/merge",
            sha,
            history.repository,
            history.default_branch,
            _SOME_TIME,
            head_ref="feature",
            base_ref=history.default_branch,
        ),
        Event("push", "refs/heads/feature/login", sha, history.repository, history.default_branch, _SOME_TIME),
        Event("schedule", ref, sha, history.repository, history.default_branch, _SOME_TIME),
        Event("workflow_dispatch", ref, sha, history.repository, history.default_branch, _SOME_TIME),
    )
