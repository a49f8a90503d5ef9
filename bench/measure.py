"""A measurement: a row of the table, the bar it has to reach, and the figures that one run of it yields."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from http.client import HTTPException
from statistics import median
from subprocess import SubprocessError

from bench.conditions import FULL, Conditions, Sizes


class BenchFailed(Exception):
    """A row could not be measured, or something happened in it that may not happen at any speed."""


class Sense(Enum):
    AT_LEAST = "≥"
    AT_MOST = "≤"


class Verdict(Enum):
    REACHED = "reached"
    MISSED = "**missed**"
    FAILED = "**failed**"
    PEER_ONLY = "peer only"
    NOT_JUDGED = "not judged (small sizes)"


@dataclass(frozen=True, slots=True)
class Bar:
    """What a row has to reach; the unit `×` stands for a ratio to the peer."""

    sense: Sense
    limit: float
    unit: str = "×"

    def holds(self, value: float) -> bool:
        return value >= self.limit if self.sense is Sense.AT_LEAST else value <= self.limit

    def __str__(self) -> str:
        return f"{self.sense.value} {self.limit:g} {self.unit}"


def at_least(limit: float) -> Bar:
    return Bar(Sense.AT_LEAST, limit)


def at_most(limit: float, unit: str = "×") -> Bar:
    return Bar(Sense.AT_MOST, limit, unit)


@dataclass(frozen=True, slots=True)
class Figure:
    """One round: what wharf did and, where the row compares, what the peer did in the same round."""

    unit: str
    wharf: float | None
    peer: float | None = None

    @property
    def value(self) -> float | None:
        if self.wharf is None or self.peer is None:
            return self.wharf if self.peer is None else None
        return self.wharf / self.peer


@dataclass(frozen=True, slots=True)
class Bench:
    """One value with a name and a bar; `run` yields its figures, one for each round."""

    name: str
    title: str
    peer: str
    load: str
    bar: Bar
    run: Callable[[Conditions], Iterator[Figure]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a row came to: its figures, or why there are none."""

    bench: Bench
    sizes: Sizes
    figures: tuple[Figure, ...]
    failure: str | None = None

    @property
    def values(self) -> tuple[float, ...]:
        return tuple(figure.value for figure in self.figures if figure.value is not None)

    @property
    def value(self) -> float | None:
        return median(self.values) if self.values else None

    @property
    def verdict(self) -> Verdict:
        if self.failure is not None:
            return Verdict.FAILED
        if self.value is None:
            return Verdict.PEER_ONLY
        if self.sizes is not FULL:
            return Verdict.NOT_JUDGED
        return Verdict.REACHED if self.bench.bar.holds(self.value) else Verdict.MISSED


def duel(rounds: int, unit: str, wharf: Callable[[], float] | None, peer: Callable[[], float]) -> Iterator[Figure]:
    """Measure both in every round, and change who goes first: a machine that drifts then favours neither."""
    for number in range(rounds):
        if wharf is None:
            yield Figure(unit, None, peer())
        elif number % 2 == 0:
            ours = wharf()
            yield Figure(unit, ours, peer())
        else:
            theirs = peer()
            yield Figure(unit, wharf(), theirs)


def measure(bench: Bench, conditions: Conditions) -> Outcome:
    try:
        return Outcome(bench, conditions.sizes, tuple(bench.run(conditions)))
    except (BenchFailed, OSError, HTTPException, SubprocessError) as failure:
        return Outcome(bench, conditions.sizes, (), " ".join(str(failure).split()))
