"""What a repository's people know of and leave as it is: rules that are not to be told of, each with a reason.

# wharf.toml
[[doctor.ignore]]
rule = "latest-only"
files = ["deploy/preview/*.yml"]        # optional: without it, everywhere
reason = "previews are thrown away every night"
"""

import tomllib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final

from wharf.doctor.examine import Found
from wharf.doctor.tables import Table
from wharf.errors import FileNotThere, SettingRefused
from wharf.formats.files import Files
from wharf.oci.nearness import nearest

FILE: Final = "wharf.toml"
EVERY_RULE: Final = "*"
"""For files that are examples, or are another repository's: they are to be named."""


@dataclass(frozen=True, slots=True)
class Ignore:
    rule: str
    files: tuple[str, ...]
    reason: str

    def covers(self, found: Found) -> bool:
        file = found.finding.span.file
        return self.rule in {found.rule.id, EVERY_RULE} and (
            not self.files or any(fnmatchcase(file, pattern) for pattern in self.files)
        )


@dataclass(frozen=True)
class Sifted:
    """`idle` ones cover nothing any longer."""

    told: tuple[Found, ...]
    ignored: tuple[tuple[Found, Ignore], ...]
    idle: tuple[Ignore, ...]


def ignores_of(files: Files, rules: Collection[str]) -> tuple[Ignore, ...]:
    """None, where there is no such file. SettingRefused, where it speaks of a rule that is not there."""
    try:
        text = files.read(FILE).flat
    except FileNotThere:
        return ()
    try:
        table = Table(tomllib.loads(text), FILE).table("doctor")
    except (ValueError, RecursionError) as error:  # a number of very many digits is a ValueError alone
        raise SettingRefused("file", "", FILE, f"this is not TOML: {error}") from None
    ignores = tuple(_ignore(row, rules) for row in table.tables("ignore"))
    table.end()
    return ignores


def sifted(found: Iterable[Found], ignores: Collection[Ignore]) -> Sifted:
    told: list[Found] = []
    ignored: list[tuple[Found, Ignore]] = []
    for each in found:
        ignore = next((ignore for ignore in ignores if ignore.covers(each)), None)
        if ignore is None:
            told.append(each)
        else:
            ignored.append((each, ignore))
    used = {ignore for _, ignore in ignored}
    return Sifted(tuple(told), tuple(ignored), tuple(ignore for ignore in ignores if ignore not in used))


def _ignore(row: Table, rules: Collection[str]) -> Ignore:
    ignore = Ignore(row.text("rule"), row.texts("files"), row.text("reason", ""))
    if ignore.rule == EVERY_RULE and not ignore.files:
        raise row.refused("files", "", "say which: to ignore everything everywhere is not to look at all")
    if ignore.rule not in {*rules, EVERY_RULE}:
        near = nearest(ignore.rule, rules, 1)
        raise row.refused("rule", ignore.rule, f"there is no such rule{f'; did you mean {near[0]}?' if near else ''}")
    if not ignore.reason:
        raise row.refused("reason", "", "say why: whoever reads it later was not there")
    row.end()
    return ignore
