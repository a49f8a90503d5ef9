"""Versions of a package: the manifests that were pushed, by number, the newest first; and those in the trash.

Parts of an image for several platforms are versions without a tag, as at GitHub. There, whoever tidies up by deleting
what has no tag breaks images; here a part stays as long as its whole does. Signatures and their like are versions too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from wharf.errors import EntryUnknown, LastVersion, PartOfImage, RepositoryUnknown
from wharf.metadata.ledger import Ledger
from wharf.metadata.records import DeletedManifest, Moment, PackageRecord, RepositoryId, VersionId, VersionRecord
from wharf.metadata.store import MetadataStore
from wharf.oci.digest import Digest
from wharf.oci.reference import RepositoryName, Tag
from wharf.registry.services.access import Action, Caller, Gate
from wharf.registry.services.clock import Clock, before
from wharf.registry.services.fallback import subject_of_fallback_tag
from wharf.registry.services.happenings import in_repository, note
from wharf.registry.services.more_room import Growing
from wharf.registry.services.packages.packages import alive
from wharf.registry.services.packages.trash import bring_back, put
from wharf.registry.services.rules.quota import write_within_quota

_WHOLES_ASKED: Final = 50
_WHOLES_SHOWN: Final = 3
_REASON: Final = "deleted as a version"


@dataclass(frozen=True, slots=True)
class VersionView:
    record: VersionRecord
    tags: tuple[Tag, ...]


@dataclass(frozen=True, slots=True)
class VersionPage:
    versions: list[VersionView]
    total: int


class PackageVersions:
    def __init__(self, metadata: MetadataStore, gate: Gate, clock: Clock, keep_deleted: float) -> None:
        self._metadata = metadata
        self._gate = gate
        self._clock = clock
        self._keep_deleted = keep_deleted

    async def active(self, caller: Caller, name: RepositoryName, start: int, limit: int) -> VersionPage:
        await self._gate.require(caller, Action.PULL, name)

        def question(ledger: Ledger) -> VersionPage:
            package = alive(ledger, name)
            found = ledger.packages.versions(package.id, start, limit)
            views = [_view(ledger, package.id, version) for version in found]
            return VersionPage(views, ledger.packages.count(package.id))

        return await self._metadata.read(question)

    async def deleted(self, caller: Caller, name: RepositoryName, start: int, limit: int) -> VersionPage:
        """For who may bring them back: what was deleted is nobody else's business. The package may be gone itself."""
        await self._gate.require(caller, Action.RESTORE, name)
        since = before(self._clock(), self._keep_deleted)

        def question(ledger: Ledger) -> VersionPage:
            repository = _repository(ledger, name)
            total = ledger.packages.count_deleted(repository, since)
            if total == 0:
                alive(ledger, name)
            found = ledger.packages.deleted_versions(repository, since, start, limit)
            return VersionPage([_deleted_view(ledger, repository, version) for version in found], total)

        return await self._metadata.read(question)

    async def show(self, caller: Caller, name: RepositoryName, version: VersionId) -> VersionView:
        await self._gate.require(caller, Action.PULL, name)

        def question(ledger: Ledger) -> VersionView:
            package = alive(ledger, name)
            return _view(ledger, package.id, _version(ledger, package, version))

        return await self._metadata.read(question)

    async def delete(self, caller: Caller, name: RepositoryName, version: VersionId) -> None:
        await self._gate.require(caller, Action.DELETE, name)
        now = self._clock()

        def change(ledger: Ledger) -> None:
            package = alive(ledger, name)
            digest = _version(ledger, package, version).digest
            _require_whole(ledger, package.id, digest)
            tags = ledger.tags.of_digest(package.id, digest)
            _require_another(ledger, package, has_tags=bool(tags))
            put(ledger, package.id, digest, caller.actor, now, _REASON)
            told = " ".join(map(str, tags))
            note(ledger, caller, in_repository("version.delete", name, digest=str(digest), tags=told), now)

        await self._metadata.write(change)

    async def restore(self, caller: Caller, name: RepositoryName, version: VersionId) -> None:
        """Of a package that was deleted as a whole, a single version brings back the package, and itself alone."""
        await self._gate.require(caller, Action.RESTORE, name)
        now = self._clock()

        def change(ledger: Ledger) -> None:
            repository = _repository(ledger, name)
            gone = self._in_trash(ledger, repository, version, now)
            for one in bring_back(ledger, [gone], caller.actor, now):
                told = " ".join(map(str, one.tags))
                note(ledger, caller, in_repository("version.restore", name, digest=str(one.digest), tags=told), now)
            ledger.repositories.set_deleted(repository, None, now)

        await write_within_quota(self._metadata, name, Growing(change))

    def _in_trash(self, ledger: Ledger, repository: RepositoryId, version: VersionId, now: Moment) -> DeletedManifest:
        digest = ledger.versions.digest(repository, version)
        gone = ledger.trash.find(repository, digest) if digest else None
        if gone is None or gone.deleted_at <= before(now, self._keep_deleted):
            raise EntryUnknown("version", str(version))
        return gone


def _repository(ledger: Ledger, name: RepositoryName) -> RepositoryId:
    repository = ledger.repositories.find(name)
    if repository is None:
        raise RepositoryUnknown(str(name))
    return repository


def _version(ledger: Ledger, package: PackageRecord, version: VersionId) -> VersionRecord:
    found = ledger.packages.version(package.id, version)
    if found is None:
        raise EntryUnknown("version", str(version))
    return found


def _view(ledger: Ledger, repository: RepositoryId, version: VersionRecord) -> VersionView:
    return VersionView(version, tuple(ledger.tags.of_digest(repository, version.digest)))


def _deleted_view(ledger: Ledger, repository: RepositoryId, version: VersionRecord) -> VersionView:
    gone = ledger.trash.find(repository, version.digest)
    return VersionView(version, gone.tags if gone else ())


def _require_whole(ledger: Ledger, repository: RepositoryId, digest: Digest) -> None:
    """Not a part of something else. A list of referrers is no image: it is kept true when one of them goes."""
    speaks = ledger.manifests.subject_of(repository, digest) is not None
    wholes = [
        whole
        for whole in ledger.blobs.named_by(repository, digest, _WHOLES_ASKED)
        if not _is_list_of_referrers(ledger.tags.of_digest(repository, whole), speaks=speaks)
    ]
    if wholes:
        raise PartOfImage(str(digest), [str(whole) for whole in wholes[:_WHOLES_SHOWN]])


def _is_list_of_referrers(tags: Sequence[Tag], *, speaks: bool) -> bool:
    """Under the tag of a subject; or one that names what speaks about another, and lost its tag to a newer list."""
    return any(map(subject_of_fallback_tag, tags)) or (speaks and not tags)


def _require_another(ledger: Ledger, package: PackageRecord, *, has_tags: bool) -> None:
    if has_tags and ledger.packages.tagged(package.id) == 1:
        raise LastVersion(str(package.name), is_tagged=True)
    if ledger.packages.count(package.id) == 1:
        raise LastVersion(str(package.name), is_tagged=False)
