"""A session that is opened for one question, and leaves nothing behind."""

import asyncio
import base64
import threading
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from tests.client.raw_server import RawServer
from wharf.client.message import Request, Response
from wharf.client.session import Session
from wharf.client.settings import ClientSettings, Retries, Timeouts
from wharf.credentials.credential import Credential, Password
from wharf.credentials.keychain import Lookup, Source
from wharf.credentials.secret import Secret
from wharf.errors import WharfError
from wharf.oci.reference import RepositoryName
from wharf.protocol.scope import Scope, parse_scopes

T = TypeVar("T")

PULL = parse_scopes("repository:team/app:pull")
PUSH = parse_scopes("repository:team/app:pull,push")
SECRET = "correct horse battery staple"
TEAM = Password("team-bot", Secret(SECRET))
BASIC = "Basic " + base64.b64encode(f"team-bot:{SECRET}".encode()).decode()
PING = Request("GET", "/v2/")
TAGS = Request("GET", "/v2/team/app/tags/list")
BRISK = ClientSettings(
    timeouts=Timeouts(connect=60.0, silence=60.0, verdict=60.0), retries=Retries(times=2, first_wait=0.001)
)
"""Repeats soon. It waits for long: a server on a busy machine may take its time."""


@dataclass
class Pocket:
    """A keychain with one credential in it, or none."""

    credential: Credential | None = None
    asked: list[tuple[str, RepositoryName | None]] = field(default_factory=list)
    threads: list[str] = field(default_factory=list)

    def find(self, registry: str, repository: RepositoryName | None = None) -> Lookup:
        self.asked.append((registry, repository))
        self.threads.append(threading.current_thread().name)
        return Lookup(self.credential, Source("the pocket") if self.credential else None)


@dataclass
class Sleeper:
    """Remembers for how long it should have slept."""

    slept: list[float] = field(default_factory=list)

    async def __call__(self, seconds: float) -> None:
        self.slept.append(seconds)


def told(
    host: str,
    story: Callable[[Session], Awaitable[T]],
    credential: Credential | None = None,
    settings: ClientSettings = BRISK,
    *,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    clock: Callable[[], float] | None = None,
    pocket: Pocket | None = None,
) -> T:
    """What the story comes to; after it no thread of the session is left."""

    async def whole() -> T:
        keychain = pocket or Pocket(credential)
        session = Session(host, settings, keychain, sleep=sleep, **({"clock": clock} if clock else {}))
        try:
            return await story(session)
        finally:
            await session.close()

    before = set(threading.enumerate())
    try:
        return asyncio.run(whole())
    finally:
        left = set(threading.enumerate()) - before
        assert [] == [thread.name for thread in left if thread.name.startswith("wharf")]


def answer_of(
    host: str,
    request: Request = PING,
    scopes: Sequence[Scope] = PULL,
    credential: Credential | None = None,
    settings: ClientSettings = BRISK,
    limit: int = 4096,
) -> Response:
    return told(host, lambda session: session.ask(request, scopes, limit), credential, settings)


async def twice(session: Session) -> None:
    await session.ask(TAGS, PULL)
    await session.ask(TAGS, PULL)


def paths(server: RawServer) -> list[str]:
    return [request.target.partition("?")[0] for request in server.requests]


def evidence(error: WharfError) -> str:
    return "\n".join((str(error), *error.diagnostics().evidence, error.diagnostics().next_step))
