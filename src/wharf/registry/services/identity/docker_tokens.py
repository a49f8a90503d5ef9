"""Docker tokens: the short-lived tokens with which docker and its like ask for what they were told they may do.

One says who asked, what it was granted, and which credential it was given for: it ends with that credential, at the
next request, however long it would have lived. It grants what was asked for and allowed, which may be nothing.
"""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from wharf.access.action import SPOKEN_OF
from wharf.access.rights import CATALOG
from wharf.access.secret_text import SecretKind, SecretText
from wharf.errors import CredentialRefused, MalformedName
from wharf.metadata.ledger import Ledger
from wharf.metadata.records import AccountId, Moment, NewToken, TokenId
from wharf.metadata.store import MetadataStore
from wharf.oci.reference import RepositoryName
from wharf.protocol.scope import ANY_ACTION, Scope
from wharf.registry.services.access import Caller, Gate
from wharf.registry.services.clock import Clock
from wharf.registry.services.happenings import Happening, note
from wharf.registry.services.identity.signing import NotSigned, Signing
from wharf.registry.services.identity.standing import (
    Bearer,
    bearer_of_secret,
    bearer_of_token,
    caller_of,
    require_standing,
)

ANONYMOUS: Final = "anonymous token"
_MOST_KEPT: Final = 500  # logins of one account: each `docker login` makes one, and few clients end theirs


@dataclass(frozen=True, slots=True)
class Wish:
    """`client`: what the client calls itself. `keeps`: it wants something to keep in place of the password."""

    scopes: tuple[Scope, ...]
    service: str
    client: str = ""
    keeps: bool = False


@dataclass(frozen=True, slots=True)
class DockerToken:
    text: str = field(repr=False)
    granted: tuple[Scope, ...]
    issued_at: Moment
    life: int
    refresh: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Lives:
    """In seconds: of the short-lived token, and of what a client keeps."""

    short: float
    kept: float


class DockerTokens:
    def __init__(self, metadata: MetadataStore, gate: Gate, signing: Signing, clock: Clock, lives: Lives) -> None:
        self._metadata = metadata
        self._gate = gate
        self._signing = signing
        self._clock = clock
        self._lives = lives

    async def give(self, caller: Caller, wish: Wish) -> DockerToken:
        if caller.rights.grants is not None:
            raise CredentialRefused("a short-lived token buys no other", "ask with the password, or a personal token")
        now, life = self._clock(), int(self._lives.short)
        granted = await self._granted(caller, wish.scopes)
        text = await self._signing.signed(
            {
                "iss": "wharf",
                "sub": caller.name or "",
                "aud": wish.service,
                "iat": now // 1000,
                "nbf": now // 1000,
                "exp": now // 1000 + life,
                "jti": secrets.token_urlsafe(12),
                "access": [_written(scope) for scope in granted],
                **_origin(caller),
            }
        )
        refresh = await self._kept(caller, wish) if wish.keeps and caller.account is not None else None
        return DockerToken(text, granted, now, life, refresh)

    async def caller_of_kept(self, text: SecretText, address: str) -> Caller:
        """Who stands behind a refresh token. Raises CredentialRefused."""

        def question(ledger: Ledger) -> Caller | None:
            found = bearer_of_secret(ledger, text, self._clock()) if text.kind is SecretKind.REFRESH else None
            return caller_of(ledger, found.account, found.token, address) if found else None

        caller = await self._metadata.read(question)
        if caller is None:
            raise CredentialRefused("this login has ended", "log in again")
        return caller

    async def _granted(self, caller: Caller, wishes: Iterable[Scope]) -> tuple[Scope, ...]:
        found = [await self._grant(caller, wish) for wish in wishes]
        return tuple(scope for scope in found if scope is not None and scope.actions)

    async def _grant(self, caller: Caller, wish: Scope) -> Scope | None:
        """What we do not know of is not granted, and is no reason to refuse the rest."""
        if wish.kind == "repository" and (name := _repository(wish.name)) is not None:
            asked = [action for action in SPOKEN_OF if wish.actions & {action.value, ANY_ACTION}]
            allowed = [action.value for action in asked if await self._gate.may(caller, action, name)]
            return replace(wish, actions=frozenset(allowed))
        return CATALOG if wish.covers(CATALOG) else None

    async def _kept(self, caller: Caller, wish: Wish) -> str | None:
        """A refresh token; who came with one goes on with that."""
        now, secret = self._clock(), SecretText.new(SecretKind.REFRESH)
        latest = Moment(now + int(self._lives.kept * 1000))

        def change(ledger: Ledger) -> bool:
            assert caller.account is not None
            require_standing(ledger, caller, now)
            held = bearer_of_token(ledger, caller.token, now) if caller.token is not None else None
            if held is not None and held.token.kind is SecretKind.REFRESH:
                return False
            ledger.tokens.drop_ended(now)
            if ledger.tokens.drop_unused(caller.account, _MOST_KEPT - 1):
                ledger.counters.access_changed()
            ledger.tokens.add(_refresh_token(caller, caller.account, secret, wish.client, _end(held, latest)), now)
            note(ledger, caller, Happening("token.create", wish.client, str(caller.name), {"kind": "refresh"}), now)
            return True

        return secret.text if await self._metadata.write(change) else None


