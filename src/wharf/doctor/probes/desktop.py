"""Docker Desktop: whether it is installed, and whether its back end answers at one of its sockets or pipes."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from wharf.doctor.ground.small_file import is_there, of_system
from wharf.doctor.ground.unix_socket import listens
from wharf.doctor.probes.machine import is_wsl
from wharf.doctor.scene import Scene
from wharf.doctor.seen import Seen, Sighting
from wharf.doctor.signature import System, system_of

_LINUX: Final = ("/opt/docker-desktop", "/usr/lib/systemd/user/docker-desktop.service")
_WSL: Final = ("/mnt/wsl/docker-desktop", "/mnt/c/Program Files/Docker/Docker/Docker Desktop.exe")
_MACOS: Final = ("/Applications/Docker.app",)
_WINDOWS: Final = ("/Program Files/Docker/Docker/Docker Desktop.exe",)
_PIPES: Final = ("\\\\.\\pipe\\dockerBackendApiServer", "\\\\.\\pipe\\dockerDesktopEngine")
_SOCKETS: Final = (
    ".docker/desktop/docker.sock",
    ".docker/desktop/backend.sock",
    ".docker/run/docker.sock",
    "Library/Containers/com.docker.docker/Data/backend.sock",
    "Library/Containers/com.docker.docker/Data/docker-cli.sock",
)
_WSL_SOCKETS: Final = (
    "/mnt/wsl/docker-desktop/shared-sockets/host-services/docker.proxy.sock",
    "/mnt/wsl/docker-desktop/shared-sockets/guest-services/docker.sock",
    "/mnt/wsl/docker-desktop/shared-sockets/guest-services/backend.sock",
)


async def look(scene: Scene) -> Seen:
    return await asyncio.to_thread(_looked, scene)


def _looked(scene: Scene) -> Seen:
    sighting = Sighting("desktop")
    is_installed = any(is_there(place) for place in _places(scene))
    runs = any(_answers(scene))
    sighting.saw("installed", is_installed or runs)
    sighting.saw(
        "running",
        runs,
        "Docker Desktop's back end answers." if runs else "No back end of Docker Desktop answers.",
        "Docker Desktop의 백엔드가 응답합니다." if runs else "Docker Desktop의 백엔드가 응답하지 않습니다.",
    )
    return sighting.done()


def _places(scene: Scene) -> Iterator[Path]:
    system = system_of(scene.platform)
    known = {System.MACOS: _MACOS, System.WINDOWS: _WINDOWS, System.LINUX: _WSL if is_wsl(scene) else _LINUX}
    yield from (of_system(scene, place) for place in known[system])
    if system is System.LINUX:
        yield scene.home / ".docker/desktop"


def _answers(scene: Scene) -> Iterator[bool]:
    if system_of(scene.platform) is System.WINDOWS:
        yield from (is_there(Path(pipe)) for pipe in _PIPES)
        return
    sockets = [scene.home / place for place in _SOCKETS]
    if is_wsl(scene):
        sockets += [of_system(scene, place) for place in _WSL_SOCKETS]
    yield from (listens(place, scene.patience / len(sockets)) for place in sockets if is_there(place))
