"""Counting: which requests for manifests are pulls, and whose.

    GET by tag                          a pull of this tag
    HEAD, or GET that is answered 304   no pull: nothing was fetched. By tag, it says which tag is about to be pulled
    GET by digest                       part of a pull that has begun, or a pull of the tag that was asked for before,
                                        or else a pull by digest

A pull that has begun: the same account at the same address was given an index that names the manifest. Each such
question is forgiven once, within ten minutes of the last of them.

A request only notes what was read. About twice a second what was noted becomes one change. What was asked for by digest
waits a moment longer, until what other workers noted before it is certainly known.
"""

import asyncio
import hashlib
import logging
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from wharf.errors import WharfError
from wharf.metadata.ledger import Ledger
from wharf.metadata.records import ManifestRecord, Moment, RepositoryId
from wharf.metadata.store import MetadataStore
from wharf.oci.digest import Digest
from wharf.oci.media_types import is_index
from wharf.oci.reference import RepositoryName, Tag
from wharf.registry.services.access import Caller
from wharf.registry.services.clock import Clock

_BATCH_SECONDS: Final = 0.5
SETTLE_SECONDS: Final = 1.0
"""Twice as long as any worker keeps what it noted to itself."""
_EXPECTED_SECONDS: Final = 600
_MOST_NOTED: Final = 20_000
_MOST_EXPECTED: Final = 500
"""In one batch: whoever asks under ever new names shall not make the registry write without end."""
_MOST_KEPT: Final = 200_000
_log = logging.getLogger("wharf.registry")


class Read(NamedTuple):
    """A manifest was given, or (`is_pull` false) only asked about. `tag` is empty where it was asked by digest."""

    name: RepositoryName
    digest: Digest
    tag: str
    account: str
    address: str
    is_pull: bool
    is_index: bool

    @property
    def reader(self) -> str:
        """Who asks, as it is kept for some minutes; not the address itself."""
        return hashlib.blake2b(f"{self.account}\n{self.address}".encode(), digest_size=12).hexdigest()


Reads = Counter[Read]
_Key = tuple[str, str, str, str | None, str, bool]
"""All that tells one read from another, as texts: what is asked again and again is found by it in no time."""


@dataclass(slots=True)
class _Noted:
    read: Read
    times: int = 1


@dataclass(frozen=True, slots=True)
class Batch:
    """`fresh`: noted since the last one. `due`: asked for by digest a while ago, so that it can be said what it was."""

    fresh: Reads
    due: Reads


class Counting:
    def __init__(
        self,
        metadata: MetadataStore,
        clock: Clock,
        settle_seconds: float = SETTLE_SECONDS,
        on_counted: Callable[[int], None] = lambda _: None,
    ) -> None:
        """`settle_seconds`: nothing, where there is one worker alone."""
        self._metadata = metadata
        self._clock = clock
        self._settle = int(settle_seconds * 1000)
        self._on_counted = on_counted
        self._noted: dict[_Key, _Noted] = {}
        self._late: Reads = Counter()
        self._waiting: list[tuple[Moment, Reads]] = []
        self._timer: asyncio.TimerHandle | None = None
        self._turn = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()

    def read(
        self, caller: Caller, name: RepositoryName, reference: Tag | Digest, found: ManifestRecord, *, is_pull: bool
    ) -> None:
        """All that a request has to do with it."""
        tag = reference.value if isinstance(reference, Tag) else ""
        if not (is_pull or tag):
            return
        key = (name.value, found.digest.hex, tag, caller.name, caller.address, is_pull)
        noted = self._noted.get(key)
        if noted is None:
            account, leads = caller.name or "", is_index(found.media_type)
            self._note(key, Read(name, found.digest, tag, account, caller.address, is_pull, leads))
        else:
            noted.times += 1

    async def write(self) -> None:
        """Write down what can be said by now."""
        await self._written(self._clock() - self._settle)

    async def close(self) -> None:
        """Write down everything."""
        if self._timer is not None:
            self._timer.cancel()
        await asyncio.gather(*self._tasks)
        await self._written(None)

    def _note(self, key: _Key, read: Read) -> None:
        """For the first time in this batch."""
        self._noted[key] = _Noted(read)
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(_BATCH_SECONDS, self._begin)
        elif len(self._noted) == _MOST_NOTED:
            self._begin()

    def _begin(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        task = asyncio.ensure_future(self.write())
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: "asyncio.Task[None]") -> None:
        self._tasks.discard(task)
        if (self._noted or self._late or self._waiting) and self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(_BATCH_SECONDS, self._begin)

    async def _written(self, until: Moment | int | None) -> None:
        async with self._turn:
            now = self._clock()
            batch = self._taken(now, until)
            if not batch.fresh and not batch.due:
                return
            try:
                self._on_counted(await self._metadata.write(lambda ledger: write_down(ledger, batch, now)))
            except WharfError as error:
                self._give_back(batch, now, error)

    def _taken(self, now: Moment, until: int | None) -> Batch:
        noted, self._noted = self._noted, {}
        late, self._late = self._late, Counter()
        fresh = late + Counter({each.read: each.times for each in noted.values()})
        by_digest = Counter({read: times for read, times in fresh.items() if not read.tag})
        if by_digest:
            self._waiting.append((now, by_digest))
        due: Reads = Counter()
        for since, reads in self._waiting:
            if not _still_settles(since, until, now):
                due.update(reads)
        self._waiting = [entry for entry in self._waiting if _still_settles(entry[0], until, now)]
        return Batch(fresh, due)

    def _give_back(self, batch: Batch, now: Moment, error: WharfError) -> None:
        """Another time: a disk may be full for a while. What was asked by digest waits already, or waits again."""
        _log.warning("pulls could not be counted yet: %s", error)
        if len(self._late) + len(self._waiting) < _MOST_KEPT:
            self._late.update({read: times for read, times in batch.fresh.items() if read.tag})
            self._waiting.insert(0, (now, batch.due))


