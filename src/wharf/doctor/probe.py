"""The probes by name: what each looks at, on which side, and the facts that it finds.

Each is declared in a file of its own, probes/NAME.toml, beside the module that does the looking: so that a cause of a
failure can name the probe that decides it, and a condition cannot speak of a fact that nobody finds.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final, NewType

from wharf.doctor.facts import Condition, Expected, FactName, Facts, Known, Value
from wharf.doctor.language import Words
from wharf.doctor.tables import Table
from wharf.errors import SettingRefused

ProbeId = NewType("ProbeId", str)
_PLACE: Final = "probes"
_ENDING: Final = ".toml"


class Kind(Enum):
    YES_OR_NO = "yes or no"
    NUMBER = "number"
    TEXT = "text"


class About(Enum):
    """Where what a probe looks at lies. What is true of one machine says nothing of another one."""

    TEXT = "text"
    FOLDER = "folder"
    MACHINE = "machine"
    CLUSTER = "cluster"
    WAY = "way"
    REGISTRY = "registry"


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact that a probe finds. With words, it is one of them, or several; else of the kind."""

    name: FactName
    kind: Kind
    words: frozenset[str] = frozenset()

    def admits(self, value: Value) -> bool:
        if isinstance(value, bool):
            return self.kind is Kind.YES_OR_NO
        if isinstance(value, int):
            return self.kind is Kind.NUMBER
        return self.kind is Kind.TEXT and (not self.words or value in self.words)


@dataclass(frozen=True, slots=True)
class Probe:
    id: ProbeId
    about: About
    looks_at: Words
    facts: Mapping[FactName, Fact] = field(hash=False)


class Probes:
    """All that are declared."""

    def __init__(self, probes: Iterable[Probe]) -> None:
        self._probes = {probe.id: probe for probe in probes}
        self._facts = {name: fact for probe in self._probes.values() for name, fact in probe.facts.items()}

    def named(self, probe: str) -> Probe | None:
        return self._probes.get(ProbeId(probe))

    def all(self) -> tuple[Probe, ...]:
        return tuple(self._probes.values())

    def facts(self, known: Mapping[str, Known]) -> Facts:
        """Facts as values of these names; what is not declared, or of another kind, is refused."""
        return Facts(MappingProxyType({self._fact(name, value): value for name, value in known.items()}))

    def condition(self, all_of: Mapping[str, object], none_of: Mapping[str, object]) -> Condition:
        return Condition(self._expected(all_of), self._expected(none_of))

    def _expected(self, values: Mapping[str, object]) -> tuple[Expected, ...]:
        return tuple(self._one_expected(name, value) for name, value in values.items())

    def _one_expected(self, name: str, value: object) -> Expected:
        several = value if isinstance(value, list) else [value]
        admitted = frozenset(one for one in several if isinstance(one, bool | int | str))
        return Expected(self._fact(name, *admitted), admitted)

    def _fact(self, name: str, *values: Known) -> FactName:
        fact = self._facts.get(FactName(name))
        if fact is None:
            raise SettingRefused(name, str(values), _PLACE, "no probe finds such a fact")
        for value in values:
            for one in value if isinstance(value, frozenset) else [value]:
                if not fact.admits(one):
                    raise SettingRefused(name, str(one), _PLACE, "the fact cannot have this value")
        return fact.name


def parse_probes(texts: Mapping[str, str]) -> Probes:
    """From the text of each file, by its name without its ending."""
    return Probes(_probe(name.replace("_", "-"), text) for name, text in sorted(texts.items()))


@cache
def known_probes() -> Probes:
    folder = files("wharf.doctor").joinpath(_PLACE)
    declared = [file for file in folder.iterdir() if file.name.endswith(_ENDING)]
    return parse_probes({file.name.removesuffix(_ENDING): file.read_text(encoding="utf-8") for file in declared})


def _probe(name: str, text: str) -> Probe:
    try:
        table = Table(tomllib.loads(text), f"{name}{_ENDING}")
    except tomllib.TOMLDecodeError as error:
        raise SettingRefused("file", "", f"{name}{_ENDING}", f"this is not TOML: {error}") from error
    about, looks_at = _about(table), table.words("looks_at")
    facts = [_fact(FactName(f"{name}.{fact}"), kind) for fact, kind in table.table("facts").rest().items()]
    table.end()
    return Probe(ProbeId(name), about, looks_at, MappingProxyType({fact.name: fact for fact in facts}))


def _about(table: Table) -> About:
    name = table.text("about")
    try:
        return About(name)
    except ValueError as error:
        raise table.refused("about", name, f"it is one of {[each.value for each in About]}") from error


def _fact(name: FactName, kind: object) -> Fact:
    if isinstance(kind, list):
        return Fact(name, Kind.TEXT, frozenset(map(str, kind)))
    try:
        return Fact(name, Kind(kind))
    except ValueError as error:
        raise SettingRefused(name, str(kind), _PLACE, f"kinds are {[each.value for each in Kind]}") from error
