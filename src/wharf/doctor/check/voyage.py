"""What one check has with it: where it goes, as whom, with which image, and what is to be undone after it."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import Final, Self, TypeVar

from wharf.client.client import RegistryClient
from wharf.client.connect import open_session
from wharf.client.session import Session
from wharf.credentials.credential import Credential
from wharf.credentials.keychain import Lookup
from wharf.doctor.check.berth import Berth
from wharf.doctor.check.program import ARCHITECTURES
from wharf.doctor.check.sample import SampleImage, sample_image
from wharf.doctor.check.traces import Traces
from wharf.doctor.scene import Scene
from wharf.engine.docker import Engine, EngineFacts
from wharf.engine.voyages import EngineVoyages
from wharf.oci.digest import Digest
from wharf.oci.platform import Platform
from wharf.oci.reference import Tag

T = TypeVar("T")
PLATFORMS: Final = tuple(Platform("linux", architecture) for architecture in ARCHITECTURES)
PATIENCE_SECONDS: Final = 120
_PATIENCE_WITH_A_THREAD: Final = 5.0


class EngineUse(Enum):
    """What a container engine is for in this check."""

    IF_THERE = "runs the image, where one answers"
    PUSHES = "takes, pushes, pulls and runs the image"
    NONE = "is left alone"


@dataclass(frozen=True, slots=True)
class Wishes:
    """`patience`, in seconds: for one step. `keep`: nothing is taken away from the registry."""

    engine: EngineUse = EngineUse.IF_THERE
    platforms: tuple[Platform, ...] = PLATFORMS
    keep: bool = False
    patience: float = PATIENCE_SECONDS


@dataclass(frozen=True, slots=True)
class OpenEngine:
    engine: Engine
    facts: EngineFacts

    @property
    def voyages(self) -> EngineVoyages:
        return EngineVoyages(self.engine)


@dataclass(slots=True)
class Voyage:
    """`lookup`: the credential, and what was said while it was looked for. `engine`: once one has answered."""

    scene: Scene
    berth: Berth
    wishes: Wishes
    image: SampleImage
    session: Session
    client: RegistryClient
    lookup: Lookup = field(default_factory=Lookup)
    engine: OpenEngine | None = None
    pushed: Digest | None = None
    """What the tag leads to, once it was pushed."""
    earlier: tuple[Tag, ...] = ()
    """What checks long ago have left in the registry."""
    traces: Traces = field(default_factory=Traces)

    @classmethod
    def begin(cls, scene: Scene, berth: Berth, wishes: Wishes) -> Self:
        session = open_session(berth.registry, scene.settings, scene.keychain)
        return cls(scene, berth, wishes, sample_image(berth.line, wishes.platforms), session, RegistryClient(session))

    @property
    def credential(self) -> Credential | None:
        return self.lookup.credential

    async def close(self) -> None:
        await self.session.close()
        if self.engine is not None:
            await asyncio.to_thread(self.engine.engine.close)


async def in_thread(work: Callable[[], T], stop: Callable[[], None] = lambda: None) -> T:
    """Whoever leaves early stops it, and gives it a moment to end: what it makes meanwhile has to be taken away."""
    job = asyncio.ensure_future(asyncio.to_thread(work))
    try:
        return await asyncio.shield(job)
    except asyncio.CancelledError:
        stop()
        await asyncio.wait({job}, timeout=_PATIENCE_WITH_A_THREAD)
        job.add_done_callback(lambda done: done.cancelled() or done.exception())
        raise
