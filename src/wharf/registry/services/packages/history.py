"""What is known about a package beside its versions: where its tags pointed, and what speaks about a version."""

from dataclasses import dataclass, replace
from itertools import islice

from wharf.errors import EntryUnknown
from wharf.metadata.ledger import Ledger
from wharf.metadata.records import ReferrerRecord, TagEvent
from wharf.metadata.store import MetadataStore
from wharf.oci.digest import Digest
from wharf.oci.reference import RepositoryName, Tag
from wharf.registry.services.access import Action, Caller, Gate
from wharf.registry.services.packages.packages import alive
from wharf.registry.services.referrers import walked


@dataclass(frozen=True, slots=True)
class TagEvents:
    """`actor` is empty where it may not be told."""

    events: list[TagEvent]
    total: int


@dataclass(frozen=True, slots=True)
class Referrers:
    found: list[ReferrerRecord]
    total: int


class PackageHistory:
    def __init__(self, metadata: MetadataStore, gate: Gate) -> None:
        self._metadata = metadata
        self._gate = gate

    async def of_tag(self, caller: Caller, name: RepositoryName, tag: Tag, start: int, limit: int) -> TagEvents:
        """The latest first. Who it was is told to those who may push: others need not know who works here."""
        await self._gate.require(caller, Action.PULL, name)
        is_one_of_them = await self._gate.may(caller, Action.PUSH, name)

        def question(ledger: Ledger) -> TagEvents:
            repository = alive(ledger, name).id
            total = ledger.tags.events(repository, tag)
            if total == 0:
                raise EntryUnknown("tag", str(tag))
            events = ledger.tags.history_page(repository, tag, start, limit)
            return TagEvents(events if is_one_of_them else [replace(event, actor="") for event in events], total)

        return await self._metadata.read(question)

    async def referrers(
        self, caller: Caller, name: RepositoryName, subject: Digest, artifact_type: str | None, start: int, limit: int
    ) -> Referrers:
        await self._gate.require(caller, Action.PULL, name)

        def question(ledger: Ledger) -> Referrers:
            repository = alive(ledger, name).id
            found = islice(walked(ledger, repository, subject, artifact_type), start, start + limit)
            return Referrers(list(found), ledger.manifests.count_referrers(repository, subject, artifact_type))

        return await self._metadata.read(question)
