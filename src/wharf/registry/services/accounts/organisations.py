"""Organisations: who belongs to them and as what, and the services that work for them.

Administrators make them. Their owners say who belongs to them; whoever belongs to one sees who else does.
"""

from collections.abc import Sequence

from wharf.access.action import Action
from wharf.access.login import Login
from wharf.access.permission import Permission
from wharf.access.role import Role
from wharf.errors import AlreadyThere, EntryUnknown, MalformedField, StillNeeded
from wharf.metadata.ledger import Ledger
from wharf.metadata.records import AccountId, AccountKind, AccountRecord, MemberRecord, NewAccount
from wharf.metadata.store import MetadataStore
from wharf.registry.services.access import Caller, Gate
from wharf.registry.services.accounts.accounts import require_free_word, require_owns_nothing
from wharf.registry.services.accounts.own_account import require_own
from wharf.registry.services.clock import Clock
from wharf.registry.services.happenings import Happening, note
from wharf.registry.services.identity.standing import require_standing
from wharf.registry.services.more_room import Growing


class Organisations:
    def __init__(self, metadata: MetadataStore, gate: Gate, clock: Clock) -> None:
        self._metadata = metadata
        self._gate = gate
        self._clock = clock

    async def page(self, caller: Caller, start: int, limit: int) -> tuple[Sequence[AccountRecord], int]:
        """All of them for administrators, for others those that they belong to; with the number of all."""
        kind = AccountKind.ORGANISATION
        if caller.rights.over_all().is_allowed:
            return await self._metadata.read(
                lambda ledger: (ledger.accounts.page(kind, start, limit), ledger.accounts.count(kind))
            )
        account = require_own(caller, Permission.READ)
        known = await self._metadata.read(lambda ledger: ledger.accounts.organisations(account))
        mine = [each for each in known if caller.rights.limits.concern(each.account.login)]
        return [each.account for each in mine[start : start + limit]], len(mine)

    async def see(self, caller: Caller, login: Login) -> AccountRecord:
        _require_sight(caller, login)
        return await self._metadata.read(lambda ledger: organisation(ledger, login))

    async def create(self, caller: Caller, login: Login, display: str) -> AccountRecord:
        await self._gate.require_over_all(caller)
        require_free_word(login)
        now = self._clock()

        def change(ledger: Ledger) -> AccountRecord:
            added = ledger.accounts.add(NewAccount(login, AccountKind.ORGANISATION, display), now)
            if added is None:
                raise AlreadyThere("account", str(login))
            if caller.account is not None:
                ledger.accounts.set_role(added.id, caller.account, Role.OWNER, now)
            ledger.counters.access_changed()
            note(ledger, caller, Happening("organisation.create", str(login), str(login)), now)
            return added

        return await self._metadata.write(Growing(change))

    async def delete(self, caller: Caller, login: Login) -> None:
        """With its services."""
        await self._gate.require_over(caller, Action.GOVERN, login)
        now = self._clock()

        def change(ledger: Ledger) -> None:
            found = organisation(ledger, login)
            require_owns_nothing(ledger, login)
            for service in ledger.accounts.services(found.id):
                ledger.departures.clear(service.id, service.login)
                ledger.accounts.drop(service.id)
            ledger.departures.clear(found.id, login)
            ledger.accounts.drop(found.id)
            ledger.counters.access_changed()
            note(ledger, caller, Happening("organisation.delete", str(login), str(login)), now)

        await self._metadata.write(change)

    async def members(self, caller: Caller, login: Login) -> Sequence[MemberRecord]:
        """People and services."""
        _require_sight(caller, login)
        return await self._metadata.read(lambda ledger: ledger.accounts.members(organisation(ledger, login).id))

    async def set_member(self, caller: Caller, login: Login, member: Login, role: Role) -> MemberRecord:
        await self._gate.require_over(caller, Action.GOVERN, login)
        now = self._clock()

        def change(ledger: Ledger) -> MemberRecord:
            require_standing(ledger, caller, now)
            home = organisation(ledger, login)
            account = _possible_member(ledger, login, member)
            if role is not Role.OWNER:
                _require_another_owner(ledger, caller, home, account.id)
            ledger.accounts.set_role(home.id, account.id, role, now)
            ledger.counters.access_changed()
            note(ledger, caller, Happening("member.set", str(member), str(login), {"role": role.value}), now)
            return MemberRecord(account, role)

        return await self._metadata.write(change)

    async def remove_member(self, caller: Caller, login: Login, member: Login) -> None:
        """Whoever belongs to it may leave it."""
        if caller.name == str(member) and str(login) in caller.rights.roles:
            require_own(caller, Permission.ADMIN)
        else:
            await self._gate.require_over(caller, Action.GOVERN, login)
        now = self._clock()

        def change(ledger: Ledger) -> None:
            home = organisation(ledger, login)
            account = ledger.accounts.find(member)
            if account is None or ledger.accounts.role(home.id, account.id) is None:
                raise EntryUnknown("member", str(member))
            if account.kind is AccountKind.SERVICE:
                raise StillNeeded(str(member), "it works for this organisation", "delete the service itself")
            _require_another_owner(ledger, caller, home, account.id)
            ledger.accounts.leave(home.id, account.id)
            ledger.counters.access_changed()
            note(ledger, caller, Happening("member.remove", str(member), str(login)), now)

        await self._metadata.write(change)

    async def services(self, caller: Caller, login: Login) -> Sequence[MemberRecord]:
        return [each for each in await self.members(caller, login) if each.account.kind is AccountKind.SERVICE]

    async def create_service(
        self, caller: Caller, login: Login, name: Login, role: Role, display: str = ""
    ) -> MemberRecord:
        """`name`: the word after the plus."""
        await self._gate.require_over(caller, Action.GOVERN, login)
        full = _service_login(login, name)
        now = self._clock()

        def change(ledger: Ledger) -> MemberRecord:
            home = organisation(ledger, login)
            service = NewAccount(full, AccountKind.SERVICE, display, organisation=home.id)
            added = ledger.accounts.add(service, now)
            if added is None:
                raise AlreadyThere("service", str(full))
            ledger.accounts.set_role(home.id, added.id, role, now)
            ledger.counters.access_changed()
            note(ledger, caller, Happening("service.create", str(full), str(login), {"role": role.value}), now)
            return MemberRecord(added, role)

        return await self._metadata.write(Growing(change))

    async def delete_service(self, caller: Caller, login: Login, name: Login) -> None:
        """With its tokens."""
        await self._gate.require_over(caller, Action.GOVERN, login)
        full = _service_login(login, name)
        now = self._clock()

        def change(ledger: Ledger) -> None:
            organisation(ledger, login)
            service = ledger.accounts.find(full)
            if service is None:
                raise EntryUnknown("service", str(full))
            ledger.departures.clear(service.id, full)
            ledger.accounts.drop(service.id)
            ledger.counters.access_changed()
            note(ledger, caller, Happening("service.delete", str(full), str(login)), now)

        await self._metadata.write(change)


