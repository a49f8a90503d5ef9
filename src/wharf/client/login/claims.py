"""What a token says about itself: whose it is, until when, and for what.

Nobody has checked its signature here. It is read to be shown to a person, and never to decide who may do what.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from wharf.credentials.secret import Secret
from wharf.oci.strict_json import JsonValue
from wharf.protocol.token import claims_of as raw_claims_of


@dataclass(frozen=True, slots=True)
class Claims:
    """Absent claims are empty."""

    subject: str = ""
    issuer: str = ""
    audience: tuple[str, ...] = ()
    tenant: str = ""
    use: str = ""
    """What it is good for, where its maker says so: "refresh_token"."""
    issued: datetime | None = None
    expires: datetime | None = None


def claims_of(token: Secret) -> Claims | None:
    """The claims of a token in the form of RFC 7519, or None for any other: most tokens are opaque."""
    found = raw_claims_of(token.reveal())
    return _read(found) if found else None


def _read(found: Mapping[str, JsonValue]) -> Claims:
    return Claims(
        subject=_text(found.get("sub")),
        issuer=_text(found.get("iss")),
        audience=_texts(found.get("aud")),
        tenant=_text(found.get("tid")) or _text(found.get("tenant")),
        use=_text(found.get("grant_type")),
        issued=moment(found.get("iat")),
        expires=moment(found.get("exp")),
    )


def _text(value: JsonValue) -> str:
    return value if isinstance(value, str) else ""


def _texts(value: JsonValue) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [value]
    return tuple(text for text in values if isinstance(text, str))


def moment(value: object) -> datetime | None:
    """Seconds since 1970, as tokens write their moments."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return datetime.fromtimestamp(value, UTC)
    except (OverflowError, OSError, ValueError):
        return None
