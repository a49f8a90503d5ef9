"""What CI will push alone: event by event and job by job, so that a team can see what its rules for tags do."""

from collections.abc import Iterable, Iterator

from wharf.cli.doctor.drawn import Part
from wharf.cli.doctor.words import NO_TAGS, NOT_PUSHED, UNDECIDED
from wharf.cli.output import Json
from wharf.doctor.language import Language
from wharf.doctor.picture.picture import event_in_words
from wharf.doctor.way.way import JobTags
from wharf.formats.event import Event


def tags_document(event: Event, jobs: Iterable[JobTags]) -> Json:
    return {
        "event": {"name": event.name, "ref": event.ref, "sha": event.sha, "repository": event.repository},
        "workflows": [_job(each) for each in jobs],
    }


def tag_lines(event: Event, jobs: Iterable[JobTags], language: Language) -> Iterator[list[Part]]:
    yield [(event_in_words(event).in_(language), "bold"), (f"  {event.ref} {event.sha[:7]}", "dim")]
    empty = True
    for job in jobs:
        empty = False
        yield [(f"  {job.file} › {job.job}", "")]
        mark = "" if job.is_pushed else f"  ({NOT_PUSHED.in_(language)})"
        for reference in job.references:
            yield [(f"    {reference.shown}", "green" if job.is_pushed else "dim"), (mark, "dim")]
        for hole in job.undecided:
            place = f"  {hole.span}" if hole.span else ""
            yield [(f"    ? {UNDECIDED.in_(language)}: {hole.reason}", "yellow"), (place, "dim")]
    if empty:
        yield [(f"  {NO_TAGS.in_(language)}", "dim")]
    yield []


def _job(job: JobTags) -> Json:
    return {
        "file": job.file,
        "job": job.job,
        "pushed": job.is_pushed,
        "references": [reference.flat for reference in job.references],
        "undecided": [{"place": str(hole.span or ""), "reason": str(hole.reason)} for hole in job.undecided],
    }
