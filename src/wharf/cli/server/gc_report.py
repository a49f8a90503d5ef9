"""What a garbage collection took, or would take: told to a person as it happens, or to a machine as one object."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Final, Protocol

from wharf.cli.output import Json, Output, size_in_words
from wharf.registry.services.garbage import Reclaimed

_KINDS: Final = {
    "deleted": "deleted manifests",
    "manifest": "manifests",
    "hold": "holds on blobs",
    "blob": "blobs",
    "copy": "stray copies",
    "upload": "unfinished uploads",
}
_TOLD_EVERY: Final = 100


class Detail(Enum):
    SUMMARY = "summary"
    EACH_THING = "each thing"


class Rehearsal(Enum):
    """In whose words: WOULD_GO for a dry run."""

    WENT = "reclaimed"
    WOULD_GO = "would reclaim"


@dataclass(slots=True)
class Tally:
    counts: Counter[str] = field(default_factory=Counter)
    sizes: Counter[str] = field(default_factory=Counter)

    def add(self, thing: Reclaimed) -> None:
        self.counts[thing.kind] += 1
        self.sizes[thing.kind] += thing.size

    def kinds(self) -> Iterable[str]:
        """In the order in which they are looked for."""
        return dict.fromkeys((*_KINDS, *self.counts))


class Report(Protocol):
    def tell(self, thing: Reclaimed) -> None: ...

    def close(self) -> None: ...


class ReportForPeople:
    def __init__(self, output: Output, data: Path, rehearsal: Rehearsal, detail: Detail) -> None:
        self._output = output
        self._data = data
        self._rehearsal = rehearsal
        self._detail = detail
        self._tally = Tally()

    def tell(self, thing: Reclaimed) -> None:
        self._tally.add(thing)
        if self._detail is Detail.EACH_THING:
            self._output.line(f"{thing.kind} {thing.what} ({size_in_words(thing.size)}): {thing.why}")
        elif self._tally.counts.total() % _TOLD_EVERY == 0:
            self._output.progress(self._sum())

    def close(self) -> None:
        self._output.progress("")
        if not self._tally.counts:
            self._output.line(f"{self._data}: nothing to reclaim")
            return
        self._output.line(f"{self._data}: {self._sum()}")
        self._output.table(self._rows())

    def _sum(self) -> str:
        size = size_in_words(self._tally.sizes.total())
        return f"{self._rehearsal.value} {size} in {self._tally.counts.total()} things"

    def _rows(self) -> list[tuple[str, str, str]]:
        found = [kind for kind in self._tally.kinds() if self._tally.counts[kind]]
        return [
            (_KINDS.get(kind, kind), str(self._tally.counts[kind]), size_in_words(self._tally.sizes[kind]))
            for kind in found
        ]


class ReportForMachines:
    def __init__(self, output: Output, data: Path, rehearsal: Rehearsal, detail: Detail) -> None:
        self._output = output
        self._data = data
        self._rehearsal = rehearsal
        self._detail = detail
        self._tally = Tally()
        self._things: list[Json] = []

    def tell(self, thing: Reclaimed) -> None:
        self._tally.add(thing)
        if self._detail is Detail.EACH_THING:
            self._things.append({"kind": thing.kind, "what": thing.what, "bytes": thing.size, "why": thing.why})

    def close(self) -> None:
        counts, sizes = self._tally.counts, self._tally.sizes
        summary: dict[str, Json] = {
            "data": str(self._data),
            "dryRun": self._rehearsal is Rehearsal.WOULD_GO,
            "count": counts.total(),
            "bytes": sizes.total(),
            "kinds": {kind: {"count": counts[kind], "bytes": sizes[kind]} for kind in self._tally.kinds()},
        }
        self._output.json(summary | {"things": self._things} if self._detail is Detail.EACH_THING else summary)
