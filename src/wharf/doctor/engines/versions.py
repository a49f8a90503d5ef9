"""Versions of the engine's API: what a client speaks, and what an engine takes."""

import re
from dataclasses import dataclass, replace
from typing import Final, Self

from wharf.credentials.programs import run_program
from wharf.doctor.engines.session import EngineSession
from wharf.doctor.ground.program import found as found_program
from wharf.doctor.scene import Scene

_version = re.compile(r"v?(\d{1,4})\.(\d{1,4})").fullmatch
_ASKING: Final = ("version", "--format", "{{.Client.DefaultAPIVersion}}")
_told_in = re.compile(r"client version (\d{1,4}\.\d{1,4}) is too (?:old|new)", re.IGNORECASE).search


@dataclass(frozen=True, slots=True)
class ApiVersion:
    """`is_pinned`: it is spoken in any case. What is not is the highest one, and a lower one is agreed on."""

    major: int
    minor: int
    is_pinned: bool = True

    @classmethod
    def read(cls, text: object) -> Self | None:
        found = _version(text.strip()) if isinstance(text, str) else None
        return cls(int(found[1]), int(found[2])) if found else None

    @property
    def text(self) -> str:
        return f"{self.major}.{self.minor}"

    def is_older_than_any(self, session: EngineSession) -> bool:
        least = ApiVersion.read(session.version.get("MinAPIVersion"))
        return least is not None and (self.major, self.minor) < (least.major, least.minor)

    def is_newer_than_all(self, session: EngineSession) -> bool:
        most = ApiVersion.read(session.version.get("ApiVersion"))
        return self.is_pinned and most is not None and (self.major, self.minor) > (most.major, most.minor)


def client_version(scene: Scene) -> ApiVersion | None:
    """What the text says, or else what the environment makes docker speak, or else the highest that docker can."""
    if found := _told_in(scene.aim.log):
        return ApiVersion.read(found[1])
    if pinned := ApiVersion.read(scene.environ.get("DOCKER_API_VERSION")):
        return pinned
    return _highest_of_docker(scene)


def _highest_of_docker(scene: Scene) -> ApiVersion | None:
    program = found_program(scene, "docker")
    try:
        said = run_program(program, _ASKING, b"", scene.environ, scene.patience / 2).out if program else b""
    except OSError:
        return None
    highest = ApiVersion.read(said.decode("utf-8", "replace"))
    return highest and replace(highest, is_pinned=False)
