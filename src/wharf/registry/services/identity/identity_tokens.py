"""Identity tokens: what an issuer like GitHub or GitLab says of a job that it runs, as a signed JSON Web Token.

Reading one is free, and proves nothing. It counts when a key that the issuer publishes proves it, with an algorithm
that has a public and a secret half; what the token says of its own key, but for the name, is not minded.
"""

import base64
import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from wharf.errors import CredentialRefused, MalformedJson
from wharf.metadata.records import Moment
from wharf.oci.strict_json import JsonValue, parse_object
from wharf.registry.services.identity.issuers import Jwk

LEEWAY: Final = 60
_LONGEST: Final = 16 << 10
_MOST_TRIED: Final = 5
_SMALLEST_RSA: Final = 2048
_is_token: Final = re.compile(r"([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)").fullmatch
# Which kind of key each algorithm takes. What is not here is not read: above all neither `none` nor a shared secret.
_ALGORITHMS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"), "RSA"),
    **dict.fromkeys(("ES256", "ES384", "ES512"), "EC"),
    "EdDSA": "OKP",
}


@dataclass(frozen=True, slots=True)
class IdentityToken:
    """As it was read. `digest` is that of the part that is signed: another signature does not make it another one."""

    text: str = field(repr=False)
    algorithm: str
    key_name: str | None
    claims: Mapping[str, JsonValue] = field(hash=False)
    issuer: str
    subject: str
    audiences: frozenset[str]
    expires_at: Moment
    digest: str

    @classmethod
    def parse(cls, text: str) -> "IdentityToken":
        """Raises CredentialRefused."""
        form = _is_token(text) if len(text) <= _LONGEST else None
        if form is None:
            raise CredentialRefused("this is no JSON Web Token")
        header, claims = _object(form[1]), _object(form[2])
        return cls(
            text=text,
            algorithm=_algorithm(header),
            key_name=None if "kid" not in header else _text(header, "kid"),
            claims=claims,
            issuer=_text(claims, "iss"),
            subject=_text(claims, "sub"),
            audiences=_audiences(claims),
            expires_at=Moment(_number(claims, "exp") * 1000),
            digest=hashlib.sha256(f"{form[1]}.{form[2]}".encode()).hexdigest(),
        )

    def require_current(self, now: Moment) -> None:
        seconds = now // 1000
        if seconds > _number(self.claims, "exp") + LEEWAY:
            raise CredentialRefused("the identity token has expired", "let the job ask its issuer for a new one")
        if seconds + LEEWAY < max(_number(self.claims, "iat"), _number(self.claims, "nbf", default=0)):
            raise CredentialRefused("the identity token is not good yet", "look at the clocks of both machines")

    def require_signed_by(self, keys: Iterable[Jwk]) -> None:
        """One of these keys proves it. Raises CredentialRefused."""
        fitting = [key for key in keys if self._fits(key)][:_MOST_TRIED]
        if not any(self._is_proven_by(key) for key in fitting):
            raise CredentialRefused("none of the keys that its issuer publishes proves the identity token")

    def _fits(self, key: Jwk) -> bool:
        """The key decides what it may be used for, and not the token."""
        if key.get("kty") != _ALGORITHMS[self.algorithm] or key.get("alg", self.algorithm) != self.algorithm:
            return False
        uses = key.get("key_ops")
        return key.get("use", "sig") == "sig" and (not isinstance(uses, list) or "verify" in uses)

    def _is_proven_by(self, key: Jwk) -> bool:
        try:
            public = jwt.PyJWK(dict(key), self.algorithm).key
            if isinstance(public, RSAPublicKey) and public.key_size < _SMALLEST_RSA:
                return False
            jwt.PyJWS().decode(self.text, public, algorithms=[self.algorithm])
        except (jwt.PyJWTError, ValueError, TypeError, AttributeError):
            return False  # a key that cannot be read proves nothing
        return True


def _algorithm(header: Mapping[str, JsonValue]) -> str:
    algorithm = _text(header, "alg")
    if algorithm not in _ALGORITHMS or "crit" in header:
        raise CredentialRefused("the identity token is signed in a way that is not accepted here")
    return algorithm


def _audiences(claims: Mapping[str, JsonValue]) -> frozenset[str]:
    given = claims.get("aud")
    return frozenset(entry for entry in (given if isinstance(given, list) else [given]) if isinstance(entry, str))


def _text(claims: Mapping[str, JsonValue], name: str) -> str:
    value = claims.get(name)
    if not isinstance(value, str) or not value:
        raise CredentialRefused(f"the token does not say {name}")
    return value


def _number(claims: Mapping[str, JsonValue], name: str, default: int | None = None) -> int:
    value = claims.get(name, default)
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value < 1 << 40:
        raise CredentialRefused(f"the token does not say {name}")
    return int(value)


def _object(part: str) -> Mapping[str, JsonValue]:
    try:
        return parse_object(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (MalformedJson, ValueError):
        raise CredentialRefused("this is no JSON Web Token") from None
