"""Who comes: what the Authorization header proves.

Basic name and password, where a token may stand for the password; `Bearer` or `token` with a personal access token, or
with a short-lived one that was signed here.
What was proven once is remembered for as long as nobody's access has changed, under a keyed digest of the header.
"""

import base64
import binascii
import hashlib
import os
from dataclasses import dataclass, replace
from typing import Final

from wharf.access.secret_text import SecretKind, SecretText, recognised
from wharf.errors import CredentialRefused
from wharf.metadata.ledger import Ledger
from wharf.metadata.records import AccountRecord, Moment
from wharf.metadata.store import MetadataStore
from wharf.registry.services.access import ANYBODY, Caller
from wharf.registry.services.clock import Clock
from wharf.registry.services.identity.docker_tokens import SignedDoor
from wharf.registry.services.identity.findings import Memory
from wharf.registry.services.identity.password_login import PasswordLogin
from wharf.registry.services.identity.standing import bearer_of_secret, caller_of

_MOST_REMEMBERED: Final = 20_000
_LONGEST_HEADER: Final = 16 << 10


@dataclass(frozen=True, slots=True)
class _Proven:
    caller: Caller
    until: Moment | None


class GuardedDoor:
    def __init__(self, metadata: MetadataStore, logins: PasswordLogin, clock: Clock, signed: SignedDoor) -> None:
        self._metadata = metadata
        self._logins = logins
        self._clock = clock
        self._signed = signed
        self._key = os.urandom(32)
        self._memory: Memory[bytes, _Proven] = Memory(metadata, _MOST_REMEMBERED)

    async def identify(self, authorization: str | None, address: str) -> Caller:
        if authorization is None:
            return replace(ANYBODY, address=address)
        if len(authorization) > _LONGEST_HEADER:
            raise CredentialRefused("the header is too long")
        findings = await self._memory.findings()
        key = hashlib.blake2b(authorization.encode("utf-8", "replace"), key=self._key, digest_size=16).digest()
        proven = findings.known.get(key)
        if proven is None or (proven.until is not None and proven.until <= self._clock()):
            findings.known.pop(key, None)
            proven = findings.known[key] = await self._proven(authorization, address, findings.as_of)
        return proven.caller if proven.caller.address == address else replace(proven.caller, address=address)

    async def _proven(self, authorization: str, address: str, as_of: int) -> _Proven:
        found = await self._found(authorization, address)
        return _Proven(replace(found.caller, as_of=as_of), found.until)

    async def _found(self, authorization: str, address: str) -> _Proven:
        scheme, _, credential = authorization.partition(" ")
        match scheme.lower():
            case "basic":
                return await self._by_basic(credential.strip(), address)
            case "bearer" | "token":
                return await self._by_bearer(credential.strip(), address)
        raise CredentialRefused("this scheme of authorization is not known here")

    async def _by_basic(self, credential: str, address: str) -> _Proven:
        """The name beside a token is a formality: what clients must fill in."""
        name, password = _name_and_password(credential)
        if (secret := recognised(password)) is not None:
            return await self._by_secret(secret, address)
        return await self._by_password(name, password, address)

    async def _by_password(self, name: str, password: str, address: str) -> _Proven:
        account = await self._logins.account(name, password, address)
        caller = await self._metadata.read(lambda ledger: _unchanged(ledger, account, address))
        if caller is None:
            raise CredentialRefused
        return _Proven(caller, None)

    async def _by_bearer(self, credential: str, address: str) -> _Proven:
        if (secret := recognised(credential)) is not None:
            return await self._by_secret(secret, address)
        return _Proven(*await self._signed.proven(credential, address))

    async def _by_secret(self, secret: SecretText, address: str) -> _Proven:
        if secret.kind is SecretKind.REFRESH:
            raise CredentialRefused("what docker login keeps, a refresh token, is good for images alone")
        found = await self._metadata.read(lambda ledger: bearer_of_secret(ledger, secret, self._clock()))
        if found is None:
            raise CredentialRefused("this token is not known, was revoked, or has expired")
        caller = await self._metadata.read(lambda ledger: caller_of(ledger, found.account, found.token, address))
        return _Proven(caller, found.until)


def _unchanged(ledger: Ledger, account: AccountRecord, address: str) -> Caller | None:
    """Asked again after the password was checked, which takes a while: it may have been changed in between."""
    now = ledger.accounts.get(account.id)
    still = now is not None and now.is_active and now.password == account.password
    return caller_of(ledger, now, None, address) if now and still else None


def _name_and_password(credential: str) -> tuple[str, str]:
    try:
        name, colon, password = base64.b64decode(credential, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        raise CredentialRefused("what follows `Basic` is not base64") from None
    if not colon:
        raise CredentialRefused("what follows `Basic` is not a name, a colon and a password")
    return name, password
