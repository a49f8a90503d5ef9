"""`wharf stats`: how often what was pulled from a wharf registry in the last days, and how much room it takes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, NamedTuple, Self

import click

from wharf.cli.api_errand import ApiErrand, api_command
from wharf.cli.moments import ago, moment_of
from wharf.cli.output import Output, shortened, size_in_words
from wharf.cli.registry_name import registry_and_path
from wharf.errors import NotThere, counted
from wharf.oci.members import Members
from wharf.oci.reference import RepositoryName
from wharf.oci.strict_json import JsonValue
from wharf.protocol.api_paths import own

_ABOUT: Final = """\
Tell how often what was pulled from a wharf registry, and how much room it takes: of a repository, of an organisation,
or of the whole registry.

HEAD is no pull, and an image of several platforms is pulled once. Whose pulls they were is told to maintainers only.
"""
_EPILOG: Final = """\
\b
Examples:
  wharf stats registry.example/crew/app
  wharf stats registry.example/crew/app --tag 1.4 --days 90
  wharf stats registry.example/crew --json
"""
_ROWS: Final = 10
_WIDEST: Final = 60
"""Columns of the picture of the days; it stands behind a word at the beginning of its line."""
_LONGEST_NAME: Final = 58
_HEIGHTS: Final = "▁▂▃▄▅▆▇█"
_NOTHING: Final = "·"
_SHORT_DIGEST: Final = 19  # the algorithm, and as much of the digest as people tell images apart by


class StatsAt(NamedTuple):
    """`name` is empty for the whole registry; one segment is an organisation, or else a repository without an owner."""

    registry: str
    name: str

    def __str__(self) -> str:
        return f"{self.registry}/{self.name}" if self.name else self.registry


class StatsParameter(click.ParamType[StatsAt]):
    name = "REGISTRY[/NAME]"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> StatsAt:
        if isinstance(value, StatsAt):
            return value
        registry, path = registry_and_path(str(value))
        return StatsAt(registry, str(RepositoryName.parse(path)) if path else "")


@dataclass(frozen=True, slots=True)
class Room:
    bytes: int
    shared: int
    restorable: int

    @classmethod
    def read(cls, told: Members) -> Self:
        return cls(told.number("bytes"), told.number("shared_bytes"), told.number("restorable_bytes"))


@dataclass(frozen=True, slots=True)
class Version:
    digest: str
    pulls: int
    ever: int
    latest: datetime | None


@dataclass(frozen=True, slots=True)
class Statistics:
    """`ever` is None where it is not of one repository. `told` is the registry's own document, for machines."""

    first: str
    last: str
    ever: int | None
    latest: datetime | None
    days: tuple[int, ...]
    tags: tuple[tuple[str, int], ...]
    versions: tuple[Version, ...]
    packages: tuple[tuple[str, int], ...]
    accounts: tuple[tuple[str, int], ...]
    largest: tuple[tuple[str, int], ...]
    room: Room
    told: dict[str, JsonValue]

    @classmethod
    def read(cls, answer: Members) -> Self:
        return cls(
            first=answer.text("from"),
            last=answer.text("to"),
            ever=answer.number("total") if "total" in answer.values else None,
            latest=moment_of(answer.text("latest")),
            days=tuple(day.number("pulls") for day in answer.each("by_day")),
            tags=_named(answer, "by_tag", "tag", "(by digest)"),
            versions=tuple(_version(row) for row in _each(answer, "by_version")),
            packages=_named(answer, "by_package", "name", ""),
            accounts=_named(answer, "by_account", "account", "(nobody)"),
            largest=tuple((row.text("name"), row.number("bytes")) for row in _each(answer, "largest")),
            room=Room.read(answer.inner("storage")),
            told=answer.values,
        )

    @property
    def pulls(self) -> int:
        return sum(self.days)


async def _stats(errand: ApiErrand, at: StatsAt, *, days: int, tag: str | None) -> None:
    if tag is not None and "/" not in at.name:
        raise click.UsageError("--tag asks for the pulls of one tag: it takes the name of a repository")
    query = {"days": str(days), **({"tag": tag} if tag else {})}
    api, did = errand.api(at.registry), f"tell the statistics of {at}"
    try:
        found = await api.get(_address(at.name), did, Statistics.read, query)
    except NotThere:
        if not at.name or "/" in at.name:
            raise
        found = await api.get(own("packages", at.name, "stats"), did, Statistics.read, query)
    errand.tell(found.told, lambda: _show(errand.output, at, found))


