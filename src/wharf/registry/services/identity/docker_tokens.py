"""Docker tokens: the short-lived tokens with which docker and its like ask for what they were told they may do.

One says who asked, what it was granted, and which credential it was given for: it ends with that credential, at the
next request, however long it would have lived. It grants what was asked for and allowed, which may be nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Final

from wharf.access.action import SPOKEN_OF
from wharf.access.permission import of_images
from wharf.access.rights import CATALOG, SEARCH
from wharf.access.secret_text import SecretKind, SecretText
from wharf.errors import CredentialRefused, Malformed, MalformedName
from wharf.metadata.ledger import Ledger
from wharf.metadata.records import AccountId, Moment, NewToken
from wharf.metadata.store import MetadataStore
from wharf.oci.reference import RepositoryName
from wharf.protocol.scope import ANY_ACTION, Scope
from wharf.registry.services.access import Caller, Gate
from wharf.registry.services.clock import Clock, after
from wharf.registry.services.happenings import Happening, note
from wharf.registry.services.identity.signing import NotSigned, Signing
from wharf.registry.services.identity.standing import (
    Bearer,
    bearer_of_secret,
    bearer_of_token,
    caller_of,
    require_standing,
)
from wharf.registry.services.identity.statement import Basis, Statement

ANONYMOUS: Final = "anonymous token"
_LONGEST_REQUEST: Final = 7 * 24 * 3600 * 1000
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
        statement = Statement(caller.name or "", wish.service, now, life, granted, Basis.of(caller))
        text = await self._signing.signed(statement.claims())
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
        return next((scope for scope in (CATALOG, SEARCH) if wish.covers(scope)), None)

    async def _kept(self, caller: Caller, wish: Wish) -> str | None:
        """A refresh token; who came with one goes on with that."""
        now, secret = self._clock(), SecretText.new(SecretKind.REFRESH)
        latest = after(now, self._lives.kept)

        def change(ledger: Ledger) -> bool:
            assert caller.account is not None
            require_standing(ledger, caller, now)
            held = bearer_of_token(ledger, caller.token, now) if caller.token is not None else None
            if held is not None and held.token.kind is SecretKind.REFRESH:
                return False
            forget_ended(ledger, now)
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
        statement = await self._statement(text)
        if self._service is not None and statement.service != self._service:
            raise CredentialRefused("this token was given for another registry")
        found = await self._metadata.read(lambda ledger: _bearer(ledger, statement.basis, address, self._clock()))
        if found is None:
            raise CredentialRefused("what this token was given for is not good any more")
        caller, until = found
        rights = replace(caller.rights, grants=statement.grants)
        return replace(caller, rights=rights), min(statement.ends_at, until or statement.ends_at)

    async def _statement(self, text: str) -> Statement:
        try:
            return Statement.read(await self._signing.claims_of(text))
        except (NotSigned, Malformed):
            raise CredentialRefused("this token has expired, or was not given here") from None


def _bearer(ledger: Ledger, basis: Basis | None, address: str, now: Moment) -> tuple[Caller, Moment | None] | None:
    """Who stands behind it, and until when their credential is good; None where it is not good any more."""
    if basis is None:
        return Caller(credential=ANONYMOUS, address=address), None
    if basis.token is not None:
        held = bearer_of_token(ledger, basis.token, now)
        return (caller_of(ledger, held.account, held.token, address), held.until) if held else None
    account = ledger.accounts.get(basis.account)
    if account is None or not account.is_active or (account.password_changed_at or 0) != basis.password_since:
        return None
    return caller_of(ledger, account, None, address), None


def forget_ended(ledger: Ledger, now: Moment) -> None:
    """Those that ended a while ago: what is on its way since before is asked at its end who sent it."""
    ledger.tokens.drop_ended(Moment(now - _LONGEST_REQUEST))


def _refresh_token(caller: Caller, account: AccountId, secret: SecretText, client: str, end: Moment) -> NewToken:
    permissions, limits = of_images(caller.rights.permissions), caller.rights.limits
    return NewToken(account, secret, client, permissions, end, limits, parent=caller.token)


def _end(held: Bearer | None, latest: Moment) -> Moment:
    return min(held.until, latest) if held else latest


def _repository(name: str) -> RepositoryName | None:
    try:
        return RepositoryName.parse(name)
    except MalformedName:
        return None
