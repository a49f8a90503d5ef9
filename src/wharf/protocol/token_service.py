"""What a registry demands of whoever asks: its challenges, read as one thing that can be acted upon.

A challenge names the token service (Bearer) or wants name and password itself (Basic). The token service may be on
another host; credentials are sent there, so it must be a place they can be sent to: with TLS if the registry has it,
and no user name within its address.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from wharf.errors import MalformedHeader, MalformedQuery, RemoteMisbehaved, shown
from wharf.protocol.challenge import Challenge, parse_challenges
from wharf.protocol.scope import Scope, parse_scopes
from wharf.protocol.shown_address import shown_address

_LONGEST_REALM: Final = 4096


@dataclass(frozen=True, slots=True)
class TokenService:
    """`realm` is its address. `scopes`: the rights that the refused request would have needed."""

    realm: str
    service: str = ""
    scopes: tuple[Scope, ...] = ()

    def is_same_as(self, other: "TokenService") -> bool:
        return (self.realm, self.service) == (other.realm, other.service)


@dataclass(frozen=True, slots=True)
class Demand:
    """What would have been needed. `lacks_rights`: a token was there and good, and not enough (insufficient_scope)."""

    token_service: TokenService | None = None
    basic: bool = False
    lacks_rights: bool = False


def read_demand(headers: Iterable[str], registry: str, *, plain_allowed: bool) -> Demand:
    """All headers `WWW-Authenticate` of one answer. One that cannot be read does not spoil the others.

    `plain_allowed`: whether the token service may be without TLS, because the registry itself is.
    """
    given = tuple(headers)
    challenges = [challenge for header in given for challenge in _readable(header)]
    bearer = next((each for each in challenges if each.scheme.lower() == "bearer" and each.parameters), None)
    basic = any(each.scheme.lower() == "basic" for each in challenges)
    if bearer is None and not basic:
        raise _no_way_in(registry, given)
    service = _token_service(bearer, registry, plain_allowed=plain_allowed) if bearer else None
    return Demand(service, basic, bearer is not None and bearer.parameters.get("error") == "insufficient_scope")


def _readable(header: str) -> tuple[Challenge, ...]:
    try:
        return parse_challenges(header)
    except MalformedHeader:
        return ()


def _token_service(challenge: Challenge, registry: str, *, plain_allowed: bool) -> TokenService:
    realm = challenge.parameters.get("realm", "")
    if reason := _why_not(realm, plain_allowed=plain_allowed):
        raise RemoteMisbehaved(registry, f"it names a token service {reason}", [f"realm: {shown_address(realm)}"])
    return TokenService(realm, challenge.parameters.get("service", ""), _scopes(challenge.parameters.get("scope", "")))


def _why_not(realm: str, *, plain_allowed: bool) -> str:
    """What is wrong with this address of a token service; nothing, if nothing is."""
    try:
        parts = urlsplit(realm)
        port_is_good = parts.port != 0
    except ValueError:
        return "that is no address"
    if len(realm) > _LONGEST_REALM or not realm.isascii() or not realm.isprintable() or " " in realm:
        return "that is no address"
    if parts.scheme not in {"http", "https"} or not parts.hostname or not port_is_good or parts.fragment:
        return "that is no address"
    if "@" in parts.netloc:
        return "with a user name in its address"
    if parts.scheme == "http" and not plain_allowed:
        return "without TLS, where credentials are not sent"
    return ""


def _scopes(text: str) -> tuple[Scope, ...]:
    """Scopes of a registry's own invention are not asked for."""
    try:
        return parse_scopes(text)
    except MalformedQuery:
        return ()


def _no_way_in(registry: str, headers: tuple[str, ...]) -> RemoteMisbehaved:
    reason = "it asks for a login and does not say how" if not headers else "it asks for a login in a way nobody knows"
    return RemoteMisbehaved(registry, reason, [f"WWW-Authenticate: {shown(header)}" for header in headers[:3]])
