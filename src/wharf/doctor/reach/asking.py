"""One question to an address, and its answer as it came: no login, no redirect, no second try.

Somebody who looks has two ways to ask. Unbelieving: any certificate will do and plain HTTP too, and so nothing that
is worth anything is said. Trusting: as wharf itself, and only so may a credential be shown.
"""

import time
from collections.abc import Awaitable, Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, replace
from functools import wraps
from types import MappingProxyType
from typing import Final, Self, TypeAlias

from wharf.client.line.transport import Outgoing, Transport
from wharf.client.line.workers import Watch
from wharf.client.message import Response
from wharf.client.origin import Address, Origin, is_loopback, is_named_insecure
from wharf.client.settings import ClientSettings, Timeouts
from wharf.doctor.reach.hello import Speaks, first_words
from wharf.doctor.reach.line import line_to
from wharf.doctor.reach.place import may_be_plain
from wharf.doctor.reach.waiting import in_time
from wharf.doctor.scene import Scene
from wharf.doctor.seen import Seen
from wharf.errors import WharfError

LARGEST_ANSWER: Final = 4 * 1024 * 1024
_LARGEST_FETCHED: Final = 64 * 1024
_NOTHING: Final[Mapping[str, str]] = MappingProxyType({})
_SHARE_OF_PATIENCE: Final = 0.7
"""For all that one asks of one place: somebody else may have to be asked after it."""

Look: TypeAlias = Callable[[Scene], Awaitable[Seen]]
_lines: ContextVar[dict[ClientSettings, Transport] | None] = ContextVar("lines of a probe", default=None)


def lines_kept(look: Look) -> Look:
    """While a probe looks, its connections stay open for its next question; then all are closed."""

    @wraps(look)
    async def looked(scene: Scene) -> Seen:
        opened: dict[ClientSettings, Transport] = {}
        _lines.set(opened)
        try:
            return await look(scene)
        finally:
            for transport in opened.values():
                transport.shut()
                transport.close()

    return looked


@dataclass(frozen=True, slots=True)
class Asker:
    """`settings`: whom it believes. `may_show`: whether a credential may be said over this.

    `until`: when it has no more patience, by the clock that never goes back.
    """

    origin: Origin
    settings: ClientSettings
    until: float
    may_show: bool

    @classmethod
    async def unbelieving(cls, scene: Scene, origin: Origin) -> Self | None:
        """None if nobody answers there."""
        until = time.monotonic() + scene.patience * _SHARE_OF_PATIENCE
        found = await _as_spoken(scene, origin)
        settings = _hurried(scene.settings, scene.patience)
        any_will_do = replace(settings, insecure=settings.insecure | {_bare(origin)})
        return cls(found, any_will_do, until, may_show=False) if found else None

    @classmethod
    async def trusting(cls, scene: Scene, origin: Origin) -> Self | None:
        """None too where a credential cannot go: without TLS to another machine."""
        until = time.monotonic() + scene.patience * _SHARE_OF_PATIENCE
        found = await _as_spoken(scene, origin)
        if found is None or not (found.is_secure or may_be_plain(scene, found)):
            return None
        return cls(found, _hurried(scene.settings, scene.patience), until, may_show=True)

    def at(self, origin: Origin) -> Self | None:
        """The same who asks, at another place; None where what it would show cannot go."""
        if origin == self.origin:
            return self
        if not self.may_show:
            settings = replace(self.settings, insecure=self.settings.insecure | {_bare(origin)})
            return replace(self, origin=origin, settings=settings)
        fits = origin.is_secure or is_loopback(origin.host) or is_named_insecure(origin, self.settings.insecure)
        return replace(self, origin=origin) if fits else None

    async def asked(
        self, method: str, target: str, headers: Mapping[str, str] = _NOTHING, body: bytes = b"", limit: int = 0
    ) -> Response | None:
        """`target` is a path of this origin. None: no answer came, or none that can be read."""
        address = Address(self.origin, target)
        fields = {"user-agent": self.settings.user_agent, "accept-encoding": "identity", **headers}
        outgoing = Outgoing(self.origin.authority, method, address, tuple(fields.items()), body, repeatable=True)
        watch, seconds = Watch(), self.until - time.monotonic()
        if seconds <= 0:
            return None
        kept = _lines.get()
        transport = (
            Transport(self.settings) if kept is None else kept.setdefault(self.settings, Transport(self.settings))
        )
        try:
            return await in_time(lambda: _exchanged(transport, outgoing, watch, limit or LARGEST_ANSWER), seconds)
        except (WharfError, OSError, ValueError):
            return None
        finally:
            watch.stop()
            if kept is None:
                transport.close()


def _exchanged(transport: Transport, outgoing: Outgoing, watch: Watch, limit: int) -> Response | None:
    answer = transport.exchange(outgoing, watch, limit, opened=False)
    watch.release()
    return answer if isinstance(answer, Response) else None


def fetched(url: str, settings: ClientSettings, seconds: float) -> Response | None:
    """What anybody gets there who asks. It blocks."""
    hurried = _hurried(settings, seconds)
    transport, user = Transport(hurried), ("user-agent", hurried.user_agent)
    try:
        address = Address.parse(url, url)
        outgoing = Outgoing(address.origin.authority, "GET", address, (user,), repeatable=True)
        answer = transport.exchange(outgoing, Watch(), _LARGEST_FETCHED, opened=False)
    except (WharfError, OSError, ValueError):
        return None
    finally:
        transport.close()
    return answer if isinstance(answer, Response) else None


async def _as_spoken(scene: Scene, origin: Origin) -> Origin | None:
    """The same place with the scheme that it really speaks."""
    settings, seconds = scene.settings, scene.patience / 4
    try:
        hello = await in_time(
            lambda: first_words(lambda: line_to(origin, settings, seconds), origin.host, seconds), scene.patience
        )
    except OSError:
        return None
    if hello.speaks is Speaks.HTTP:
        return Origin("http", origin.host, origin.port)
    return Origin("https", origin.host, origin.port) if hello.speaks is Speaks.TLS else None


def _hurried(settings: ClientSettings, seconds: float) -> ClientSettings:
    return replace(settings, timeouts=Timeouts(connect=seconds, silence=seconds, verdict=seconds))


def _bare(origin: Origin) -> str:
    return f"[{origin.host}]" if ":" in origin.host else origin.host
