"""Pipelines that tests write down, and events that happen to them."""

from datetime import UTC, datetime
from textwrap import dedent

from wharf.formats.event import Event
from wharf.formats.files import WrittenFiles
from wharf.formats.gitlab.flaws import Wrong
from wharf.formats.gitlab.pipeline import Job, Pipeline
from wharf.formats.gitlab.reading import read_pipeline
from wharf.formats.gitlab.runs import acting_jobs
from wharf.formats.gitlab.values import Values
from wharf.formats.shell.ran import Certainty

SHA = "453a6545b97fe240727c378291230abeb793d851"


def written(main: str, **others: str) -> WrittenFiles:
    """Others by their paths, with `__` for `/` and `.yml` behind them."""
    files = {name.replace("__", "/") + ".yml": dedent(content) for name, content in others.items()}
    return WrittenFiles({".gitlab-ci.yml": dedent(main), **files})


def pipeline(main: str, **others: str) -> Pipeline:
    return read_pipeline(written(main, **others), host="gitlab.com")


def job(main: str, name: str = "build", **others: str) -> Job:
    return next(job for job in pipeline(main, **others).jobs if job.name == name)


def flaws(main: str, **others: str) -> list[tuple[Wrong, str, int]]:
    return [(flaw.kind, flaw.subject, flaw.span.line) for flaw in pipeline(main, **others).flaws]


def happened(name: str = "push", ref: str = "refs/heads/main", *, base: str = "", head: str = "") -> Event:
    now = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    return Event(name, ref, SHA, "Acme/App", "main", now, base_ref=base, head_ref=head)


PUSH = happened()
TAG = happened(ref="refs/tags/v1.2.3")
BRANCH = happened(ref="refs/heads/feature/a_B")
MERGE_REQUEST = happened("pull_request", "refs/pull/7/merge", base="main", head="feature/x")
SCHEDULE = happened("schedule")


def certainties(event: Event, main: str, **others: str) -> dict[str, Certainty]:
    files = written(main, **others)
    acting = acting_jobs(read_pipeline(files, host="gitlab.com"), event, files)
    return {each.job.name: each.run.certainty for each in acting}


def values(event: Event, main: str, name: str = "build", **others: str) -> Values:
    files = written(main, **others)
    acting = acting_jobs(read_pipeline(files, host="gitlab.com"), event, files)
    return next(each.values for each in acting if each.job.name == name)


def said(event: Event, main: str, variable: str, name: str = "build") -> str | None:
    """What a variable says in a job, with its holes shown."""
    text = values(event, main, name).looked(variable)
    return None if text is None else text.shown
