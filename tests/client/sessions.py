"""A story that is told of one repository, over a real session that is closed at its end."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import TypeAlias, TypeVar

from wharf.client.blobs.patience import PAUSES
from wharf.client.client import RegistryClient
from wharf.client.exchange import LARGEST_DOCUMENT, Exchange
from wharf.client.message import OpenResponse, Request, Response
from wharf.client.repository import RemoteRepository
from wharf.client.session import Session
from wharf.client.settings import ClientSettings, Retries, Timeouts
from wharf.credentials.keychain import Anonymous, Keychain
from wharf.oci.reference import RepositoryName
from wharf.protocol.scope import Scope

T = TypeVar("T")
Story: TypeAlias = Callable[[RemoteRepository], Awaitable[T]]
PATIENT = ClientSettings(timeouts=Timeouts(connect=60.0, silence=60.0, verdict=60.0))
ANONYMOUS = Anonymous()
BRISK = replace(PATIENT, retries=Retries(times=2))


async def at_once(_seconds: float) -> None:
    """A pause for tests, which have no time."""


class Counted:
    """An exchange that remembers what was asked of it."""

    def __init__(self, exchange: Exchange) -> None:
        self.asked: list[str] = []
        self._exchange = exchange

    @property
    def registry(self) -> str:
        return self._exchange.registry

    async def ask(self, request: Request, scopes: Sequence[Scope], limit: int = LARGEST_DOCUMENT) -> Response:
        self.asked.append(f"{request.method} {request.url}")
        return await self._exchange.ask(request, scopes, limit)

    async def open(self, request: Request, scopes: Sequence[Scope]) -> OpenResponse:
        self.asked.append(f"{request.method} {request.url}")
        return await self._exchange.open(request, scopes)

    async def close(self) -> None:
        await self._exchange.close()


def requests_of(repository: RemoteRepository) -> list[str]:
    exchange = repository.client.exchange
    assert isinstance(exchange, Counted)
    return exchange.asked


def run_at(
    host: str,
    story: Story[T],
    name: RepositoryName,
    *,
    pauses: Sequence[float] = PAUSES,
    keychain: Keychain = ANONYMOUS,
    settings: ClientSettings = BRISK,
) -> T:
    async def told() -> T:
        session = Session(host, settings, keychain, sleep=at_once)
        try:
            return await story(RemoteRepository(RegistryClient(Counted(session), pauses), name))
        finally:
            await session.close()

    return asyncio.run(told())
