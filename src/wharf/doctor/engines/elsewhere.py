"""Engines beside the one that is asked: other sockets of this machine, and programs that would be one if they ran."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

from wharf.doctor.engines.conversation import Trouble
from wharf.doctor.engines.endpoint import Endpoint, Route
from wharf.doctor.engines.reading import read_small
from wharf.doctor.engines.session import entered
from wharf.doctor.ground.program import found
from wharf.doctor.ground.small_file import is_there, of_system
from wharf.doctor.scene import Scene

_OF_THE_SYSTEM: Final = ("/var/run/docker.sock", "/run/docker.sock", "/run/podman/podman.sock")
_OF_THE_HOME: Final = (
    ".docker/run/docker.sock",
    ".docker/desktop/docker.sock",
    ".colima/default/docker.sock",
    ".colima/docker.sock",
    ".orbstack/run/docker.sock",
    ".rd/docker.sock",
)
_OF_THE_SESSION: Final = ("docker.sock", "podman/podman.sock")
_PROGRAMS: Final = ("dockerd", "dockerd-rootless.sh")
_PODMAN: Final = "podman"
_INSTALLED: Final = (
    "/usr/bin/dockerd",
    "/usr/sbin/dockerd",
    "/usr/local/bin/dockerd",
    "/snap/bin/docker.dockerd",
    "/opt/docker-desktop",
    "/Applications/Docker.app",
)
_MOST_PROCESSES: Final = 5000
_LONGEST_WAIT: Final = 1.0


def answering_elsewhere(scene: Scene, asked: Endpoint | None) -> str:
    """The first other socket with an engine behind it. All are asked at once."""
    others = tuple(_others(scene, asked))
    if not others:
        return ""
    with ThreadPoolExecutor(len(others)) as threads:
        answers = tuple(threads.map(_answers, others))
    return next((f"unix://{path}" for path, answered in zip(others, answers, strict=True) if answered), "")


def _answers(path: Path) -> bool:
    try:
        entered(Endpoint(f"unix://{path}", Route.SOCKET, path), _LONGEST_WAIT)
    except Trouble:
        return False
    return True


def _others(scene: Scene, asked: Endpoint | None) -> Iterator[Path]:
    seen = {_resolved(asked.path)} if asked and asked.path else set()
    runtime = scene.environ.get("XDG_RUNTIME_DIR")
    session = [Path(runtime) / name for name in _OF_THE_SESSION] if runtime else []
    system = [of_system(scene, path) for path in _OF_THE_SYSTEM]
    for path in (*system, *session, *(scene.home / name for name in _OF_THE_HOME)):
        if is_there(path) and (place := _resolved(path)) not in seen:
            seen.add(place)
            yield path


def _resolved(path: Path) -> Path:
    try:
        return path.resolve()
    except (OSError, RuntimeError):
        return path


def is_installed(scene: Scene) -> bool:
    """Podman counts where the failure is one of Podman's: the docker command does not look for it."""
    programs = (*_PROGRAMS, _PODMAN) if _PODMAN in scene.aim.log.lower() else _PROGRAMS
    on_path = any(found(scene, program) is not None for program in programs)
    return on_path or any(is_there(of_system(scene, path)) for path in _INSTALLED)


def command_lines(scene: Scene) -> Iterator[tuple[str, ...]]:
    """Of the engines that run on this machine, as far as this account may see them."""
    try:
        numbers = [each for each in of_system(scene, "/proc").iterdir() if each.name.isdigit()][:_MOST_PROCESSES]
    except OSError:
        return
    for process in numbers:
        words = tuple(_raw(process / "cmdline").decode("utf-8", "replace").split("\0"))
        if words[0].rpartition("/")[2] == "dockerd" or _is_podman(words):
            yield words


def _is_podman(words: tuple[str, ...]) -> bool:
    return words[0].rpartition("/")[2] == "podman" and words[1:3] == ("system", "service")


def _raw(file: Path) -> bytes:
    return read_small(file)
