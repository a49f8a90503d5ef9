"""Signing: what this registry says of somebody, so that all its workers can tell that it was said here.

Statements are JSON Web Tokens signed with Ed25519. The key is changed when it is old, or when an administrator says so;
the one before it goes on proving what it signed until all of that has ended, so that nobody is logged out. No other
algorithm is read, whatever a token says of itself.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from jwt.types import Options

from wharf.errors import Malformed, MalformedJson
from wharf.metadata.ledger import Ledger
from wharf.metadata.records import Moment, SigningKeyRecord
from wharf.metadata.store import MetadataStore
from wharf.oci.members import Members
from wharf.registry.services.clock import Clock

LONGEST_LIFE: Final = 3600  # seconds; no setting lets a signed token live longer
_ALGORITHM: Final = "EdDSA"
# Times are looked at by our own clock.
_ONLY_THE_SIGNATURE: Final[Options] = {
    "verify_exp": False,
    "verify_nbf": False,
    "verify_iat": False,
    "verify_aud": False,
    "require": ["exp", "iat"],
}


class NotSigned(ValueError):
    """This is no statement of ours, or none that still holds."""


@dataclass(frozen=True, slots=True)
class _Key:
    name: str
    secret: Ed25519PrivateKey = field(repr=False)
    public: Ed25519PublicKey
    created_at: Moment
    retired_at: Moment | None

    @classmethod
    def of(cls, record: SigningKeyRecord) -> "_Key":
        secret = Ed25519PrivateKey.from_private_bytes(record.secret)
        return cls(record.id, secret, secret.public_key(), record.created_at, record.retired_at)


@dataclass(frozen=True, slots=True)
class _Keyring:
    """The first key is the newest, and signs."""

    keys: tuple[_Key, ...] = ()
    as_of: int = 0

    def named(self, name: object) -> _Key | None:
        return next((key for key in self.keys if key.name == name), None)


class Signing:
    def __init__(self, metadata: MetadataStore, clock: Clock, key_age: float) -> None:
        self._metadata = metadata
        self._clock = clock
        self._key_age = int(key_age * 1000)
        self._ring = _Keyring()

    async def signed(self, claims: Mapping[str, object]) -> str:
        key = await self._signing_key()
        return jwt.encode(dict(claims), key.secret, algorithm=_ALGORITHM, headers={"kid": key.name})

    async def claims_of(self, token: str) -> Members:
        """What was signed here, and has not ended. Raises NotSigned."""
        try:
            key = (await self._keyring()).named(jwt.get_unverified_header(token).get("kid"))
            if key is None or _is_over(key, self._clock()):
                raise NotSigned
            decoded = jwt.decode(token, key.public, algorithms=[_ALGORITHM], options=_ONLY_THE_SIGNATURE)
            claims = Members.of(decoded, "", MalformedJson)
            began, ends = claims.number("iat"), claims.number("exp")
        except (jwt.PyJWTError, ValueError, Malformed) as problem:
            raise NotSigned from problem
        if not began - 60 <= self._clock() / 1000 < ends <= began + LONGEST_LIFE:
            raise NotSigned
        return claims

    async def _signing_key(self) -> _Key:
        ring = await self._keyring()
        if not ring.keys or self._is_old(ring.keys[0].created_at):
            await self._metadata.write(self._renew)
            ring = await self._keyring()
        return ring.keys[0]

    async def _keyring(self) -> _Keyring:
        as_of = await self._metadata.access()
        if as_of != self._ring.as_of:
            found = await self._metadata.read(lambda ledger: ledger.signing_keys.all())
            self._ring = _Keyring(tuple(_Key.of(record) for record in found), as_of)
        return self._ring

    def _renew(self, ledger: Ledger) -> None:
        """Another worker may have done so a moment ago."""
        newest = ledger.signing_keys.all()[:1]
        if not newest or self._is_old(newest[0].created_at):
            renew_key(ledger, self._clock())

    def _is_old(self, created_at: Moment) -> bool:
        """Also a key from so far ahead that the clock must have been set back since."""
        return abs(self._clock() - created_at) >= self._key_age


def renew_key(ledger: Ledger, now: Moment) -> str:
    """A new key signs from now on. What nobody can prove anything with any more is dropped."""
    name = secrets.token_hex(8)
    secret = Ed25519PrivateKey.generate().private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
    ledger.signing_keys.succeed(name, secret, now)
    ledger.signing_keys.drop_retired(Moment(now - LONGEST_LIFE * 1000))
    ledger.counters.access_changed()
    return name


def _is_over(key: _Key, now: Moment) -> bool:
    return key.retired_at is not None and key.retired_at + LONGEST_LIFE * 1000 < now
