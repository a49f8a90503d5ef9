"""`wharf tags`: the tags of a repository, in the order that people expect, with what they lead to."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from fnmatch import fnmatchcase
from functools import partial
from typing import Final

import click

from wharf.cli.images.arrivals import short
from wharf.cli.images.errand import Errand, image_command
from wharf.cli.images.natural_order import natural_key
from wharf.cli.images.tag_facts import TagFacts, bare, facts_of
from wharf.cli.images.words import REPOSITORY
from wharf.cli.moments import SinceParameter, ago
from wharf.cli.output import Json, Output, size_in_words
from wharf.client.client import RegistryClient
from wharf.client.hints import FEW_PAGES, repository_unknown
from wharf.errors import RepositoryUnknown, counted
from wharf.images.choose import this_machine
from wharf.oci.reference import DOCKER_HUB, Reference, RepositoryName, Tag

_FEW: Final = 50
_UNKNOWN: Final = "-"
_ABOUT: Final = """\
List the tags of a repository, by name: 1.9 before 1.10, and 2.0-rc1 before 2.0.

Digest, age and size of each are shown for up to 50 tags, since each has to be asked for; --details asks for any
number. On Docker Hub that counts as pulling them, so there it is done only with --details. Age and size are those of
the image for this machine, where there are several.
"""
_EPILOG: Final = """\
\b
Examples:
  wharf tags registry.example/team/app
  wharf tags registry.example/team/app --filter '1.*' --sort age --limit 5
  wharf tags registry.example/team/app --names
"""


class Sort(StrEnum):
    NAME = "name"
    AGE = "age"
    SIZE = "size"


async def _tags(
    errand: Errand,
    repository: Reference,
    *,
    names: bool,
    details: bool,
    sort: str,
    reverse: bool,
    filters: tuple[str, ...],
    newer_than: datetime | None,
    limit: int | None,
) -> None:
    source = errand.remotes.repository(repository)
    order = Sort(sort)
    needed = details or order is not Sort.NAME or newer_than is not None
    if names and needed:
        raise click.UsageError("--names asks for names only: it does not go with --details, --sort or --newer-than")
    every = [
        tag
        for tag in await _listed(source.client, repository.repository)
        if not filters or any(fnmatchcase(str(tag), each) for each in filters)
    ]
    wanted = sorted(every, key=lambda tag: natural_key(str(tag)), reverse=reverse and order is Sort.NAME)
    if order is Sort.NAME and newer_than is None:
        wanted = wanted[:limit]
    asked = needed or not (names or len(wanted) > _FEW or repository.registry == DOCKER_HUB)
    rows = await facts_of(source, wanted, this_machine()) if asked else bare(wanted)
    rows = _ordered([row for row in rows if _is_newer(row, newer_than)], order, reverse=reverse)[:limit]
    errand.tell(_document(repository, rows), lambda: _show(errand.output, rows, asked=asked, all_asked=names))


async def _listed(client: RegistryClient, name: RepositoryName) -> tuple[Tag, ...]:
    try:
        return await client.tags(name)
    except RepositoryUnknown:
        raise await repository_unknown(client.registry, name, partial(client.catalog, most_pages=FEW_PAGES)) from None


def _is_newer(row: TagFacts, moment: datetime | None) -> bool:
    return moment is None or (row.image.created is not None and row.image.created >= moment)


def _ordered(rows: list[TagFacts], order: Sort, *, reverse: bool) -> list[TagFacts]:
    """The newest or the largest first; what is not known comes last in any case."""
    if order is Sort.NAME:
        return rows
    measure = _MEASURES[order]
    known = [row for row in rows if measure(row) is not None]
    unknown = [row for row in rows if measure(row) is None]
    return sorted(known, key=lambda row: measure(row) or 0, reverse=not reverse) + unknown


def _age(row: TagFacts) -> float | None:
    return row.image.created.timestamp() if row.image.created else None


def _size(row: TagFacts) -> float | None:
    return row.image.size


_MEASURES: Final[dict[Sort, Callable[[TagFacts], float | None]]] = {Sort.AGE: _age, Sort.SIZE: _size}


def _show(output: Output, rows: Sequence[TagFacts], *, asked: bool, all_asked: bool) -> None:
    if asked and rows:
        now = datetime.now(UTC)
        output.table([("TAG", "DIGEST", "BUILT", "SIZE"), *(_cells(row, now) for row in rows)], "<<<>")
        return
    for row in rows:
        output.line(str(row.tag))
    if not rows:
        output.note("no tags")
    elif not all_asked:
        output.note(
            f"{counted(len(rows), 'tag')}: --details asks for digest, age and size of each; --limit and --filter choose"
        )


def _cells(row: TagFacts, now: datetime) -> tuple[str, str, str, str]:
    if row.digest is None:
        return (str(row.tag), _UNKNOWN, row.image.flaw, _UNKNOWN)
    built = row.image.flaw or (ago(row.image.created, now) if row.image.created else _UNKNOWN)
    size = _UNKNOWN if row.image.size is None else size_in_words(row.image.size)
    return (str(row.tag), short(row.digest), built, size)


def _document(repository: Reference, rows: Sequence[TagFacts]) -> Json:
    return {"repository": str(repository), "tags": [_as_json(row) for row in rows]}


def _as_json(row: TagFacts) -> Json:
    if row.digest is None:
        return {"name": str(row.tag), **({"flaw": row.image.flaw} if row.image.flaw else {})}
    return {
        "name": str(row.tag),
        "digest": str(row.digest),
        "mediaType": row.media_type,
        "created": row.image.created.isoformat() if row.image.created else None,
        "size": row.image.size,
        "platforms": list(row.image.platforms),
        **({"flaw": row.image.flaw} if row.image.flaw else {}),
    }


tags: Final = image_command(
    "tags",
    _tags,
    _ABOUT,
    _EPILOG,
    [
        click.Argument(["repository"], type=REPOSITORY),
        click.Option(["--names"], is_flag=True, help="Only names, and nothing asked about them."),
        click.Option(["--details"], is_flag=True, help="Digest, age and size, however many tags there are."),
        click.Option(
            ["--sort"],
            type=click.Choice([order.value for order in Sort]),
            default=Sort.NAME.value,
            help="Default: name; age: newest first.",
        ),
        click.Option(["--reverse"], is_flag=True, help="The other way round."),
        click.Option(["filters", "--filter"], multiple=True, metavar="GLOB", help="Only these, such as '1.*'."),
        click.Option(["--newer-than"], type=SinceParameter(), help="Built since: 12h, 30d, 6w, or 2026-11-01."),
        click.Option(["--limit"], type=click.IntRange(min=1), metavar="N", help="So many at most."),
    ],
)
