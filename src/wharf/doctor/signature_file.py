"""The form of a file of the catalogue, signatures/ID.toml, and how a signature is read from it.

title.en, title.ko          what happened, in one line
weight                      "failure" (if nothing is said), "consequence" or "remark"
outranks                    signatures that say less about the same text
systems                     on which alone it happens: "linux", "darwin", "windows"
follows                     signatures whose consequence this one is, where both are in one log
errors                      codes of wharf's own errors that are this failure
host                        the registry that alone says so, where a text leaves it out
sources                     where it was read
state.when, state.unless    facts by which a silent one shows
[[patterns]]                text, by (the programs that say it), versions, weight (if it means less than the signature)
[[causes]]                  id, text, probe, when and unless (facts), fix, commands (run, on), patches (file, text)
"""

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from functools import cache, cached_property
from typing import Final, TypeVar, overload

from wharf.doctor.facts import Condition
from wharf.doctor.pattern import Pattern, Program, Weight
from wharf.doctor.plain_toml import plain_rows
from wharf.doctor.probe import Probe, Probes
from wharf.doctor.signature import (
    Cause,
    CauseId,
    Command,
    Fix,
    Patch,
    Signature,
    SignatureId,
    Source,
    System,
)
from wharf.doctor.tables import Table
from wharf.errors import SettingRefused

E = TypeVar("E", bound=Enum)
_FIRST_PATTERN: Final = "\n[[patterns]]\n"
_FIRST_CAUSE: Final = "\n[[causes]]\n"
_more_than_causes = re.compile(r"^\[(?!\[?causes\b)", re.MULTILINE).search
_WEIGHTS: Final = {weight.name.lower(): weight for weight in Weight}


def parse_signature(name: str, text: str, probes: Probes) -> Signature:
    """`name` is that of the file, without its ending: it is the id. All of it is read, and refused if it is wrong."""
    table = _table(name, text)
    return _signature(name, table, _causes(table, probes), probes)


def opened_signature(name: str, text: str, probes: Probes) -> Signature:
    """The same, its causes read when they are asked for: of all failures that are known, few are in one log."""
    head, _, rest = text.partition(_FIRST_CAUSE)
    if not rest or _more_than_causes(rest):
        return parse_signature(name, text, probes)
    return _signature(name, _head(name, head), _CausesOf(name, text, probes), probes)


def _head(name: str, head: str) -> Table:
    """What stands before the causes: the first entries, and the patterns, which are most of it."""
    first, sign, patterns = head.partition(_FIRST_PATTERN)
    rows = plain_rows(sign + patterns, "patterns") if sign else None
    if rows is None:
        return _table(name, head)
    return Table({**tomllib.loads(first), "patterns": rows}, f"{name}.toml")


class _CausesOf(Sequence[Cause]):
    """The causes of a signature, in a file of which only the head was read."""

    def __init__(self, name: str, text: str, probes: Probes) -> None:
        self._name = name
        self._text = text
        self._probes = probes

    @cached_property
    def _read(self) -> Sequence[Cause]:
        return parse_signature(self._name, self._text, self._probes).causes

    @overload
    def __getitem__(self, place: int) -> Cause: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Cause]: ...
    def __getitem__(self, place: int | slice) -> Cause | Sequence[Cause]:
        return self._read[place]

    def __len__(self) -> int:
        return len(self._read)


def _table(name: str, text: str) -> Table:
    try:
        return Table(tomllib.loads(text), f"{name}.toml")
    except tomllib.TOMLDecodeError as error:
        raise SettingRefused("file", "", f"{name}.toml", f"this is not TOML: {error}") from error


def _signature(name: str, table: Table, causes: Sequence[Cause], probes: Probes) -> Signature:
    weight = _weight(table, Weight.FAILURE)
    signature = Signature(
        id=SignatureId(name),
        title=table.words("title"),
        weight=weight,
        patterns=tuple(_pattern(row, weight) for row in table.tables("patterns")),
        state=_condition(table.table("state"), probes) if table.has("state") else None,
        outranks=frozenset(map(SignatureId, table.texts("outranks"))),
        follows=frozenset(map(SignatureId, table.texts("follows"))),
        errors=frozenset(table.texts("errors")),
        causes=causes,
        sources=tuple(map(Source, table.texts("sources"))),
        host=table.text("host", ""),
        systems=_members(System, table.texts("systems"), table),
    )
    table.end()
    return signature


def _causes(table: Table, probes: Probes) -> tuple[Cause, ...]:
    causes = tuple(_cause(row, probes) for row in table.tables("causes"))
    if not causes:
        raise table.refused("causes", "", "a failure without a cause explains nothing")
    if len({cause.id for cause in causes}) < len(causes):
        raise table.refused("causes", "", "two of them have one id")
    return causes


def _pattern(row: Table, weight: Weight) -> Pattern:
    said_by = _members(Program, row.texts("by"), row)
    pattern = Pattern.parse(row.text("text"), said_by, row.text("versions", ""), _weight(row, weight))
    row.end()
    return pattern


def _cause(row: Table, probes: Probes) -> Cause:
    cause = Cause(
        id=CauseId(row.text("id")),
        words=row.words("text"),
        probe=_probe(row, probes),
        when=probes.condition(row.table("when").rest(), row.table("unless").rest()),
        fix=_fix(row),
    )
    row.end()
    return cause


def _fix(row: Table) -> Fix:
    return Fix(
        row.words("fix"),
        tuple(_command(command) for command in row.tables("commands")),
        tuple(_patch(patch) for patch in row.tables("patches")),
    )


def _probe(row: Table, probes: Probes) -> Probe:
    name = row.text("probe")
    probe = probes.named(name)
    if probe is None:
        raise row.refused("probe", name, "no such probe is declared")
    return probe


def _condition(table: Table, probes: Probes) -> Condition:
    condition = probes.condition(table.table("when").rest(), table.table("unless").rest())
    table.end()
    return condition


def _command(row: Table) -> Command:
    command = Command(row.text("run"), _members(System, row.texts("on"), row))
    row.end()
    return command


def _patch(row: Table) -> Patch:
    patch = Patch(row.text("file"), row.text("text"))
    row.end()
    return patch


def _weight(table: Table, otherwise: Weight) -> Weight:
    name = table.text("weight", otherwise.name.lower())
    if name not in _WEIGHTS:
        raise table.refused("weight", name, f"it is one of {sorted(_WEIGHTS)}")
    return _WEIGHTS[name]


@cache
def _by_value(kind: type[E]) -> Mapping[str, E]:
    return {str(member.value): member for member in kind}


def _members(kind: type[E], names: Iterable[str], row: Table) -> frozenset[E]:
    known = _by_value(kind)
    for name in names:
        if name not in known:
            raise row.refused(kind.__name__.lower(), name, f"it is one of {sorted(known)}")
    return frozenset(known[name] for name in names)
