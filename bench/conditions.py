"""The conditions of a run: how large, where the data may lie, and which wharf is on the scales."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

MEMORY_FILESYSTEMS = frozenset({"tmpfs", "ramfs"})


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much of everything a run moves."""

    rounds: int
    wrk_seconds: int
    blob: int
    downloads: int
    small_pushes: int
    push_seconds: float
    tags: int
    repositories: int
    garbage: int
    stream: int


FULL = Sizes(
    rounds=3,
    wrk_seconds=4,
    blob=200_000_000,
    downloads=8,
    small_pushes=6_000,
    push_seconds=5.0,
    tags=100_000,
    repositories=10_000,
    garbage=100_000,
    stream=1_000_000_000,
)
QUICK = Sizes(
    rounds=1,
    wrk_seconds=1,
    blob=8_000_000,
    downloads=2,
    small_pushes=200,
    push_seconds=1.0,
    tags=500,
    repositories=50,
    garbage=200,
    stream=20_000_000,
)


@dataclass(frozen=True, slots=True)
class Conditions:
    sizes: Sizes
    scratch: Path
    wharf_command: tuple[str, ...] | None

    @contextmanager
    def folder(self, purpose: str) -> Iterator[Path]:
        """A fresh folder on disk that is gone afterwards, with what its removal left for the disk to do."""
        path = Path(tempfile.mkdtemp(prefix=f"{purpose}-", dir=self.scratch))
        try:
            yield path
        finally:
            shutil.rmtree(path, ignore_errors=True)
            os.sync()


def filesystem_type(path: Path) -> str:
    """The type of the file system that holds a path: the longest mount point above it decides."""
    wanted = path.resolve()
    mounts = (line.split()[1:3] for line in Path("/proc/mounts").read_text().splitlines())
    above = [(len(point), kind) for point, kind in mounts if wanted.is_relative_to(point)]
    return max(above, default=(0, "unknown"))[1]


def lies_in_memory(path: Path) -> bool:
    return filesystem_type(path) in MEMORY_FILESYSTEMS
