"""One question to an address, and its answer as it came: no login, no redirect, no second try.

Somebody who looks has two ways to ask. Unbelieving: any certificate will do and plain HTTP too, and so nothing that
is worth anything is said. Trusting: as wharf itself, and only so may a credential be shown.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final, Self

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
from wharf.errors import WharfError

LARGEST_ANSWER: Final = 4 * 1024 * 1024
_LARGEST_FETCHED: Final = 64 * 1024
_NOTHING: Final[Mapping[str, str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Asker:
    """`settings`: whom it believes. `may_show`: whether a credential may be said over this."""

    origin: Origin
    settings: ClientSettings
    seconds: float
    may_show: bool

    @classmethod
    async def unbelieving(cls, scene: Scene, origin: Origin) -> Self | None:
        """None if nobody answers there."""
        found = await _as_spoken(scene, origin)
        settings = _hurried(scene.settings, scene.patience)
        any_will_do = replace(settings, insecure=settings.insecure | {_bare(origin)})
        return cls(found, any_will_do, scene.patience, may_show=False) if found else None

    @classmethod
    async def trusting(cls, scene: Scene, origin: Origin) -> Self | None:
        """None too where a credential cannot go: without TLS to another machine."""
        found = await _as_spoken(scene, origin)
        if found is None or not (found.is_secure or may_be_plain(scene, found)):
            return None
        return cls(found, _hurried(scene.settings, scene.patience), scene.patience, may_show=True)

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
        watch = Watch()
        try:
            return await in_time(lambda: self._exchanged(outgoing, watch, limit or LARGEST_ANSWER), self.seconds)
        except (WharfError, OSError, ValueError):
            return None
        finally:
            watch.stop()

    def _exchanged(self, outgoing: Outgoing, watch: Watch, limit: int) -> Response | None:
        transport = Transport(self.settings)
        try:
            answer = transport.exchange(outgoing, watch, limit, opened=False)
        finally:
            transport.close()
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
