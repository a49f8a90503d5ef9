"""What is known of a machine, fact by fact, and conditions that hold, are ruled out, or stay open because of it.

A fact has the name of the probe that finds it out and a name of its own: `session.kind`, `config.store`. It is
yes or no, a number, a word, or several words at once.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from types import MappingProxyType
from typing import NewType

FactName = NewType("FactName", str)
Value = bool | int | str
Known = Value | frozenset[str]


class Verdict(Enum):
    HOLDS = "holds"
    OPEN = "open"
    RULED_OUT = "ruled out"


@dataclass(frozen=True, slots=True)
class Facts:
    """Facts that are known; what is not among them is not known, which is something else than not so."""

    known: Mapping[FactName, Known] = field(default_factory=lambda: MappingProxyType({}), hash=False)

    def and_(self, more: "Facts") -> "Facts":
        """Both together; where both know something, the later one is right."""
        return Facts(MappingProxyType({**self.known, **more.known}))


@dataclass(frozen=True, slots=True)
class Expected:
    """One fact, and the values that are expected of it: one of them is enough."""

    fact: FactName
    values: frozenset[Value]

    def verdict(self, facts: Facts) -> Verdict:
        if self.fact not in facts.known:
            return Verdict.OPEN
        return Verdict.HOLDS if self._agrees(facts.known[self.fact]) else Verdict.RULED_OUT

    def _agrees(self, known: Known) -> bool:
        return bool(known & self.values) if isinstance(known, frozenset) else known in self.values


@dataclass(frozen=True, slots=True)
class Condition:
    """What must all be so, and what must none of it be so. Where nothing is said, it stays open for ever."""

    all_of: tuple[Expected, ...] = ()
    none_of: tuple[Expected, ...] = ()

    def verdict(self, facts: Facts) -> Verdict:
        for_it = [expected.verdict(facts) for expected in self.all_of]
        against_it = [expected.verdict(facts) for expected in self.none_of]
        if Verdict.RULED_OUT in for_it or Verdict.HOLDS in against_it:
            return Verdict.RULED_OUT
        if not for_it + against_it or Verdict.OPEN in for_it + against_it:
            return Verdict.OPEN
        return Verdict.HOLDS

    def asks_for(self) -> tuple[FactName, ...]:
        return tuple(expected.fact for expected in self.all_of + self.none_of)