def organisation(ledger: Ledger, login: Login) -> AccountRecord:
    found = ledger.accounts.find(login)
    if found is None or found.kind is not AccountKind.ORGANISATION:
        raise EntryUnknown("organisation", str(login))
    return found


def _require_sight(caller: Caller, login: Login) -> None:
    """Who does not belong to it, or comes with a token for others, is told what is told of one that is not there."""
    require_own(caller, Permission.READ)
    if caller.rights.role_in(login) is None or not caller.rights.limits.concern(login):
        raise EntryUnknown("organisation", str(login))


def _service_login(organisation: Login, name: Login) -> Login:
    """Told as the word after the plus, or in full."""
    if name.organisation is None:
        return Login(f"{organisation}+{name}")
    if name.organisation != organisation:
        raise MalformedField(str(name), f"a service of {organisation} is named {organisation}+something")
    return name


def _possible_member(ledger: Ledger, organisation: Login, member: Login) -> AccountRecord:
    account = ledger.accounts.find(member)
    is_stranger = account is not None and account.login.organisation not in {None, organisation}
    if account is None or account.kind is AccountKind.ORGANISATION or is_stranger:
        raise EntryUnknown("account", str(member))
    return account


def _require_another_owner(ledger: Ledger, caller: Caller, home: AccountRecord, member: AccountId) -> None:
    """Administrators may leave an organisation to themselves."""
    if caller.rights.is_administrator or ledger.accounts.role(home.id, member) is not Role.OWNER:
        return
    if ledger.accounts.owners(home.id) <= 1:
        raise StillNeeded(str(home.login), "it has no other owner", "make somebody else an owner first")
