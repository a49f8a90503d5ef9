"""The meter: numbers that one worker adds to with each request, and tells the parent process now and then.

What is told is what came since the last time, so that a worker that ends takes nothing with it.
"""

import json
from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from wharf.errors import Malformed
from wharf.oci.members import Members
from wharf.oci.strict_json import JsonValue, parse_object

BOUNDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 60.0)
"""In seconds: requests are sorted by the first of these that they do not exceed."""
_METHODS: Final = frozenset({"GET", "HEAD", "PUT", "POST", "PATCH", "DELETE", "OPTIONS"})
_OTHER: Final = "other"


@dataclass(slots=True)
class Timed:
    """Requests of one method and one class of status. `sorted_by_time` has one place more than BOUNDS, for the rest."""

    seconds: float = 0.0
    sorted_by_time: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS) + 1))

    def add(self, other: "Timed") -> None:
        self.seconds += other.seconds
        pairs = zip(self.sorted_by_time, other.sorted_by_time, strict=True)
        self.sorted_by_time = [mine + theirs for mine, theirs in pairs]


@dataclass(slots=True)
class Readings:
    """`stock`: bytes, blobs, manifests and repositories, where they were looked at."""

    worker: int = 0
    requests: dict[tuple[str, int], Timed] = field(default_factory=dict)
    plain: Counter[str] = field(default_factory=Counter)
    stock: Mapping[str, int] = field(default_factory=dict)

    def add(self, other: "Readings") -> None:
        for key, timed in other.requests.items():
            self.requests.setdefault(key, Timed()).add(timed)
        self.plain.update(other.plain)
        self.stock = other.stock or self.stock

    def to_wire(self) -> bytes:
        rows = [[method, kind, timed.seconds, timed.sorted_by_time] for (method, kind), timed in self.requests.items()]
        plain, stock = dict(self.plain), dict(self.stock)
        return json.dumps({"worker": self.worker, "requests": rows, "plain": plain, "stock": stock}).encode()

    @classmethod
    def from_wire(cls, raw: bytes) -> "Readings":
        """Raises Malformed."""
        told = Members.of(parse_object(raw), "", Malformed)
        requests = dict(_timed(told, row) for row in told.items("requests"))
        plain = Counter(_numbers(told.inner("plain")))
        return cls(told.number("worker"), requests, plain, _numbers(told.inner("stock")))


class Meter:
    def __init__(self) -> None:
        self._readings = Readings()

    def served(self, method: str, path: str, status: int, seconds: float, received: int, sent: int) -> None:
        key = (method if method in _METHODS else _OTHER, status // 100)
        requests, plain = self._readings.requests, self._readings.plain
        timed = requests.get(key)
        if timed is None:
            timed = requests[key] = Timed()
        timed.seconds += seconds
        timed.sorted_by_time[bisect_left(BOUNDS, seconds)] += 1
        plain["sent"] += sent
        if received:
            plain["received"] += received
        if method == "PUT" and status == 201 and "/manifests/" in path:
            plain["pushes"] += 1

    def pulled(self, pulls: int) -> None:
        self._readings.plain["pulls"] += pulls

    def taken(self) -> Readings:
        """What came since the last time."""
        taken, self._readings = self._readings, Readings()
        return taken

    def give_back(self, readings: Readings) -> None:
        self._readings.add(readings)


def _timed(told: Members, row: JsonValue) -> tuple[tuple[str, int], Timed]:
    match row:
        case [str(method), int(kind), int() | float() as seconds, list(counts)] if len(counts) == len(BOUNDS) + 1:
            return (method, kind), Timed(float(seconds), [count for count in counts if isinstance(count, int)])
    raise told.unexpected("requests", "a method, a class of status, seconds and counts")


def _numbers(told: Members) -> dict[str, int]:
    return {name: told.number(name) for name in told.values}
