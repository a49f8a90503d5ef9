"""A login with name and password: whose account it is, if the password is theirs."""

from wharf.access.login import Login
from wharf.errors import CredentialRefused, MalformedLogin
from wharf.metadata.records import AccountRecord
from wharf.metadata.store import MetadataStore
from wharf.registry.services.clock import Clock
from wharf.registry.services.passwords import Passwords


class PasswordLogin:
    def __init__(self, metadata: MetadataStore, passwords: Passwords, clock: Clock) -> None:
        self._metadata = metadata
        self._passwords = passwords
        self._clock = clock

    async def account(self, name: str, password: str, address: str) -> AccountRecord:
        """Raises CredentialRefused, or TooManyAttempts."""
        login = _login(name)
        account = await self._metadata.read(lambda ledger: ledger.accounts.find(login)) if login else None
        is_right = await self._passwords.is_right(password, account.password if account else None)
        if account is None or not is_right or not account.is_active:
            raise CredentialRefused
        return account


def _login(name: str) -> Login | None:
    try:
        return Login.parse(name)
    except MalformedLogin:
        return None
