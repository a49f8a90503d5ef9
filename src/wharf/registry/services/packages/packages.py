"""Packages: repositories as GitHub's API shows them, with an owner, a visibility, and versions that can come back.

Whoever asks must be somebody; they see what they may read. What they may not see is not there for them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

from wharf.access.login import Login
from wharf.errors import CannotRestore, EntryUnknown, RepositoryUnknown
from wharf.metadata.ledger import Ledger
from wharf.metadata.packages import Shelf
from wharf.metadata.records import AccountKind, AccountRecord, Moment, PackageRecord
from wharf.metadata.store import MetadataStore
from wharf.oci.reference import RepositoryName
from wharf.registry.services.access import Action, Caller, Gate
from wharf.registry.services.clock import Clock, before
from wharf.registry.services.governing import is_administrator
from wharf.registry.services.happenings import in_repository, note
from wharf.registry.services.more_room import Growing
from wharf.registry.services.packages.trash import bring_back_all, put_all
from wharf.registry.services.rules.quota import Deletion, count_return, write_within_quota

_REASON: Final = "its package was deleted"


@dataclass(frozen=True, slots=True)
class PackageOwner:
    """Whose packages they are. Without a login, the instance; `account` is None where nobody has that login."""

    login: Login | None
    account: AccountRecord | None = None

    def repository(self, package: str) -> str:
        """What the registry calls this package of theirs."""
        return f"{self.login}/{package}" if self.login else package


@dataclass(frozen=True, slots=True)
class _Sight:
    """What somebody sees of an owner's packages. Who does not belong to the owner sees what is public; and where what
    they may is not asked of each package, no more of these are read than are shown."""

    owner: str | None
    belongs: bool
    asked_of_each: Callable[[list[PackageRecord]], list[PackageRecord]] | None

    def page(self, ledger: Ledger, start: int, limit: int, *, public: bool | None) -> tuple[list[PackageRecord], int]:
        shelf = Shelf(self.owner, public, only_public=not self.belongs)
        if self.asked_of_each is None:
            return ledger.packages.listed(shelf, start, limit), ledger.packages.count_listed(shelf)
        seen = self.asked_of_each(ledger.packages.listed(shelf))
        return seen[start : start + limit], len(seen)


INSTANCE: Final = PackageOwner(None)


def owner_of(name: RepositoryName) -> PackageOwner:
    """Whose it is by its name, whoever that may be."""
    return PackageOwner(Login(name.owner)) if name.owner else INSTANCE


@dataclass(frozen=True, slots=True)
class PackageView:
    """A package as it is shown."""

    record: PackageRecord
    owner: PackageOwner
    version_count: int
    tag_count: int

    @property
    def name(self) -> str:
        """Without its owner."""
        full = str(self.record.name)
        return full.removeprefix(f"{self.owner.login}/") if self.owner.login else full


class Packages:
    def __init__(self, metadata: MetadataStore, gate: Gate, clock: Clock, keep_deleted: float) -> None:
        self._metadata = metadata
        self._gate = gate
        self._clock = clock
        self._keep_deleted = keep_deleted

    async def owner(self, login: Login, kind: AccountKind) -> PackageOwner:
        """Where nobody has the login, it may still stand before names of repositories."""
        account = await self._metadata.read(lambda ledger: ledger.accounts.find(login))
        if account is not None and account.kind is not kind:
            raise EntryUnknown(kind.value, str(login))
        return PackageOwner(login, account)

    async def oneself(self, login: Login) -> PackageOwner:
        """Of whatever kind the account is: a service owns nothing, and has an empty list."""
        return PackageOwner(login, await self._metadata.read(lambda ledger: ledger.accounts.find(login)))

    async def admit(self, caller: Caller, owner: PackageOwner) -> None:
        """Only somebody may ask at all; which packages they may see is asked of each."""
        await self._gate.require_reader(caller, owner.login)

    async def page(
        self, caller: Caller, owner: PackageOwner, start: int, limit: int, *, public: bool | None = None
    ) -> tuple[list[PackageView], int]:
        """By name, of all that the caller may read, or of those that are public, or are not; with the number of all."""
        await self.admit(caller, owner)
        sight = await self._sight(caller, owner)

        def question(ledger: Ledger) -> tuple[list[PackageView], int]:
            if owner.login is not None and owner.account is None and not sight.page(ledger, 0, 0, public=None)[1]:
                raise EntryUnknown("account", str(owner.login))
            found, total = sight.page(ledger, start, limit, public=public)
            return [_view(ledger, owner, package) for package in found], total

        return await self._metadata.read(question)

    async def show(self, caller: Caller, owner: PackageOwner, name: RepositoryName) -> PackageView:
        await self._gate.require(caller, Action.PULL, name)
        return await self._metadata.read(lambda ledger: _view(ledger, owner, alive(ledger, name)))

    async def delete(self, caller: Caller, name: RepositoryName) -> None:
        await self._gate.require(caller, Action.DELETE, name)
        now = self._clock()

        def change(ledger: Ledger) -> None:
            package = alive(ledger, name)
            versions = ledger.packages.count(package.id)
            put_all(ledger, package.id, caller.actor, now, _REASON, _deletion(now))
            ledger.repositories.set_deleted(package.id, now, now)
            note(ledger, caller, in_repository("package.delete", name, versions=versions), now)

        await self._metadata.write(change)

    async def restore(self, caller: Caller, name: RepositoryName) -> None:
        await self._gate.require(caller, Action.RESTORE, name)
        now = self._clock()

        counted = await self._metadata.survey(
            lambda ledger: count_return(self._deleted_whole(ledger, name, now), ledger)
        )

        def change(ledger: Ledger) -> None:
            deletion = self._deleted_whole(ledger, name, now)
            returning = ledger.trash.count(deletion.repository, deletion.word)
            bring_back_all(ledger, deletion, counted, caller.actor, now)
            ledger.repositories.set_deleted(deletion.repository, None, now)
            note(ledger, caller, in_repository("package.restore", name, versions=returning), now)

        await write_within_quota(self._metadata, name, Growing(change))

    async def set_public(self, caller: Caller, name: RepositoryName, *, is_public: bool) -> None:
        await self._gate.require(caller, Action.SETTLE, name)
        now = self._clock()

        def change(ledger: Ledger) -> None:
            package = alive(ledger, name)
            if package.is_public is is_public:
                return
            ledger.repositories.set_public(package.id, is_public=is_public)
            ledger.counters.access_changed()
            visibility = "public" if is_public else "private"
            note(ledger, caller, in_repository("package.visibility", name, visibility=visibility), now)

        await self._metadata.write(change)

    async def _sight(self, caller: Caller, owner: PackageOwner) -> _Sight:
        owners = self._gate.owners(caller)
        if owner.login is None:
            belongs, sees_all = owners is None, await is_administrator(self._gate, caller)
        else:
            belongs = owners is None or str(owner.login) in owners
            sees_all = await self._gate.may_over(caller, Action.PULL, owner.login)
        asked_of_each = partial(self._gate.readable, caller) if belongs and not sees_all else None
        return _Sight(str(owner.login) if owner.login else None, belongs, asked_of_each)

    def _deleted_whole(self, ledger: Ledger, name: RepositoryName, now: Moment) -> Deletion:
        """The deletion in which all of it went."""
        package = ledger.repositories.package(name)
        if package is None:
            raise RepositoryUnknown(str(name))
        if package.deleted_at is None and ledger.packages.count(package.id):
            raise CannotRestore(
                str(package.name),
                "it is there, and not deleted as a whole",
                next_step="bring back single versions of it: look at which of them were deleted",
            )
        if package.deleted_at is None or package.deleted_at <= before(now, self._keep_deleted):
            raise RepositoryUnknown(str(name))
        deletion = Deletion(name, package.id, _deletion(package.deleted_at))
        if not ledger.trash.count(package.id, deletion.word):  # a garbage collection was told to keep nothing
            raise RepositoryUnknown(str(name))
        return deletion


def alive(ledger: Ledger, name: RepositoryName) -> PackageRecord:
    """A package that has versions."""
    package = ledger.packages.alive(name)
    if package is None:
        raise RepositoryUnknown(str(name))
    return package


def _view(ledger: Ledger, owner: PackageOwner, package: PackageRecord) -> PackageView:
    return PackageView(package, owner, ledger.packages.count(package.id), ledger.packages.count_tags(package.id))


def _deletion(now: Moment) -> str:
    return f"package {now}"