def _still_settles(since: Moment, until: int | None, now: Moment) -> bool:
    """What was noted at a moment that is still to come: the clock was set back, and nobody waits until it is there."""
    return until is not None and until < since <= now


def write_down(ledger: Ledger, batch: Batch, now: Moment) -> int:
    """The number of pulls that the batch was."""
    names = {read.name for read in (*batch.fresh, *batch.due)}
    found = {name: ledger.repositories.find(name) for name in names}
    repositories = {name: repository for name, repository in found.items() if repository is not None}
    pulls = _by_tag(ledger, batch.fresh, repositories, now)
    _expect(ledger, batch.fresh, repositories, now)
    pulls += sum(_by_digest(ledger, read, times, repositories, now) for read, times in batch.due.items())
    ledger.expected_reads.forget(now)
    return pulls


def _by_tag(ledger: Ledger, fresh: Reads, repositories: Mapping[RepositoryName, RepositoryId], now: Moment) -> int:
    counts: Counter[tuple[RepositoryId, Digest, str, str]] = Counter()
    for read, times in fresh.items():
        if read.is_pull and read.tag and read.name in repositories:
            counts[repositories[read.name], read.digest, read.tag, read.account] += times
    for (repository, digest, tag, account), times in counts.items():
        ledger.pulls.add(repository, digest, tag, account, now, times)
    return counts.total()


def _expect(ledger: Ledger, fresh: Reads, repositories: Mapping[RepositoryName, RepositoryId], now: Moment) -> None:
    until = Moment(now + _EXPECTED_SECONDS * 1000)
    leading = [entry for entry in fresh.items() if entry[0].name in repositories and _leads_on(entry[0])]
    for read, times in leading[:_MOST_EXPECTED]:
        repository = repositories[read.name]
        if read.is_pull:
            ledger.expected_reads.parts(read.reader, repository, read.digest, times, until)
        else:
            ledger.expected_reads.tag(read.reader, repository, read.digest, read.tag, times, until)


def _leads_on(read: Read) -> bool:
    return read.is_index if read.is_pull else bool(read.tag)


def _by_digest(
    ledger: Ledger, read: Read, times: int, repositories: Mapping[RepositoryName, RepositoryId], now: Moment
) -> int:
    """How many of these were pulls; the others were parts of one."""
    repository = repositories.get(read.name)
    if repository is None:
        return 0
    pulls = 0
    for expected in ledger.expected_reads.find(read.reader, repository, read.digest, now):
        taken = min(times, expected.times)
        if taken == 0:
            break
        times -= taken
        ledger.expected_reads.take(read.reader, repository, read.digest, expected.tag, taken)
        if expected.tag:
            ledger.pulls.add(repository, read.digest, expected.tag, read.account, now, taken)
            pulls += taken
        else:
            ledger.expected_reads.gone_on(read.reader, repository, Moment(now + _EXPECTED_SECONDS * 1000))
    if times:
        ledger.pulls.add(repository, read.digest, "", read.account, now, times)
    return pulls + times
