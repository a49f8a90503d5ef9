"""`wharf admin audit`: what was changed in a registry, by whom, when and from where; also what is from now on."""

import re
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Self

import click

from wharf.cli.api_errand import ApiErrand, api_command
from wharf.cli.moments import SinceParameter
from wharf.cli.output import wrapped
from wharf.cli.owner_name import OWNER, OwnerAt
from wharf.oci.members import Members
from wharf.oci.strict_json import JsonValue
from wharf.protocol.api_paths import own

_PAGE: Final = 100
_LAST: Final = 30
_LOOK_EVERY: Final = 1.0
_INDENT: Final = "    "
_DIGEST: Final = re.compile(r"(sha\d+:[0-9a-f]{12})[0-9a-f]+")
_ABOUT: Final = """\
Tell what was changed in a registry, or at one owner in it: who, what, when and from where.

The last 30 entries, unless told else. With --json one object stands on each line, and without --last these are all that
there are: the export.
"""
_EPILOG: Final = """\
\b
Examples:
  wharf admin audit registry.example
  wharf admin audit registry.example/crew --since 7d --action package
  wharf admin audit registry.example --follow
  wharf admin audit registry.example --json > audit.jsonl
"""

Filter = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Entry:
    """`told` is the registry's own document, for machines."""

    id: int
    happened_at: str
    actor: str
    credential: str
    address: str
    action: str
    target: str
    details: Mapping[str, JsonValue]
    told: dict[str, JsonValue]

    @classmethod
    def read(cls, row: Members) -> Self:
        return cls(
            row.number("id"),
            row.text("happened_at"),
            row.text("actor"),
            row.text("credential"),
            row.text("address"),
            row.text("action"),
            row.text("target"),
            row.inner("details").values,
            row.values,
        )

    def lines(self) -> list[str]:
        when = self.happened_at.replace("T", " ").removesuffix("Z")
        facts = [f"{name} {_shown(value)}" for name, value in self.details.items() if value is not None and value != ""]
        facts.append(f"from {self.address} with {self.credential}")
        return [f"{when}  {self.actor}  {self.action}  {self.target}", *wrapped(_INDENT, ", ".join(facts))]


@dataclass(frozen=True, slots=True)
class Log:
    """The log of a place, as it is asked for."""

    errand: ApiErrand
    at: OwnerAt
    wanted: Filter

    async def newest(self, count: int) -> Sequence[Entry]:
        """The oldest of them first."""
        found: list[Entry] = []
        while len(found) < count:
            page = await self._page({"before": str(found[-1].id)} if found else {})
            found += page
            if len(page) < _PAGE:
                break
        return found[:count][::-1]

    async def behind(self, number: int) -> AsyncIterator[Entry]:
        """All that there is behind an entry."""
        while page := await self._page({"after": str(number)}):
            for entry in page:
                yield entry
            if len(page) < _PAGE:
                return
            number = page[-1].id

    async def _page(self, place: Filter) -> Sequence[Entry]:
        path, did = own("owners", self.at.segment, "audit"), f"tell what was changed at {self.at}"
        return await self.errand.api(self.at.registry).every(path, did, Entry.read, {**self.wanted, **place}, 1)


async def _audit(
    errand: ApiErrand,
    at: OwnerAt,
    *,
    since: datetime | None,
    until: datetime | None,
    last: int | None,
    follow: bool,
    **words: str | None,
) -> None:
    moments = {"since": since, "until": until}
    wanted = {name: _iso(moment) for name, moment in moments.items() if moment is not None}
    wanted |= {name: word for name, word in words.items() if word is not None}
    log = Log(errand, at, wanted)
    is_export = last is None and (errand.for_machines or since is not None)
    number = await _tell_each(errand, log.behind(0)) if is_export else await _tell_newest(log, last)
    if follow:
        await _follow(log, number)


async def _tell_newest(log: Log, last: int | None) -> int:
    """The number of the newest, told or not: what comes behind it is new."""
    count = _LAST if last is None else last
    entries = await log.newest(max(1, count))
    for entry in entries[-count:] if count else ():
        _tell(log.errand, entry)
    return entries[-1].id if entries else 0


async def _tell_each(errand: ApiErrand, entries: AsyncIterator[Entry], number: int = 0) -> int:
    async for entry in entries:
        _tell(errand, entry)
        number = entry.id
    return number


async def _follow(log: Log, number: int) -> None:
    import asyncio  # noqa: PLC0415 - start-up time

    while True:
        number = await _tell_each(log.errand, log.behind(number), number)
        await asyncio.sleep(_LOOK_EVERY)


def _tell(errand: ApiErrand, entry: Entry) -> None:
    errand.tell(entry.told, lambda: errand.output.lines(entry.lines()))


def _shown(value: JsonValue) -> str:
    """Nobody compares a digest by eye beyond its beginning."""
    return _DIGEST.sub(r"\1…", str(value).lower() if isinstance(value, bool) else str(value))


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _word(name: str, about: str) -> click.Option:
    return click.Option([f"--{name}"], metavar=name.upper(), help=about)


audit: Final = api_command(
    "audit",
    _audit,
    _ABOUT,
    _EPILOG,
    [
        click.Argument(["at"], type=OWNER, metavar="REGISTRY[/OWNER]"),
        click.Option(["--since"], type=SinceParameter(), help="Only what is younger: 12h, 30d, 2026-11-01."),
        click.Option(["--until"], type=SinceParameter(), help="Only what is older."),
        _word("action", "Only this: package.push, or all that is done to a package."),
        _word("actor", "Only what this account did."),
        _word("target", "Only what was done to this: the name of a repository, a login."),
        click.Option(["--last"], type=click.IntRange(0, 10_000), metavar="N", help="Only the last so many."),
        click.Option(["-f", "--follow"], is_flag=True, help="Go on with what happens from now on."),
    ],
)
