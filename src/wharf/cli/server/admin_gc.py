"""`wharf admin gc`: collect garbage beside a running registry, or say what would go and why."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final, TypeVar

import click

from wharf.cli.output import Output
from wharf.cli.server.gc_report import Detail, Rehearsal, Report, ReportForMachines, ReportForPeople
from wharf.cli.server.setting_options import config_option, option, settings_of_folder
from wharf.cli.surroundings import Surroundings
from wharf.errors import StoreProblem
from wharf.registry.collecting import collect, rehearse
from wharf.registry.services.garbage import Reclaimed, Terms
from wharf.registry.settings.accounts import KEEP_DELETED
from wharf.registry.settings.sources import Setting, read_flag, strange_variables
from wharf.registry.settings.table import (
    COLLECTING,
    DATA,
    GC_GRACE,
    GC_UNTAGGED,
    TABLE,
    UPLOAD_AGE,
    Settings,
)

T = TypeVar("T")

_ABOUT: Final = """\
Collect garbage. The registry may go on serving; pushes and pulls do not wait.

What goes: manifests that were deleted too long ago to be restored, blobs that nothing names any more, copies that
serve no blob, uploads that nobody went on with, and, if an age is set for them, manifests that no tag, index or
subject keeps.
"""
_EPILOG: Final = """\
\b
Examples:
  wharf admin gc --dry-run
  wharf admin gc --data /srv/wharf --grace 1h --untagged 30d
  wharf admin gc --json
"""


@click.pass_obj
def _collect(
    surroundings: Surroundings,
    /,
    config: str | None,
    data: str | None,
    *,
    dry_run: bool,
    verbose: bool,
    as_json: bool,
    **durations: str | None,
) -> None:
    output = Output(surroundings)
    settings = settings_of_folder(surroundings, data, config, COLLECTING)
    rehearsal = Rehearsal.WOULD_GO if dry_run else Rehearsal.WENT
    detail = Detail.EACH_THING if verbose or dry_run else Detail.SUMMARY
    if not as_json:
        for warning in strange_variables(surroundings.environ, TABLE):
            output.warn(warning)
    report: Report = (ReportForMachines if as_json else ReportForPeople)(output, settings.data, rehearsal, detail)
    terms = _terms(settings, durations)
    found = rehearse(settings, terms) if dry_run else collect(settings, terms)
    with store_errors(settings.data):
        asyncio.run(_tell_each(found, report))
    report.close()


def _terms(settings: Settings, durations: Mapping[str, str | None]) -> Terms:
    return Terms(
        grace=_term(GC_GRACE, "grace", durations, settings.gc_grace),
        upload_age=_term(UPLOAD_AGE, "upload-age", durations, settings.upload_age),
        untagged_age=_term(GC_UNTAGGED, "untagged", durations, settings.gc_untagged),
        keep_deleted=_term(KEEP_DELETED, "keep-deleted", durations, settings.keep_deleted),
    )


def _term(setting: Setting[T], flag: str, given: Mapping[str, str | None], otherwise: T) -> T:
    text = given[flag.replace("-", "_")]
    return otherwise if text is None else read_flag(setting, flag, text)


async def _tell_each(found: AsyncIterator[Reclaimed], report: Report) -> None:
    async for thing in found:
        report.tell(thing)


@contextmanager
def store_errors(data: Path) -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:  # not the store: the reader of what we print went away
        raise
    except OSError as error:
        raise StoreProblem(
            f"the store cannot be worked on: {error.strerror}",
            evidence=[f"while at: {error.filename or data}"],
            next_step="run it as the user that the registry runs as",
        ) from error


gc: Final = click.Command(
    "gc",
    callback=_collect,
    help=_ABOUT,
    epilog=_EPILOG,
    params=[
        option(DATA),
        option(GC_GRACE, "--grace"),
        option(GC_UNTAGGED, "--untagged"),
        option(UPLOAD_AGE),
        option(KEEP_DELETED),
        config_option(),
        click.Option(["--dry-run"], is_flag=True, help="Take nothing; say what would go, and why."),
        click.Option(["-v", "--verbose"], is_flag=True, help="Say what went, and why, thing by thing."),
        click.Option(["as_json", "--json"], is_flag=True, help="Print one JSON object, for machines."),
    ],
)
