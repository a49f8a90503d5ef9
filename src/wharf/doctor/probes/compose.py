"""Compose on this machine: the plug-in of the docker command, the old program, and the files it would read here."""

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from wharf.credentials.programs import run_program
from wharf.doctor.engines.plugin import plugin_named
from wharf.doctor.ground.program import found
from wharf.doctor.ground.small_file import beginning_of, is_there
from wharf.doctor.scene import Scene
from wharf.doctor.seen import Seen, Sighting

_LEGACY: Final = "docker-compose"
_NAMES: Final = ("compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml")
_MOST_ENV_FILES: Final = 20
_version = re.compile(rb"v?[0-9]{1,4}\.[0-9]{1,4}[\w.+-]{0,40}").search


async def look(scene: Scene) -> Seen:
    return await asyncio.to_thread(_looked, scene)


def _looked(scene: Scene) -> Seen:
    sighting = Sighting("compose")
    _programs(scene, sighting)
    _file(scene, sighting)
    if scene.aim.variable:
        _variable(scene.aim.variable, scene, sighting)
    return sighting.done()


def _programs(scene: Scene, sighting: Sighting) -> None:
    plugin, legacy = plugin_named("compose", scene), found(scene, _LEGACY)
    sighting.saw(
        "plugin",
        plugin is not None,
        f"`docker compose` is there: {plugin.path}." if plugin else "The docker command has no plug-in compose here.",
        f"`docker compose`가 있습니다: {plugin.path}." if plugin else "docker 명령에 compose 플러그인이 없습니다.",
    )
    sighting.saw(
        "legacy",
        legacy is not None,
        f"The program {_LEGACY} is there: {legacy}." if legacy else f"There is no program {_LEGACY} on PATH.",
        f"{_LEGACY} 프로그램이 있습니다: {legacy}." if legacy else f"PATH에 {_LEGACY} 프로그램이 없습니다.",
    )
    version = plugin.version if plugin else _version_of(legacy, scene)
    if version:
        sighting.saw("version", version, f"Compose has the version {version}.", f"Compose 버전은 {version}입니다.")


def _version_of(program: Path | None, scene: Scene) -> str:
    try:
        said = (
            run_program(program, ("version", "--short"), b"", scene.environ, scene.patience / 2).out if program else b""
        )
    except (OSError, ValueError):
        return ""
    told = _version(said)
    return told[0].decode("ascii", "replace") if told else ""


def _file(scene: Scene, sighting: Sighting) -> None:
    """Compose takes the file that COMPOSE_FILE names, or the first one in this folder or above it."""
    named = scene.environ.get("COMPOSE_FILE", "").split(scene.environ.get("COMPOSE_PATH_SEPARATOR") or ":")[0]
    near = (folder / name for folder in (scene.folder, *scene.folder.parents) for name in _NAMES)
    candidates = [scene.folder / named] if named else near
    file = next((path for path in candidates if is_there(path)), None)
    sighting.saw(
        "file_here",
        file is not None,
        f"Compose reads {file} here." if file else "There is no Compose file in this folder, nor above it.",
        f"이 위치에서 Compose는 {file}을(를) 읽습니다." if file else "이 폴더와 상위 폴더에 Compose 파일이 없습니다.",
    )


def _variable(name: str, scene: Scene, sighting: Sighting) -> None:
    """What a log says may be written smaller than it was; on Windows that makes no difference."""
    place = _setter(name, scene)
    sighting.saw(
        "variable_set",
        bool(place),
        f"{name} is set {place[0]}." if place else f"{name} is set neither in this environment nor in .env.",
        f"{name}이(가) {place[1]}에 설정되어 있습니다." if place else f"{name}이(가) 환경 변수와 .env에 모두 없습니다.",
    )


def _setter(name: str, scene: Scene) -> tuple[str, str] | None:
    if any(each.casefold() == name.casefold() and value for each, value in scene.environ.items()):
        return "in this environment", "현재 환경 변수"
    file = next((file for file in _env_files(scene) if _sets(file, name)), None)
    return (f"in {file}", str(file)) if file else None


def _env_files(scene: Scene) -> Iterator[Path]:
    named = [each.strip() for each in scene.environ.get("COMPOSE_ENV_FILES", "").split(",") if each.strip()]
    yield from (scene.folder / name for name in (named or [".env"])[:_MOST_ENV_FILES])


def _sets(file: Path, name: str) -> bool:
    """An empty value is as good as none."""
    for line in (beginning_of(file) or "").splitlines():
        key, separator, value = line.strip().removeprefix("export ").partition("=")
        if separator and key.strip().casefold() == name.casefold():
            return bool(value.strip().strip("'\""))
    return False
