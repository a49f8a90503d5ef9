"""A login with name and password: whose account it is, if the password is theirs.

What was tried once is remembered, the right and the wrong, under a keyed digest. Checking costs much on purpose, and is
paid once for as long as the password stays what it is; a client that shows the same wrong one again and again is
no guesser, and is refused without being counted.
"""

import asyncio
import hashlib
import os
import time
from dataclasses import dataclass, field
from typing import Final

from wharf.access.login import Login
from wharf.errors import CredentialRefused, MalformedLogin, TooManyAttempts
from wharf.metadata.records import AccountRecord
from wharf.metadata.store import MetadataStore
from wharf.registry.services.clock import Clock
from wharf.registry.services.identity.attempts import Attempt, Attempts
from wharf.registry.services.identity.passwords import Passwords

_MOST_REMEMBERED: Final = 20_000
_AT_ONCE: Final = 2
"""So many attempts may be under way before the first of them is known to have failed."""


@dataclass(frozen=True, slots=True)
class _Tried:
    """Whether a password agreed with what was kept then."""

    kept: str | None = field(repr=False)
    agreed: bool


class PasswordLogin:
    def __init__(self, metadata: MetadataStore, passwords: Passwords, clock: Clock) -> None:
        self._metadata = metadata
        self._passwords = passwords
        self._attempts = Attempts(metadata, clock)
        self._turns = asyncio.Semaphore(_AT_ONCE)
        self._key = os.urandom(32)
        self._tried: dict[bytes, _Tried] = {}
        self._usual_seconds = 0.0

    async def account(self, name: str, password: str, address: str) -> AccountRecord:
        """Raises CredentialRefused, or TooManyAttempts."""
        login = _login(name)
        account = await self._metadata.read(lambda ledger: ledger.accounts.find(login)) if login else None
        if not await self._agrees(Attempt(name, account, address), password):
            raise CredentialRefused
        if account is None or not account.is_active:
            raise CredentialRefused
        return account

    async def _agrees(self, attempt: Attempt, password: str) -> bool:
        known = self._known(attempt, password)
        if known is not None:
            return known
        try:
            await self._attempts.require(attempt)  # who has to wait does not stand in the way of others
            async with self._turns:
                return await self._heard(attempt, password)
        except TooManyAttempts:
            await asyncio.sleep(self._usual_seconds)  # as long as a check takes: time tells nothing either
            raise

    async def _heard(self, attempt: Attempt, password: str) -> bool:
        """While it waited for its turn the same may have been tried, or something else have failed once too often."""
        known = self._known(attempt, password)
        if known is not None:
            return known
        await self._attempts.require(attempt)
        if not await self._checked(attempt, password):
            raise await self._attempts.failed(attempt)
        await self._attempts.succeeded(attempt)
        return True

    async def _checked(self, attempt: Attempt, password: str) -> bool:
        started = time.perf_counter()
        is_right = await self._passwords.is_right(password, _kept(attempt))
        self._usual_seconds = time.perf_counter() - started
        self._remember(self._remembered_as(attempt.name, password), _Tried(_kept(attempt), is_right))
        return is_right

    def _known(self, attempt: Attempt, password: str) -> bool | None:
        tried = self._tried.get(self._remembered_as(attempt.name, password))
        return tried.agreed if tried is not None and tried.kept == _kept(attempt) else None

    def _remember(self, key: bytes, tried: _Tried) -> None:
        if len(self._tried) >= _MOST_REMEMBERED:
            self._tried.clear()
        self._tried[key] = tried

    def _remembered_as(self, name: str, password: str) -> bytes:
        text = f"{name.strip().lower()}\0{password}".encode("utf-8", "replace")
        return hashlib.blake2b(text, key=self._key, digest_size=16).digest()


def _kept(attempt: Attempt) -> str | None:
    return attempt.account.password if attempt.account else None


def _login(name: str) -> Login | None:
    try:
        return Login.parse(name)
    except MalformedLogin:
        return None
