"""The registries that the delivery client is tried with, and what each asks of who comes there."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Shore:
    """A registry, and the authority of its certificate if it has one."""

    host: str
    authority: Path | None = None

    @property
    def flags(self) -> tuple[str, ...]:
        """For wharf: plain HTTP on loopback needs no word, an authority that nobody knows does."""
        return () if self.authority is None else ("--ca-file", str(self.authority))

    def named(self, repository: str, tag: str = "1.0") -> str:
        return f"{self.host}/{repository}:{tag}"
