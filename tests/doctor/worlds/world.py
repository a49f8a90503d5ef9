"""A failing world as a test builds it, with real servers, files and programs, and what the doctor says of it."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from wharf.client.settings import ClientSettings
from wharf.credentials.chain import keychain_of
from wharf.doctor.catalogue import known_failures
from wharf.doctor.explaining import explained
from wharf.doctor.explanation import Explanation
from wharf.doctor.facts import Verdict
from wharf.doctor.language import Language
from wharf.doctor.matching import matches
from wharf.doctor.probe import ProbeId
from wharf.doctor.probing import probed
from wharf.doctor.scene import Aim, Scene
from wharf.doctor.seen import Seen

PATIENCE = 60.0
"""What is there answers within it, and within an eighth of it, however busy this machine is."""


@dataclass(frozen=True)
class World:
    scene: Scene

    def aimed_at(self, aim: Aim) -> "World":
        return World(replace(self.scene, aim=aim))

    def probed(self, *probes: str) -> Seen:
        return asyncio.run(probed(map(ProbeId, probes), self.scene))

    def explained(self, text: str, language: Language = Language.ENGLISH) -> Explanation:
        match = matches(text, known_failures())[0]
        return asyncio.run(explained(match, self.scene, language, log=text))

    def causes_of(self, text: str) -> tuple[str, list[str]]:
        """The signature, and the causes that hold: in a world that fails for one reason there is one."""
        told = self.explained(text)
        return told.signature, [cause.id for cause in told.causes if cause.verdict is Verdict.HOLDS]


def world_in(home: Path, environ: Mapping[str, str], *, platform: str = "linux", aim: Aim | None = None) -> World:
    """A machine on which nothing is set but what is told here: its home is a folder, and PATH is the real one."""
    every = {"HOME": str(home), "PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", **environ}
    return World(
        Scene(
            environ=every,
            home=home,
            platform=platform,
            folder=home,
            settings=ClientSettings.of_machine(every, home, platform),
            keychain=keychain_of(every, home, platform, uid=65_432),
            aim=aim or Aim(),
            patience=PATIENCE,
            patience_with_all=2 * PATIENCE,
        )
    )
