"""What a token says about itself: whose it is, until when, and for what.

Nobody has checked its signature here. It is read to be shown to a person, and never to decide who may do what.
"""

import binascii
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from wharf.credentials.secret import Secret
from wharf.errors import WharfError
from wharf.oci.strict_json import JsonValue, parse_object
from wharf.protocol.scope import Scope, merged

_LONGEST: Final = 64 * 1024


@dataclass(frozen=True, slots=True)
class Claims:
    """Absent claims are empty; `scopes` is None where the token does not speak of rights at all."""

    subject: str = ""
    issuer: str = ""
    audience: tuple[str, ...] = ()
    tenant: str = ""
    use: str = ""
    """What it is good for, where its maker says so: "refresh_token"."""
    issued: datetime | None = None
    expires: datetime | None = None
    scopes: tuple[Scope, ...] | None = None


def claims_of(token: Secret) -> Claims | None:
    """The claims of a token in the form of RFC 7519, or None for any other: most tokens are opaque."""
    text = token.reveal()
    parts = text.split(".")
    if len(parts) != 3 or len(text) > _LONGEST:
        return None
    try:
        return _read(parse_object(urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4))))
    except (WharfError, binascii.Error, ValueError):
        return None


def _read(found: Mapping[str, JsonValue]) -> Claims:
    return Claims(
        subject=_text(found.get("sub")),
        issuer=_text(found.get("iss")),
        audience=_texts(found.get("aud")),
        tenant=_text(found.get("tid")) or _text(found.get("tenant")),
        use=_text(found.get("grant_type")),
        issued=_moment(found.get("iat")),
        expires=_moment(found.get("exp")),
        scopes=_scopes(found["access"]) if "access" in found else None,
    )


def _scopes(value: JsonValue) -> tuple[Scope, ...]:
    """The claim `access` of Docker's token specification; null, which some services write, is no right."""
    entries = value if isinstance(value, list) else []
    return merged(scope for entry in entries if isinstance(entry, dict) and (scope := _scope(entry)))


def _scope(entry: Mapping[str, JsonValue]) -> Scope | None:
    try:
        return Scope(_text(entry.get("type")), _text(entry.get("name")), frozenset(_texts(entry.get("actions"))))
    except WharfError:
        return None


def _text(value: JsonValue) -> str:
    return value if isinstance(value, str) else ""


def _texts(value: JsonValue) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [value]
    return tuple(text for text in values if isinstance(text, str))


def _moment(value: JsonValue) -> datetime | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return datetime.fromtimestamp(value, UTC)
    except (OverflowError, OSError, ValueError):
        return None