class SignedDoor:
    """Who comes with a short-lived token."""

    def __init__(self, metadata: MetadataStore, signing: Signing, clock: Clock, service: str | None) -> None:
        """`service`: the name of this registry, where it has one; tokens that were made for another are not good."""
        self._metadata = metadata
        self._signing = signing
        self._clock = clock
        self._service = service

    async def proven(self, text: str, address: str) -> tuple[Caller, Moment]:
        """And until when. Raises CredentialRefused."""
        try:
            claims = await self._signing.claims_of(text)
        except NotSigned:
            raise CredentialRefused("this token has expired, or was not given here") from None
        if self._service is not None and claims["aud"] != self._service:
            raise CredentialRefused("this token was given for another registry")
        found = await self._metadata.read(lambda ledger: _signed_for(ledger, claims, address, self._clock()))
        if found is None:
            raise CredentialRefused("what this token was given for is not good any more")
        caller, until = found
        grants = tuple(_read(entry) for entry in claims["access"])
        ends = Moment(claims["exp"] * 1000)
        return replace(caller, rights=replace(caller.rights, grants=grants)), min(ends, until or ends)


def _origin(caller: Caller) -> Mapping[str, int]:
    """The credential that a short-lived token is given for: a token, or the password that was shown."""
    if caller.account is None:
        return {}
    if caller.token is not None:
        return {"account": caller.account, "token": caller.token}
    return {"account": caller.account, "password": caller.password_since or 0}


def _signed_for(
    ledger: Ledger, claims: Mapping[str, Any], address: str, now: Moment
) -> tuple[Caller, Moment | None] | None:
    if "account" not in claims:
        return Caller(credential=ANONYMOUS, address=address), None
    if "token" in claims:
        held = bearer_of_token(ledger, TokenId(claims["token"]), now)
        return (caller_of(ledger, held.account, held.token, address), held.until) if held else None
    account = ledger.accounts.get(AccountId(claims["account"]))
    if account is None or not account.is_active or (account.password_changed_at or 0) != claims["password"]:
        return None
    return caller_of(ledger, account, None, address), None


def _refresh_token(caller: Caller, account: AccountId, secret: SecretText, client: str, end: Moment) -> NewToken:
    rights = caller.rights
    return NewToken(account, secret, client, rights.permissions, end, rights.limits, parent=caller.token)


def _end(held: Bearer | None, latest: Moment) -> Moment:
    return min(held.until, latest) if held else latest


def _repository(name: str) -> RepositoryName | None:
    try:
        return RepositoryName.parse(name)
    except MalformedName:
        return None


def _written(scope: Scope) -> dict[str, object]:
    return {"type": scope.kind, "name": scope.name, "actions": sorted(scope.actions)}


def _read(entry: Mapping[str, Any]) -> Scope:
    return Scope(entry["type"], entry["name"], frozenset(entry["actions"]))
