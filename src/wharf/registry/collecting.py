"""A garbage collection beside the running registry: one at a time, on the same stores, in a process of its own."""

import fcntl
import os
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

from wharf.content.filesystem import FilesystemContent
from wharf.content.reserve import Reserve
from wharf.content.store import BlobKeeper, Location, OpenUpload, StoredCopy
from wharf.errors import StoreBusy
from wharf.metadata.lock_file import opened
from wharf.registry.app import build_metadata
from wharf.registry.services.clock import system_clock
from wharf.registry.services.garbage import GarbageCollection, Reclaimed, Terms
from wharf.registry.settings import Settings

_PAUSE_SECONDS = 0.01


async def collect(settings: Settings, terms: Terms) -> AsyncIterator[Reclaimed]:
    reserve = Reserve(settings.data)
    reserve.give_up()
    content = FilesystemContent(settings.data, settings.durability)
    metadata = build_metadata(settings)
    try:
        with _alone(settings.data / "gc.lock"):
            async for reclaimed in GarbageCollection(content, metadata, system_clock, terms, _PAUSE_SECONDS).run():
                yield reclaimed
    finally:
        metadata.close()
        content.close()
        reserve.keep()


async def rehearse(settings: Settings, terms: Terms) -> AsyncIterator[Reclaimed]:
    """The real thing on a copy of what is known, with hands that take nothing away."""
    content = FilesystemContent(settings.data, settings.durability)
    with tempfile.TemporaryDirectory(prefix="wharf-gc-") as folder:
        metadata = build_metadata(settings)
        try:
            copy = metadata.copied_to(Path(folder))
        finally:
            metadata.close()
        try:
            async for reclaimed in GarbageCollection(_OnlyLooking(content), copy, system_clock, terms).run():
                yield reclaimed
        finally:
            copy.close()
            content.close()


class _OnlyLooking:
    """Walks the store and takes nothing; a copy whose blob would go serves nothing either, and is counted once."""

    def __init__(self, content: BlobKeeper) -> None:
        self._content = content
        self._gone: set[Location] = set()

    def copies(self) -> Iterator[StoredCopy]:
        return (copy for copy in self._content.copies() if copy.location not in self._gone)

    def uploads(self) -> Iterator[OpenUpload]:
        return self._content.uploads()

    def remove(self, location: Location) -> None:
        self._gone.add(location)

    def claim(self, location: Location) -> "_LookedAt":
        return _LookedAt()

    def abandon(self, upload: OpenUpload) -> bool:
        return True


class _LookedAt:
    def remove(self) -> None:
        """It would go."""

    def release(self) -> None:
        """Nothing was held."""


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    fd = opened(lock)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise StoreBusy("garbage collection") from None
    finally:
        os.close(fd)
