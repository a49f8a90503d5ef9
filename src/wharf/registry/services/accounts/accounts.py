"""The accounts of people. Administrators make, change and delete them; people see to their own name and password."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from wharf.access.login import Login
from wharf.access.permission import Permission
from wharf.errors import AlreadyThere, CredentialRefused, EntryUnknown, MalformedField, MalformedLogin, StillNeeded
from wharf.metadata.ledger import Ledger
from wharf.metadata.records import AccountKind, AccountRecord, Moment, NewAccount
from wharf.metadata.store import MetadataStore
from wharf.registry.services.access import Caller, Gate
from wharf.registry.services.accounts.own_account import require_own
from wharf.registry.services.clock import Clock
from wharf.registry.services.happenings import Happening, note
from wharf.registry.services.identity.password_login import PasswordLogin
from wharf.registry.services.identity.passwords import Passwords, new_password
from wharf.registry.services.identity.standing import require_standing
from wharf.registry.services.more_room import Growing


@dataclass(frozen=True, slots=True)
class NewUser:
    login: Login
    display: str = ""
    password: str | None = field(default=None, repr=False)
    is_administrator: bool = False


@dataclass(frozen=True, slots=True)
class MadeUser:
    """`password` only if it was made here; it is told to whoever asked for the account, and never again."""

    account: AccountRecord
    password: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class UserChange:
    """What is None stays as it is. `old_password` is wanted of whoever changes their own."""

    display: str | None = None
    password: str | None = field(default=None, repr=False)
    old_password: str | None = field(default=None, repr=False)
    is_administrator: bool | None = None
    is_disabled: bool | None = None

    @property
    def is_administrators_alone(self) -> bool:
        return self.is_administrator is not None or self.is_disabled is not None


class Users:
    def __init__(
        self, metadata: MetadataStore, gate: Gate, clock: Clock, passwords: Passwords, logins: PasswordLogin
    ) -> None:
        self._metadata = metadata
        self._gate = gate
        self._clock = clock
        self._passwords = passwords
        self._logins = logins

    async def page(self, caller: Caller, start: int, limit: int) -> tuple[Sequence[AccountRecord], int]:
        """With the number of all."""
        await self._gate.require_over_all(caller)
        users = AccountKind.USER
        return await self._metadata.read(
            lambda ledger: (ledger.accounts.page(users, start, limit), ledger.accounts.count(users))
        )

    async def see(self, caller: Caller, login: Login) -> AccountRecord:
        """Others are seen by administrators; to anybody else they are as those that do not exist."""
        if caller.name == str(login):
            require_own(caller, Permission.READ)
        elif caller.rights.is_known and not caller.rights.is_administrator:
            raise EntryUnknown("account", str(login))
        else:
            await self._gate.require_over_all(caller)
        return await self._metadata.read(lambda ledger: user(ledger, login))

    async def create(self, caller: Caller, new: NewUser) -> MadeUser:
        await self._gate.require_over_all(caller)
        require_free_word(new.login)
        made = None if new.password else new_password()
        kept = await self._passwords.hashed(new.password or made or "")
        account = NewAccount(new.login, AccountKind.USER, new.display, kept, new.is_administrator)
        now = self._clock()

        def change(ledger: Ledger) -> AccountRecord:
            require_standing(ledger, caller, now)
            added = ledger.accounts.add(account, now)
            if added is None:
                raise AlreadyThere("account", str(new.login))
            ledger.counters.access_changed()
            details = {"administrator": new.is_administrator}
            note(ledger, caller, Happening("account.create", str(new.login), str(new.login), details), now)
            return added

        return MadeUser(await self._metadata.write(Growing(change)), made)

    async def change(self, caller: Caller, login: Login, wish: UserChange) -> AccountRecord:
        await self._require_change(caller, login, wish)
        before = await self._metadata.read(lambda ledger: user(ledger, login))
        if wish.password is not None and caller.account == before.id:
            await self._require_old_password(caller, login, wish.old_password)
        kept = None if wish.password is None else await self._passwords.hashed(wish.password)
        now = self._clock()
        return await self._metadata.write(lambda ledger: _changed(ledger, caller, before, wish, kept, now))

    async def delete(self, caller: Caller, login: Login) -> None:
        await self._gate.require_over_all(caller)
        now = self._clock()

        def change(ledger: Ledger) -> None:
            account = user(ledger, login)
            require_owns_nothing(ledger, login)
            if account.is_administrator:
                _require_another_administrator(ledger, account)
            ledger.departures.clear(account.id, login)
            ledger.accounts.drop(account.id)
            ledger.counters.access_changed()
            note(ledger, caller, Happening("account.delete", str(login), str(login)), now)

        await self._metadata.write(change)

    async def _require_change(self, caller: Caller, login: Login, wish: UserChange) -> None:
        if caller.name == str(login) and not wish.is_administrators_alone:
            require_own(caller, Permission.ADMIN)
        else:
            await self._gate.require_over_all(caller)

    async def _require_old_password(self, caller: Caller, login: Login, old: str | None) -> None:
        """Also of an administrator: whoever finds their terminal open must not keep it."""
        if old is None:
            raise MalformedField("old_password", "old_password is missing: your own is changed by who knows it")
        try:
            await self._logins.account(str(login), old, caller.address)
        except CredentialRefused:
            raise _not_the_old_one() from None


def _not_the_old_one() -> MalformedField:
    return MalformedField("old_password", "old_password is not the password of this account")


def user(ledger: Ledger, login: Login) -> AccountRecord:
    found = ledger.accounts.find(login)
    if found is None or found.kind is not AccountKind.USER:
        raise EntryUnknown("account", str(login))
    return found


def require_free_word(login: Login) -> None:
    """A name that may be given to a person or an organisation."""
    if login.organisation is not None:
        raise MalformedLogin(str(login))
    if login.is_reserved:
        raise MalformedField(str(login), "this word stands for something else here", next_step="choose another name")


def require_owns_nothing(ledger: Ledger, login: Login) -> None:
    if ledger.departures.owns_something(login):
        reason = "repositories begin with this name"
        raise StillNeeded(str(login), reason, "delete its packages; then it can go when they can no longer be restored")


def _changed(
    ledger: Ledger, caller: Caller, before: AccountRecord, wish: UserChange, kept: str | None, now: Moment
) -> AccountRecord:
    """`before`: as it was when the old password was tried; hashing the new one takes a while."""
    require_standing(ledger, caller, now)
    login = before.login
    account = user(ledger, login)
    if kept is not None and caller.account == before.id and account.password != before.password:
        raise _not_the_old_one()
    done = _applied(ledger, account, wish, kept, now)
    for action, details in done:
        note(ledger, caller, Happening(action, str(login), str(login), details), now)
    if done:
        ledger.counters.access_changed()
    return user(ledger, login)


def _applied(
    ledger: Ledger, account: AccountRecord, wish: UserChange, kept: str | None, now: Moment
) -> list[tuple[str, dict[str, bool]]]:
    """What was changed, in the words of the audit log."""
    done: list[tuple[str, dict[str, bool]]] = []
    if wish.display is not None and wish.display != account.display:
        ledger.accounts.set_display(account.id, wish.display)
        done.append(("account.rename", {}))
    if kept is not None:
        ledger.accounts.set_password(account.id, kept, now)
        done.append(("account.password", {}))
    if wish.is_administrator is not None and wish.is_administrator != account.is_administrator:
        _set_administrator(ledger, account, is_one=wish.is_administrator)
        done.append(("account.administrator", {"administrator": wish.is_administrator}))
    if wish.is_disabled is not None and wish.is_disabled == account.is_active:
        _set_disabled(ledger, account, now if wish.is_disabled else None)
        done.append(("account.disable" if wish.is_disabled else "account.enable", {}))
    return done


def _set_administrator(ledger: Ledger, account: AccountRecord, *, is_one: bool) -> None:
    if not is_one:
        _require_another_administrator(ledger, account)
    ledger.accounts.set_administrator(account.id, is_one=is_one)


def _set_disabled(ledger: Ledger, account: AccountRecord, at: Moment | None) -> None:
    """Asked of the ledger: the same change may have made it no administrator a moment ago."""
    now = ledger.accounts.get(account.id) or account
    if at is not None and now.is_administrator:
        _require_another_administrator(ledger, now)
    ledger.accounts.set_disabled(account.id, at)


def _require_another_administrator(ledger: Ledger, account: AccountRecord) -> None:
    if account.is_active and ledger.accounts.active_administrators() <= 1:
        raise StillNeeded(
            str(account.login), "nobody else administers this registry", "make another administrator first"
        )
