"""What a probe saw: facts, and for people the sentence that shows each of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from wharf.doctor.facts import FactName, Facts, Known
from wharf.doctor.language import Words
from wharf.doctor.probe import ProbeId, known_probes


@dataclass(frozen=True, slots=True)
class Unseen:
    """A probe that could not look, and why."""

    probe: ProbeId
    why: Words


@dataclass(frozen=True, slots=True)
class Seen:
    """`shown`: the sentence that shows a fact. No secret stands in a fact, nor in its sentence.

    `told`: of a fact of several words, the sentences that show one of them.
    """

    facts: Facts = field(default_factory=Facts)
    shown: Mapping[FactName, Words] = field(default_factory=lambda: MappingProxyType({}), hash=False)
    unseen: tuple[Unseen, ...] = ()
    told: Mapping[tuple[FactName, str], tuple[Words, ...]] = field(
        default_factory=lambda: MappingProxyType({}), hash=False
    )

    def and_(self, more: "Seen") -> "Seen":
        return Seen(
            self.facts.and_(more.facts),
            MappingProxyType({**self.shown, **more.shown}),
            (*self.unseen, *more.unseen),
            MappingProxyType({**self.told, **more.told}),
        )


NOTHING_SEEN: Final = Seen()


class Sighting:
    """A probe's facts while it looks: each is checked against what is declared of it."""

    def __init__(self, probe: str) -> None:
        self._probe = probe
        self._facts: dict[str, Known] = {}
        self._shown: dict[FactName, Words] = {}
        self._told: dict[tuple[FactName, str], tuple[Words, ...]] = {}

    def saw(self, fact: str, value: Known, english: str = "", korean: str = "") -> None:
        """`fact` is named without its probe; a sentence in each language, where its value says too little."""
        name = f"{self._probe}.{fact}"
        self._facts[name] = value
        if english:
            self._shown[FactName(name)] = Words(english, korean)

    def told(self, fact: str, word: str, *sentences: Words) -> None:
        """What shows that this word is among those of the fact."""
        self._told[FactName(f"{self._probe}.{fact}"), word] = sentences

    def done(self) -> Seen:
        facts = known_probes().facts(self._facts)
        return Seen(facts, MappingProxyType(dict(self._shown)), told=MappingProxyType(dict(self._told)))


def together(sightings: Iterable[Seen]) -> Seen:
    every = NOTHING_SEEN
    for seen in sightings:
        every = every.and_(seen)
    return every
