"""Recovery: whoever has a registry's folder in hand gives an administrator a new password in place of a lost one."""

from dataclasses import dataclass, field
from typing import Final

from wharf.access.login import Login
from wharf.errors import EntryUnknown
from wharf.metadata.ledger import Ledger
from wharf.metadata.records import AccountRecord
from wharf.metadata.store import MetadataStore
from wharf.registry.services.access import Caller
from wharf.registry.services.clock import Clock
from wharf.registry.services.happenings import Happening, note
from wharf.registry.services.identity.first_start import ADMINISTRATOR
from wharf.registry.services.identity.passwords import Passwords, new_password

_SELF: Final = Caller(name="wharf", credential="recovery", address="local")


@dataclass(frozen=True, slots=True)
class Recovered:
    login: Login
    password: str = field(repr=False)


async def recover(metadata: MetadataStore, passwords: Passwords, clock: Clock, wanted: Login | None) -> Recovered:
    """Without a name, the first administrator. One that was disabled is let in again."""
    password = new_password()
    kept = await passwords.hashed(password)
    now = clock()

    def change(ledger: Ledger) -> Login:
        account = _administrator(ledger, wanted)
        login = str(account.login)
        ledger.accounts.set_password(account.id, kept, now)
        note(ledger, _SELF, Happening("account.password", login, login), now)
        if not account.is_active:
            ledger.accounts.set_disabled(account.id, None)
            note(ledger, _SELF, Happening("account.enable", login, login), now)
        ledger.counters.access_changed()
        return account.login

    return Recovered(await metadata.write(change), password)


def _administrator(ledger: Ledger, wanted: Login | None) -> AccountRecord:
    there = {account.login: account for account in ledger.accounts.administrators()}
    found = there.get(wanted) if wanted else there.get(ADMINISTRATOR) or next(iter(there.values()), None)
    if found is None:
        names = ", ".join(map(str, there)) or "nobody; the first start without --open makes one"
        raise EntryUnknown("administrator", f"{wanted or ADMINISTRATOR} (there is {names})")
    return found
