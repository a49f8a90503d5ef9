"""What was found out about access, and is remembered for as long as nobody's access has changed."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from wharf.metadata.store import MetadataStore

K = TypeVar("K")
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Findings(Generic[K, V]):
    """`as_of`: the number of access for which they hold."""

    as_of: int
    known: dict[K, V]


class Memory(Generic[K, V]):
    """What is found while somebody's access changes belongs to the findings of before, which nobody asks any more."""

    def __init__(self, metadata: MetadataStore, most: int) -> None:
        self._metadata = metadata
        self._most = most
        self._findings: Findings[K, V] = Findings(0, {})

    async def findings(self) -> Findings[K, V]:
        as_of = await self._metadata.access()
        if as_of != self._findings.as_of or len(self._findings.known) > self._most:
            self._findings = Findings(as_of, {})
        return self._findings
