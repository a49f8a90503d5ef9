"""How a session proves to one registry who it is: what the registry demanded, the credential found, the tokens got.

Nothing is shown before it is demanded. A token is used for all that it was asked for as long as it lives; those who
need the same token at the same time wait for one and the same answer.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Final, TypeAlias

from wharf.client.login.proof import to_registry, to_token_service
from wharf.client.login.shown import NOTHING_SHOWN, Shown
from wharf.client.message import Request, Response
from wharf.credentials.credential import RegistryToken
from wharf.credentials.keychain import Lookup
from wharf.errors import LoginImpossible, MalformedName, RemoteDenied, RemoteUnauthenticated, shown
from wharf.oci.reference import RepositoryName
from wharf.protocol.scope import Scope, merged
from wharf.protocol.token import Token
from wharf.protocol.token_flow import Asking, TokenResponse, token_flow
from wharf.protocol.token_refusal import said_in
from wharf.protocol.token_service import Demand, TokenService, read_demand

MOST_TOKENS: Final = 256

Find: TypeAlias = Callable[[RepositoryName | None], Awaitable[Lookup]]
AskTokenService: TypeAlias = Callable[[Request], Awaitable[Response]]


class Passport:
    """Belongs to one event loop."""

    def __init__(
        self, registry: str, find: Find, ask_token_service: AskTokenService, clock: Callable[[], float]
    ) -> None:
        self._registry = registry
        self._find = find
        self._ask = ask_token_service
        self._clock = clock
        self._demand: Demand | None = None
        self._tokens: list[Token] = []
        self._fetching: dict[frozenset[Scope], asyncio.Task[Token]] = {}
        self._lookups: dict[RepositoryName | None, Lookup] = {}

    @property
    def demand(self) -> Demand | None:
        """What the registry demanded when it was last asked without enough."""
        return self._demand

    async def lookup(self, scopes: Sequence[Scope]) -> Lookup:
        """The credential of this machine for what the scopes are about."""
        repository = _repository_in(scopes)
        if repository not in self._lookups:
            self._lookups[repository] = await self._find(repository)
        return self._lookups[repository]

    async def show(self, scopes: Sequence[Scope]) -> Shown:
        """What is known to be demanded, with no request to the registry itself."""
        if self._demand is None:
            return NOTHING_SHOWN
        return await self._proof(self._demand, merged(scopes), renewed=False)

    async def show_more(
        self, refused: Response, did: str, shown_before: Shown, scopes: Sequence[Scope], *, plain_allowed: bool
    ) -> Shown:
        """After a 401. Raises RemoteUnauthenticated or RemoteDenied when there is no more to show."""
        demand = read_demand(refused.headers.all("www-authenticate"), self._registry, plain_allowed=plain_allowed)
        self._learn(demand)
        self.forget(shown_before)
        wanted = merged((*scopes, *(demand.token_service.scopes if demand.token_service else ())))
        if shown_before.is_new and not _was_short_of(shown_before, wanted):
            raise await self._refusal(refused, did, demand, shown_before, scopes)
        more = await self._proof(demand, wanted, renewed=bool(shown_before.token))
        if not more.authorization or more.authorization == shown_before.authorization:
            raise await self._refusal(refused, did, demand, shown_before, scopes)
        return more

    def forget(self, rejected: Shown) -> None:
        """A token that was refused is not shown again."""
        self._tokens = [token for token in self._tokens if token is not rejected.token]

    async def close(self) -> None:
        tasks = list(self._fetching.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _learn(self, demand: Demand) -> None:
        """What one request would have needed is not what the next one needs: of scopes nothing is kept."""
        service = demand.token_service
        before = self._demand.token_service if self._demand else None
        if service and before and not service.is_same_as(before):
            self._tokens.clear()
        self._demand = replace(demand, token_service=replace(service, scopes=()) if service else None)

    async def _proof(self, demand: Demand, scopes: tuple[Scope, ...], *, renewed: bool) -> Shown:
        lookup = await self.lookup(scopes)
        if demand.token_service is None:
            basic = to_registry(lookup.credential)
            return Shown(basic, is_new=bool(basic))
        if isinstance(lookup.credential, RegistryToken):
            return Shown(f"Bearer {_speakable(lookup, lookup.credential.token.reveal())}", is_new=True)
        token = None if renewed else self._known(scopes)
        is_new = token is None
        token = token or await self._shared(demand.token_service, scopes, lookup)
        return Shown(f"Bearer {token.text}", token, is_new)

    def _known(self, scopes: tuple[Scope, ...]) -> Token | None:
        now = self._clock()
        self._tokens = [token for token in self._tokens if token.is_fresh(now)]
        return next((token for token in self._tokens if token.was_asked_for(scopes)), None)

    async def _shared(self, service: TokenService, scopes: tuple[Scope, ...], lookup: Lookup) -> Token:
        """Who is cancelled while waiting leaves the others waiting."""
        key = frozenset(scopes)
        if key not in self._fetching:
            task = asyncio.create_task(self._fetch(service, scopes, lookup))
            self._fetching[key] = task
            task.add_done_callback(lambda done: self._fetched(key, done))
        return await asyncio.shield(self._fetching[key])

    def _fetched(self, key: frozenset[Scope], done: asyncio.Task[Token]) -> None:
        del self._fetching[key]
        if not done.cancelled():
            done.exception()  # whoever waits is told; that nobody waits any more is no news

    async def _fetch(self, service: TokenService, scopes: tuple[Scope, ...], lookup: Lookup) -> Token:
        proof = to_token_service(lookup.credential)
        asking = Asking(self._registry, service, scopes, proof, origin_of_credential(lookup))
        flow = token_flow(asking, self._clock())
        request = next(flow)
        while True:
            response = await self._ask(Request(request.method, request.url, request.headers, request.body))
            try:
                request = flow.send(TokenResponse(response.status, response.body))
            except StopIteration as end:
                token: Token = end.value
                self._tokens = [token, *self._tokens][:MOST_TOKENS]
                return token

    async def _refusal(
        self, refused: Response, did: str, demand: Demand, shown_before: Shown, scopes: Sequence[Scope]
    ) -> RemoteUnauthenticated | RemoteDenied:
        lookup = await self.lookup(scopes)
        said = [*said_in(refused.body, ()), *_evidence(lookup, shown_before)]
        knows_us = lookup.credential is not None and bool(shown_before.authorization)
        kind = RemoteDenied if knows_us and demand.lacks_rights else RemoteUnauthenticated
        return kind(self._registry, did, refused.status, said)


def origin_of_credential(lookup: Lookup) -> str:
    """Where the credential comes from and whose it is, in words; and why other sources did not answer."""
    if lookup.credential is None:
        failed = "".join(f"; {silent.source.place}: {silent.reason}" for silent in lookup.silent if silent.failed)
        return f"asked without a credential: none was found{failed}"
    name = "" if isinstance(lookup.credential, RegistryToken) else lookup.credential.username
    place = lookup.source.place if lookup.source else "the caller"
    return f"the credential{f' of {shown(name)}' if name else ''} is from {place}"


def _evidence(lookup: Lookup, shown_before: Shown) -> list[str]:
    token = shown_before.token
    granted = ", ".join(map(str, token.granted)) or "nothing" if token and token.granted is not None else ""
    return [origin_of_credential(lookup), *([f"the token grants: {granted}"] if granted else [])]


def _was_short_of(shown_before: Shown, wanted: tuple[Scope, ...]) -> bool:
    """Whether the registry wants a right that the token was not even asked for."""
    return shown_before.token is not None and not shown_before.token.was_asked_for(wanted)


def _speakable(lookup: Lookup, token: str) -> str:
    if token.isascii() and token.isprintable() and token and " " not in token:
        return token
    place = lookup.source.place if lookup.source else "the caller"
    raise LoginImpossible(f"the registry token from {place} is none: it cannot stand in a header", "log in again")


def _repository_in(scopes: Sequence[Scope]) -> RepositoryName | None:
    name = next((scope.name for scope in scopes if scope.kind == "repository"), None)
    try:
        return None if name is None else RepositoryName(name)
    except MalformedName:
        return None
