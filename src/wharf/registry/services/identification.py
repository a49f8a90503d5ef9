"""Who comes: what the Authorization header proves.

Basic name and password, where a token may stand for the password; `Bearer` or `token` with a personal access token.
What was proven once is remembered for as long as nobody's access has changed, under a keyed digest of the header.
"""

import base64
import binascii
import hashlib
import os
from dataclasses import dataclass, replace
from typing import Final

from wharf.access.login import Login
from wharf.access.secret_text import SecretText, recognised
from wharf.errors import CredentialRefused, MalformedLogin
from wharf.metadata.ledger import Ledger
from wharf.metadata.records import AccountRecord, Moment, TokenRecord
from wharf.metadata.store import MetadataStore
from wharf.registry.services.access import ANYBODY, Caller
from wharf.registry.services.clock import Clock
from wharf.registry.services.passwords import Passwords
from wharf.registry.services.standing import caller_of

_MOST_REMEMBERED: Final = 20_000
_LONGEST_HEADER: Final = 16 << 10


@dataclass(frozen=True, slots=True)
class _Proven:
    caller: Caller
    until: Moment | None


class GuardedDoor:
    def __init__(self, metadata: MetadataStore, passwords: Passwords, clock: Clock) -> None:
        self._metadata = metadata
        self._passwords = passwords
        self._clock = clock
        self._key = os.urandom(32)
        self._known: dict[bytes, _Proven] = {}
        self._as_of = 0

    async def identify(self, authorization: str | None, address: str) -> Caller:
        if authorization is None:
            return replace(ANYBODY, address=address)
        if len(authorization) > _LONGEST_HEADER:
            raise CredentialRefused("the header is too long")
        await self._forget_what_changed()
        key = hashlib.blake2b(authorization.encode("utf-8", "replace"), key=self._key, digest_size=16).digest()
        proven = self._known.get(key)
        if proven is None or (proven.until is not None and proven.until <= self._clock()):
            proven = await self._proven(authorization, address)
            self._known[key] = proven
        return proven.caller if proven.caller.address == address else replace(proven.caller, address=address)

    async def _forget_what_changed(self) -> None:
        as_of = await self._metadata.read(lambda ledger: ledger.counters.access())
        if as_of != self._as_of or len(self._known) > _MOST_REMEMBERED:
            self._known, self._as_of = {}, as_of

    async def _proven(self, authorization: str, address: str) -> _Proven:
        scheme, _, credential = authorization.partition(" ")
        match scheme.lower():
            case "basic":
                return await self._by_basic(credential.strip(), address)
            case "bearer" | "token":
                return await self._by_secret(recognised(credential.strip()), None, address)
        raise CredentialRefused("this scheme of authorization is not known here")

    async def _by_basic(self, credential: str, address: str) -> _Proven:
        name, password = _name_and_password(credential)
        if (secret := recognised(password)) is not None:
            return await self._by_secret(secret, name, address)
        login = _login(name)
        account = await self._metadata.read(lambda ledger: ledger.accounts.find(login)) if login else None
        is_right = await self._passwords.is_right(password, account.password if account else None)
        if account is None or not is_right or not account.is_active:
            raise CredentialRefused
        caller = await self._metadata.read(lambda ledger: caller_of(ledger, account, None, address))
        return _Proven(caller, None)

    async def _by_secret(self, secret: SecretText | None, name: str | None, address: str) -> _Proven:
        """The name beside a token is a formality: what clients must fill in. One of somebody else is a mistake."""
        if secret is None:
            raise CredentialRefused
        found = await self._metadata.read(lambda ledger: _holder(ledger, secret))
        if found is None:
            raise CredentialRefused
        account, token = found
        if not token.is_good_at(self._clock()) or not account.is_active:
            raise CredentialRefused("this token was revoked, or has expired")
        caller = await self._metadata.read(lambda ledger: caller_of(ledger, account, token, address))
        return _Proven(caller, token.expires_at)


def _holder(ledger: Ledger, secret: SecretText) -> tuple[AccountRecord, TokenRecord] | None:
    token = ledger.tokens.by_digest(secret.digest)
    account = ledger.accounts.get(token.account) if token else None
    return (account, token) if account and token else None


def _name_and_password(credential: str) -> tuple[str, str]:
    try:
        name, colon, password = base64.b64decode(credential, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        raise CredentialRefused("what follows `Basic` is not base64") from None
    if not colon:
        raise CredentialRefused("what follows `Basic` is not a name, a colon and a password")
    return name, password


def _login(name: str) -> Login | None:
    try:
        return Login.parse(name)
    except MalformedLogin:
        return None
