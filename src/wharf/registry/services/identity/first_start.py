"""The first start of a registry: nobody is there yet, so an administrator is made, whose password is told once."""

from dataclasses import dataclass, field
from typing import Final

from wharf.access.login import Login
from wharf.errors import MalformedField, SettingRefused
from wharf.metadata.ledger import Ledger
from wharf.metadata.records import AccountKind, NewAccount
from wharf.metadata.store import MetadataStore
from wharf.registry.services.access import Caller
from wharf.registry.services.clock import Clock
from wharf.registry.services.happenings import Happening, note
from wharf.registry.services.identity.passwords import Passwords, new_password
from wharf.registry.settings.sources import FIRST_PASSWORD_VARIABLE

ADMINISTRATOR: Final = Login("admin")
_SELF: Final = Caller(name="wharf", credential="first start", address="local")


@dataclass(frozen=True, slots=True)
class FirstPassword:
    """`was_made`: by us, so that whoever started the registry must be told."""

    text: str = field(repr=False)
    was_made: bool


async def ensure_administrator(
    metadata: MetadataStore, passwords: Passwords, clock: Clock, given: str | None
) -> FirstPassword | None:
    """None where there are accounts already: then the password that is given counts for nothing.

    Raises SettingRefused for one that is too short.
    """
    if await metadata.read(lambda ledger: ledger.accounts.there_are_any()):
        return None
    password = FirstPassword(given or new_password(), was_made=not given)
    kept = await _hashed(passwords, password)
    account = NewAccount(ADMINISTRATOR, AccountKind.USER, "Administrator", kept, is_administrator=True)
    now = clock()

    def change(ledger: Ledger) -> bool:
        if ledger.accounts.there_are_any() or ledger.accounts.add(account, now) is None:
            return False
        ledger.counters.access_changed()
        note(ledger, _SELF, Happening("account.create", str(ADMINISTRATOR)), now)
        return True

    return password if await metadata.write(change) else None


async def _hashed(passwords: Passwords, password: FirstPassword) -> str:
    try:
        return await passwords.hashed(password.text)
    except MalformedField as error:
        unseen = "(it is not shown)"
        raise SettingRefused(FIRST_PASSWORD_VARIABLE, unseen, "the environment", error.reason) from error
