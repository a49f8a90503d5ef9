"""Garbage collection, while the registry serves.

What goes, and why:
- a manifest that was deleted so long ago that nobody can restore it any more
- a manifest that no tag, no index and no living subject keeps, where an age for that was set (never by itself:
  a deployment may be pinned to its digest)
- a repository's hold on a blob that none of its manifests names, once no push can still rely on it
- a blob that no repository holds
- a stored copy that serves no blob: left behind by a crash, or by two pushes of the same blob at once
- an upload that nobody went on with

Each small step is a transaction that asks again whether the thing may go; between steps pushes have their turn.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Generic, TypeVar

from wharf.content.store import BlobKeeper, Location, StoredCopy
from wharf.metadata.garbage import START, Cursor
from wharf.metadata.ledger import Ledger
from wharf.metadata.records import DeletedManifest, Moment, UnheldBlob, UnnamedBlob, UntaggedManifest
from wharf.metadata.store import MetadataStore
from wharf.registry.services.access import Caller
from wharf.registry.services.clock import Clock, ago, before
from wharf.registry.services.happenings import Happening, in_repository, note
from wharf.registry.services.packages.trash import purge, remove_manifest

_STEP = 500
_ACTOR = "garbage collection"
_SELF = Caller(name=_ACTOR, credential="housekeeping", address="local")

T = TypeVar("T")
C = TypeVar("C")


@dataclass(frozen=True, slots=True)
class Terms:
    """How long things are spared, in seconds."""

    grace: float
    upload_age: float
    untagged_age: float | None = None
    keep_deleted: float = 0.0


@dataclass(frozen=True, slots=True)
class Reclaimed:
    """One thing that went, or would go."""

    kind: str
    what: str
    size: int
    why: str


@dataclass(frozen=True, slots=True)
class _Sweep(Generic[T, C]):
    """How one kind of thing is walked: page by page behind a cursor, each taken under its condition again."""

    start: C
    page: Callable[[Ledger, C], list[T]]
    take: Callable[[Ledger, T], bool]
    cursor: Callable[[T], C]


class GarbageCollection:
    def __init__(
        self, content: BlobKeeper, metadata: MetadataStore, clock: Clock, terms: Terms, pause_seconds: float = 0.0
    ) -> None:
        self._content = content
        self._metadata = metadata
        self._now = clock()
        self._terms = terms
        self._pause_seconds = pause_seconds

    async def run(self) -> AsyncIterator[Reclaimed]:
        count, size = 0, 0
        for part in (self._trash(), self._manifests(), self._holds(), self._blobs(), self._copies(), self._uploads()):
            async for reclaimed in part:
                count, size = count + 1, size + reclaimed.size
                yield reclaimed
        if count:
            await self._metadata.write(lambda ledger: _note_run(ledger, count, size, self._now))

    async def _trash(self) -> AsyncIterator[Reclaimed]:
        limit = before(self._now, self._terms.keep_deleted)
        sweep: _Sweep[DeletedManifest, None] = _Sweep(
            None,
            lambda ledger, _: ledger.trash.older(limit, _STEP),
            purge,
            lambda _: None,
        )
        async for step in self._swept(sweep):
            for gone in step:
                why = f"it was deleted {ago(gone.deleted_at, self._now)}: {gone.reason}"
                yield Reclaimed("deleted", f"{gone.name}@{gone.digest}", gone.size, why)

    async def _manifests(self) -> AsyncIterator[Reclaimed]:
        if self._terms.untagged_age is None:
            return
        limit = before(self._now, self._terms.untagged_age)
        sweep: _Sweep[UntaggedManifest, Cursor] = _Sweep(
            START,
            lambda ledger, after: ledger.garbage.untagged_manifests(after, limit, _STEP),
            lambda ledger, found: _take_manifest(ledger, found, limit, self._now),
            _cursor,
        )
        removed = True
        while removed:  # an index that went may leave children behind that nothing keeps now
            removed = False
            async for step in self._swept(sweep):
                for gone in step:
                    removed = True
                    why = f"no tag, index or subject keeps it; pushed {ago(gone.pushed_at, self._now)}"
                    yield Reclaimed("manifest", f"{gone.name}@{gone.digest}", gone.size, why)

    async def _holds(self) -> AsyncIterator[Reclaimed]:
        limit = before(self._now, self._terms.grace)
        sweep: _Sweep[UnnamedBlob, Cursor] = _Sweep(
            START,
            lambda ledger, after: ledger.garbage.unnamed_blobs(after, limit, _STEP),
            lambda ledger, found: ledger.garbage.drop_unnamed(found, limit),
            _cursor,
        )
        async for step in self._swept(sweep):
            for gone in step:
                why = f"no manifest of {gone.name} names it; last asked for {ago(gone.touched_at, self._now)}"
                yield Reclaimed("hold", f"{gone.name}@{gone.digest}", 0, why)

    async def _blobs(self) -> AsyncIterator[Reclaimed]:
        sweep: _Sweep[UnheldBlob, str] = _Sweep(
            "",
            lambda ledger, after: ledger.garbage.unheld_blobs(after, _STEP),
            lambda ledger, found: ledger.garbage.drop_unheld(found),
            lambda found: str(found.digest),
        )
        async for step in self._swept(sweep):
            await asyncio.to_thread(self._remove, [Location(gone.location) for gone in step])
            for gone in step:
                yield Reclaimed("blob", str(gone.digest), gone.size, "no repository holds it")

    async def _copies(self) -> AsyncIterator[Reclaimed]:
        limit = before(self._now, self._terms.grace) / 1000
        for copies in _in_steps(self._content.copies()):
            for stray in await self._strays([copy for copy in copies if copy.written_at < limit]):
                if await self._removed(stray):
                    yield Reclaimed("copy", stray.location.text, stray.size, "it serves no blob")

    async def _uploads(self) -> AsyncIterator[Reclaimed]:
        limit = before(self._now, self._terms.upload_age) / 1000
        for uploads in _in_steps(self._content.uploads()):
            for upload in uploads:
                if upload.touched_at < limit and await asyncio.to_thread(self._content.abandon, upload):
                    age = ago(Moment(int(upload.touched_at * 1000)), self._now)
                    yield Reclaimed("upload", upload.name, upload.size, f"nobody went on with it; last byte {age}")

    async def _strays(self, copies: list[StoredCopy]) -> list[StoredCopy]:
        return await self._metadata.read(
            lambda ledger: [copy for copy in copies if not ledger.garbage.is_known(copy.location.text)]
        )

    async def _removed(self, stray: StoredCopy) -> bool:
        """Asked once more with the copy in hand: the push that wrote it may be about to make it known."""
        claim = await asyncio.to_thread(self._content.claim, stray.location)
        if claim is None:
            return False
        try:
            still = bool(await self._strays([stray]))
            if still:
                claim.remove()
            return still
        finally:
            claim.release()

    def _remove(self, locations: list[Location]) -> None:
        for location in locations:
            self._content.remove(location)

    async def _swept(self, sweep: _Sweep[T, C]) -> AsyncIterator[list[T]]:
        after = sweep.start
        while found := await self._metadata.read(partial(_page, sweep, after)):
            yield await self._metadata.write(partial(_take_all, sweep, found))
            after = sweep.cursor(found[-1])
            await asyncio.sleep(self._pause_seconds)


def _page(sweep: _Sweep[T, C], after: C, ledger: Ledger) -> list[T]:
    return sweep.page(ledger, after)


def _take_all(sweep: _Sweep[T, C], found: list[T], ledger: Ledger) -> list[T]:
    return [one for one in found if sweep.take(ledger, one)]


def _take_manifest(ledger: Ledger, found: UntaggedManifest, limit: Moment, now: Moment) -> bool:
    if not ledger.garbage.is_untagged(found, limit):
        return False
    ledger.versions.drop(found.repository, found.digest)
    note(ledger, _SELF, in_repository("version.delete", found.name, digest=str(found.digest), tags=""), now)
    return remove_manifest(ledger, found.repository, found.digest, _ACTOR, now)


def _note_run(ledger: Ledger, count: int, size: int, now: Moment) -> None:
    ledger.quotas.doubt_all()
    note(ledger, _SELF, Happening("gc.run", "registry", "", {"things": count, "bytes": size}), now)


def _cursor(found: UnnamedBlob | UntaggedManifest) -> Cursor:
    return found.repository, str(found.digest)


def _in_steps(found: Iterator[T]) -> Iterator[list[T]]:
    while step := list(islice(found, _STEP)):
        yield step
