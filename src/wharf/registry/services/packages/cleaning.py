"""Cleaning: what an owner's rules of retention do when they are followed, repository by repository.

What goes is decided beside the requests, since it takes a look at all that is there. The change that takes it away then
asks whether all that was looked at is still so: what was pushed, pulled or tagged a moment ago counts. It goes into the
trash, from which it can come back.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from wharf.metadata.ledger import Ledger
from wharf.metadata.records import Moment, RepositoryId, RuleKind
from wharf.metadata.store import MetadataStore
from wharf.oci.digest import Digest
from wharf.oci.reference import RepositoryName
from wharf.registry.services.access import Caller, Gate
from wharf.registry.services.clock import Clock
from wharf.registry.services.happenings import Happening, in_repository, note
from wharf.registry.services.packages import trash
from wharf.registry.services.rules.immutable import immutable_rules
from wharf.registry.services.rules.retention import Decision, Situation, decide, some_of
from wharf.registry.services.rules.rulebook import Owner, kept_as, require_settling
from wharf.registry.services.rules.terms import Retention, read

_STEP: Final = 100
_AT_ONCE: Final = 500  # deletions, while nobody else can write
_OVERTAKEN: Final = 3  # times in a row, and then it is decided while nobody else can write
# No account can have this name: nobody is taken for it.
BY_ITSELF: Final = Caller(name="wharf", credential="none")


@dataclass(frozen=True, slots=True)
class Judged:
    """What was decided about the versions of one repository."""

    name: RepositoryName
    decisions: tuple[Decision, ...]

    @property
    def going(self) -> int:
        return sum(not decision.stays for decision in self.decisions)


@dataclass(frozen=True, slots=True)
class _Judgement:
    """A decision with what it was made of. `left`: what is to go and has not gone yet; `pulled`: each version, when."""

    judged: Judged
    left: tuple[Decision, ...]
    situation: Situation
    edition: int
    pulled: Mapping[Digest, Moment | None]

    def without(self, gone: Sequence[Decision], edition: int) -> "_Judgement":
        digests = {decision.version.digest for decision in gone}
        left = tuple(each for each in self.left if each.version.digest not in digests)
        return replace(self, left=left, edition=edition)


class Cleaning:
    def __init__(self, metadata: MetadataStore, gate: Gate, clock: Clock, at_once: int = _AT_ONCE) -> None:
        self._metadata = metadata
        self._gate = gate
        self._clock = clock
        self._at_once = at_once

    async def rehearse(self, caller: Caller, owner: Owner) -> list[Judged]:
        """What would be done, and why."""
        await require_settling(self._gate, caller, owner)
        return [judgement.judged async for judgement in self._walked(kept_as(owner))]

    async def run(self, caller: Caller, owner: Owner) -> list[Judged]:
        await require_settling(self._gate, caller, owner)
        return [judged async for judged in self._cleaned(caller, kept_as(owner))]

    async def run_everywhere(self) -> AsyncIterator[Judged]:
        """For every owner that has such rules, by the registry itself."""
        owners = await self._metadata.read(lambda ledger: ledger.rules.owners(RuleKind.RETENTION))
        for owner in [""] if "" in owners else owners:  # those of the registry as a whole are about everybody's
            async for judged in self._cleaned(BY_ITSELF, owner):
                yield judged

    async def _cleaned(self, caller: Caller, owner: str) -> AsyncIterator[Judged]:
        gone = 0
        async for judgement in self._walked(owner):
            done = await self._emptied(caller, judgement)
            gone += done.going
            yield done
        if gone or caller is not BY_ITSELF:  # what is done each day and changes nothing is no news
            now = self._clock()
            happening = Happening("retention.run", owner or "-", owner, {"deleted": gone})
            await self._metadata.write(lambda ledger: note(ledger, caller, happening, now))

    async def _emptied(self, caller: Caller, judgement: _Judgement) -> Judged:
        """In steps, between which others push."""
        gone: list[Decision] = []
        overtaken = 0
        while judgement.left:
            clean = _clean if overtaken < _OVERTAKEN else _judge_and_clean
            step = _Step(caller, self._clock(), self._at_once)
            after = await self._metadata.write(partial(clean, step, judgement))
            overtaken = overtaken + 1 if after is None else 0
            if after is None:
                judgement = await self._judged(judgement.judged.name)
            else:
                judgement, now_gone = after
                gone += now_gone
        return Judged(judgement.judged.name, (*(each for each in judgement.judged.decisions if each.stays), *gone))

    async def _walked(self, owner: str) -> AsyncIterator[_Judgement]:
        after = ""
        while found := await self._metadata.read(partial(_repositories, owner, after)):
            for name in found:
                yield await self._judged(name)
            after = str(found[-1])

    async def _judged(self, name: RepositoryName) -> _Judgement:
        return await self._metadata.survey(partial(_judge, name, self._clock()))


@dataclass(frozen=True, slots=True)
class _Step:
    caller: Caller
    now: Moment
    at_once: int


def _repositories(owner: str, after: str, ledger: Ledger) -> list[RepositoryName]:
    return ledger.stock.repositories(owner, after, _STEP)


def _judge(name: RepositoryName, now: Moment, ledger: Ledger) -> _Judgement:
    """What changes meanwhile shows in the edition, which is asked first."""
    situation = _situation(ledger, name, now)
    repository = ledger.repositories.find(name)
    if repository is None:
        return _Judgement(Judged(name, ()), (), situation, 0, {})
    edition = ledger.repositories.edition(repository)
    versions = ledger.stock.versions(repository)
    decisions = tuple(decide(versions, situation))
    left = tuple(decision for decision in decisions if not decision.stays)
    pulled = {version.digest: version.pulled_at for version in versions}
    return _Judgement(Judged(name, decisions), left, situation, edition, pulled)


def _situation(ledger: Ledger, name: RepositoryName, now: Moment) -> Situation:
    found = ledger.rules.concerning(name.owner or "", RuleKind.RETENTION)
    retention = {
        record.id: terms for record in found if isinstance(terms := read(record.kind, record.terms), Retention)
    }
    immutable = {record.id: terms for record, terms in immutable_rules(ledger, name)}
    return Situation(name, retention, immutable, now, ledger.stock.first_day_with_pulls())


def _clean(step: _Step, judgement: _Judgement, ledger: Ledger) -> tuple[_Judgement, list[Decision]] | None:
    """What is left to do, and what went. None where what was decided may hold no longer."""
    name = judgement.judged.name
    repository = ledger.repositories.find(name)
    if repository is None:
        return judgement.without(judgement.left, 0), []
    going = some_of(judgement.left, step.at_once)
    if not _holds_still(ledger, repository, judgement, going):
        return None
    for decision in going:
        _delete(ledger, repository, name, decision, step.caller, step.now)
    return judgement.without(going, ledger.repositories.edition(repository)), going


def _judge_and_clean(step: _Step, judgement: _Judgement, ledger: Ledger) -> tuple[_Judgement, list[Decision]] | None:
    """Nobody else can write in between, so it holds."""
    return _clean(step, _judge(judgement.judged.name, step.now, ledger), ledger)


def _holds_still(ledger: Ledger, repository: RepositoryId, judgement: _Judgement, going: Sequence[Decision]) -> bool:
    """Rules, manifests and tags are as they were; and nobody has pulled what is about to go, if that counts."""
    situation = judgement.situation
    if ledger.repositories.edition(repository) != judgement.edition:
        return False
    if _situation(ledger, situation.name, situation.now) != situation:
        return False
    if all(terms.keep_pulled_within is None for terms in situation.retention.values()):
        return True
    asked = {digest for decision in going for digest in (decision.version.digest, *decision.version.children)}
    return all(
        _last_pull(ledger, repository, digest) == judgement.pulled[digest] for digest in asked & judgement.pulled.keys()
    )


def _last_pull(ledger: Ledger, repository: RepositoryId, digest: Digest) -> Moment | None:
    pulls = ledger.pulls.of_version(repository, digest)
    return pulls.pulled_at if pulls else None


def _delete(
    ledger: Ledger, repository: RepositoryId, name: RepositoryName, decision: Decision, caller: Caller, now: Moment
) -> None:
    version = decision.version
    if trash.put(ledger, repository, version.digest, caller.actor, now, f"retention: {decision.why}"):
        tags = " ".join(map(str, version.tags))
        gone = in_repository("version.delete", name, digest=str(version.digest), tags=tags, reason="retention")
        note(ledger, caller, gone, now)
