"""Lists: tags of a repository, repositories of the registry, what speaks about a manifest. All come in pages."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Generic, TypeVar

from wharf.errors import RepositoryUnknown
from wharf.metadata.ledger import Ledger
from wharf.metadata.records import ListedRepository, ReferrerRecord
from wharf.metadata.store import MetadataStore
from wharf.oci.digest import Digest
from wharf.oci.reference import RepositoryName, Tag
from wharf.protocol.paging import PageRequest
from wharf.registry.services.access import Action, Caller, Gate
from wharf.registry.services.referrers import walked, weight

# Clients refuse a list that is larger than a manifest may be.
_HEAVIEST_PAGE = 3 << 20
_SMALLEST_STEP = 100  # a caller who may read little walks over much, even for a page of one

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """What was found, and whether there is more behind it."""

    items: list[T]
    more: bool


def page_of(found: list[T], limit: int) -> Page[T]:
    """Made from one more than was asked for."""
    return Page(found[:limit], more=0 < limit < len(found))


def page_by_weight(found: Iterator[ReferrerRecord], limit: int) -> Page[ReferrerRecord]:
    """As many as fit into one answer, and one in any case."""
    items: list[ReferrerRecord] = []
    room = _HEAVIEST_PAGE
    for referrer in found:
        room -= weight(referrer)
        if len(items) == limit or (items and room < 0):
            return Page(items, more=limit > 0)
        items.append(referrer)
    return Page(items, more=False)


class Listing:
    def __init__(self, metadata: MetadataStore, gate: Gate) -> None:
        self._metadata = metadata
        self._gate = gate

    async def tags(self, caller: Caller, name: RepositoryName, page: PageRequest) -> Page[Tag]:
        await self._gate.require(caller, Action.PULL, name)

        def question(ledger: Ledger) -> list[Tag]:
            repository = ledger.repositories.find(name)
            if repository is None:
                raise RepositoryUnknown(str(name))
            return ledger.tags.page(repository, page.last or "", page.n + 1)

        return page_of(await self._metadata.read(question), page.n)

    async def repositories(self, caller: Caller, page: PageRequest) -> Page[RepositoryName]:
        """Only those that the caller may read."""
        found = await self._readable(caller, (), page.last or "", page.n + 1)
        return page_of(found, page.n)

    async def holding(self, caller: Caller, words: Sequence[str], limit: int) -> list[RepositoryName]:
        """The first of those that the caller may read whose names hold all the words.

        Whoever searches chooses the words. So names of what is not theirs are not even held against these: that it
        takes longer would tell that there is such a name.
        """
        return await self._readable(caller, words, "", limit)

    async def referrers(
        self, caller: Caller, name: RepositoryName, subject: Digest, artifact_type: str | None, page: PageRequest
    ) -> Page[ReferrerRecord]:
        await self._gate.require(caller, Action.PULL, name)

        def question(ledger: Ledger) -> Page[ReferrerRecord]:
            repository = ledger.repositories.find(name)
            if repository is None:
                return Page([], more=False)  # nothing speaks about it yet: the spec wants an empty list, never a 404
            found = walked(ledger, repository, subject, artifact_type, page.last or "")
            return page_by_weight(found, page.n)

        return await self._metadata.read(question)

    async def _readable(self, caller: Caller, words: Sequence[str], after: str, limit: int) -> list[RepositoryName]:
        """A list is filled across those that their token does not let them read."""
        caller = self._gate.lister(caller)
        owners, step = self._gate.owners(caller), max(limit, _SMALLEST_STEP)
        seen: list[RepositoryName] = []
        while len(seen) < limit:
            found = await self._metadata.read(partial(_page, owners, after, step, words))
            seen += [each.name for each in self._gate.readable(caller, found)]
            if len(found) < step:
                break
            after = str(found[-1].name)
        return seen[:limit]


def _page(
    owners: Collection[str] | None, after: str, limit: int, words: Sequence[str], ledger: Ledger
) -> list[ListedRepository]:
    return ledger.catalogue.page(owners, after, limit, words)
