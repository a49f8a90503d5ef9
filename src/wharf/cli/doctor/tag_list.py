"""What CI will push alone: event by event and job by job, so that a team can see what its rules for tags do."""

from collections.abc import Iterable, Iterator

from wharf.cli.doctor.drawn import Part
from wharf.cli.doctor.reasons import reason_in_words
from wharf.cli.doctor.wishes import Wishes
from wharf.cli.doctor.words import NO_TAGS, NOT_PUSHED, UNDECIDED
from wharf.cli.exit_codes import OK
from wharf.cli.output import Json, Output, wrapped
from wharf.doctor.checkout import Checkout
from wharf.doctor.language import Language
from wharf.doctor.looks.doings import events_of, tags_view
from wharf.doctor.picture.picture import event_in_words
from wharf.doctor.way.way import JobTags
from wharf.formats.event import Event


def list_tags(output: Output, checkout: Checkout, wishes: Wishes, language: Language) -> int:
    events = events_of(checkout)
    output.progress("")
    if wishes.as_json:
        output.json(tags_document(events[0], tags_view(checkout, events[0])) if events else {"workflows": []})
        return OK.code
    for event in events:
        for line in tag_lines(event, tags_view(checkout, event), language):
            output.painted(line)
    return OK.code


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
        yield [(f"  {job.file} › {job.job}" if job.job else f"  {job.file}", "")]
        mark = "" if job.is_pushed else f"  ({NOT_PUSHED.in_(language)})"
        for reference in job.references:
            yield [(f"    {reference.shown}", "green" if job.is_pushed else "dim"), (mark, "dim")]
        for hole in job.undecided:
            place = f" ({hole.span})" if hole.span else ""
            said = f"{UNDECIDED.in_(language)}: {reason_in_words(hole.reason).in_(language)}{place}"
            yield from ([(line, "yellow")] for line in wrapped("    ? ", said))
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