def _address(name: str) -> str:
    if not name:
        return own("stats")
    return own("packages", name, "stats") if "/" in name else own("orgs", name, "stats")


def _show(output: Output, at: StatsAt, found: Statistics) -> None:
    output.heading(shortened(str(at), 80))
    output.lines(f"  {line}" for line in _lines(found, datetime.now(UTC)))
    for heading, rows in _tables(found):
        output.line("")
        output.table([heading, *rows[:_ROWS]], "<".ljust(len(heading), ">"))
        if len(rows) > _ROWS:
            output.note(f"  {len(rows) - _ROWS} more: --json tells them")


def _lines(found: Statistics, now: datetime) -> Iterator[str]:
    within = f"{counted(found.pulls, 'pull')} in {counted(len(found.days), 'day')}"
    yield within if found.ever is None else f"{within}, {found.ever} ever"
    if found.latest is not None:
        yield f"the last one was {ago(found.latest, now)}"
    if found.pulls:
        yield f"{bars(found.days)}  at most {max(_grouped(found.days))}"
        yield f"{found.first} to {found.last}"
    yield _room_in_words(found.room)


def _room_in_words(room: Room) -> str:
    parts = [f"{size_in_words(room.bytes)} stored"]
    if room.shared:
        parts.append(f"{size_in_words(room.shared)} of it shared between repositories")
    if room.restorable:
        parts.append(f"{size_in_words(room.restorable)} only for what was deleted")
    return ", ".join(parts)


def _tables(found: Statistics) -> Iterator[tuple[tuple[str, ...], list[tuple[str, ...]]]]:
    now = datetime.now(UTC)
    versions = [(_short(row.digest), str(row.pulls), str(row.ever), _ago(row.latest, now)) for row in found.versions]
    tables = (
        (("REPOSITORY", "PULLS"), _cells(found.packages)),
        (("TAG", "PULLS"), _cells(found.tags)),
        (("VERSION", "PULLS", "EVER", "LAST PULLED"), versions),
        (("ACCOUNT", "PULLS"), _cells(found.accounts)),
        (
            ("LARGEST", "STORED"),
            [(shortened(name, _LONGEST_NAME), size_in_words(size)) for name, size in found.largest],
        ),
    )
    yield from ((heading, list(rows)) for heading, rows in tables if rows)


def bars(days: Sequence[int]) -> str:
    """A column for each day, or for several of them together where there are many; the oldest first."""
    columns = _grouped(days)
    highest = max(columns, default=0)
    return "".join(_HEIGHTS[(len(_HEIGHTS) * each - 1) // highest] if each else _NOTHING for each in columns)


def _grouped(days: Sequence[int]) -> list[int]:
    """The last group is a whole one: it ends today."""
    size = -(-len(days) // _WIDEST) or 1
    start = len(days) % size
    groups = [sum(days[at : at + size]) for at in range(start, len(days), size)]
    return [sum(days[:start]), *groups] if start else groups


def _cells(rows: Sequence[tuple[str, int]]) -> list[tuple[str, ...]]:
    return [(shortened(name, _LONGEST_NAME), str(pulls)) for name, pulls in rows]


def _ago(moment: datetime | None, now: datetime) -> str:
    return ago(moment, now) if moment else "-"


def _short(digest: str) -> str:
    return digest[:_SHORT_DIGEST]


def _version(row: Members) -> Version:
    return Version(row.text("digest"), row.number("pulls"), row.number("total"), moment_of(row.text("latest")))


def _named(answer: Members, name: str, called: str, unnamed: str) -> tuple[tuple[str, int], ...]:
    return tuple((row.text(called) or unnamed, row.number("pulls")) for row in _each(answer, name))


def _each(answer: Members, name: str) -> tuple[Members, ...]:
    """A list that is not told is an empty one."""
    return answer.each(name) if answer.values.get(name) is not None else ()


stats: Final = api_command(
    "stats",
    _stats,
    _ABOUT,
    _EPILOG,
    [
        click.Argument(["at"], type=StatsParameter(), metavar="REGISTRY[/NAME]"),
        click.Option(
            ["--days"],
            type=click.IntRange(1, 366),
            default=30,
            show_default=True,
            metavar="N",
            help="The last so many days, today included.",
        ),
        click.Option(["--tag"], metavar="TAG", help="Only pulls of this tag."),
    ],
)
