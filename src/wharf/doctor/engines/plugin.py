"""A plug-in of the docker command: the folders in which docker looks for it, and the version it tells of itself."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from wharf.credentials.places import WINDOWS
from wharf.credentials.programs import run_program
from wharf.doctor.engines.endpoint import docker_folder, docker_settings
from wharf.doctor.engines.reading import object_in, word, words_of
from wharf.doctor.ground.small_file import is_there, of_system
from wharf.doctor.scene import Scene

_FOLDER: Final = "cli-plugins"
_OF_THE_SYSTEM: Final = (
    "/usr/local/lib/docker/cli-plugins",
    "/usr/local/libexec/docker/cli-plugins",
    "/usr/lib/docker/cli-plugins",
    "/usr/libexec/docker/cli-plugins",
)
_OF_WINDOWS: Final = ("/ProgramData/Docker/cli-plugins", "/Program Files/Docker/cli-plugins")
_ASKING: Final = "docker-cli-plugin-metadata"
_version_in = re.compile(r"v?(\d{1,4})\.(\d{1,4})(?:\.(\d{1,6}))?").search


@dataclass(frozen=True, slots=True)
class Plugin:
    """`version` is empty where it does not tell."""

    path: Path
    version: str = ""

    @property
    def number(self) -> tuple[int, int] | None:
        return number_of(self.version)


def number_of(version: str) -> tuple[int, int] | None:
    found = _version_in(version)
    return (int(found[1]), int(found[2])) if found else None


def plugin_named(name: str, scene: Scene) -> Plugin | None:
    ending = ".exe" if scene.platform == WINDOWS else ""
    path = next((folder / f"docker-{name}{ending}" for folder in _folders(scene) if _is_in(folder, name, ending)), None)
    return Plugin(path, _version(path, scene)) if path is not None else None


def _is_in(folder: Path, name: str, ending: str) -> bool:
    return is_there(folder / f"docker-{name}{ending}")


def _folders(scene: Scene) -> Iterator[Path]:
    yield from map(Path, words_of(docker_settings(scene).get("cliPluginsExtraDirs")))
    yield docker_folder(scene) / _FOLDER
    of_system_ = _OF_WINDOWS if scene.platform == WINDOWS else _OF_THE_SYSTEM
    yield from (of_system(scene, folder) for folder in of_system_)


def _version(path: Path, scene: Scene) -> str:
    """Every plug-in answers this question, and does nothing else for it."""
    try:
        outcome = run_program(path, _ASKING, b"", scene.environ, scene.patience / 2)
    except (OSError, ValueError):
        return ""
    return word(object_in(outcome.out).get("Version"))
