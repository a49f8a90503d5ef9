"""The room that is left on the file systems where engines, builders and temporary files lie."""

import asyncio
import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from wharf.doctor.engines.endpoint import Endpoint
from wharf.doctor.engines.reading import list_of, objects_of, word
from wharf.doctor.engines.session import EngineSession, usual_session
from wharf.doctor.engines.versions import ApiVersion
from wharf.doctor.ground.small_file import is_there, of_system
from wharf.doctor.scene import Scene
from wharf.doctor.seen import Seen, Sighting

_GIBIBYTE: Final = 1 << 30
_TOO_LITTLE: Final = 64 << 20
_LITTLE_PERCENT: Final = 5
_LITTLE_BYTES: Final = 10 * _GIBIBYTE
_LITTLE_INODES: Final = 100
_ENGINES: Final = ("/var/lib/docker", "/var/lib/containerd", "/var/lib/containers/storage", "/var/lib/buildkit")
_OF_THE_HOME: Final = (".local/share/docker", ".local/share/containers/storage")
_BUILD_CACHE_SINCE: Final = (1, 42)
_STOPPED: Final = frozenset({"exited", "dead", "created"})


@dataclass(frozen=True, slots=True)
class Room:
    """What is left of one file system."""

    where: str
    path: Path
    bytes_left: int
    percent_left: int
    is_out_of_inodes: bool
    is_read_only: bool

    @property
    def is_full(self) -> bool:
        little = self.percent_left <= _LITTLE_PERCENT and self.bytes_left < _LITTLE_BYTES
        return little or self.bytes_left < _TOO_LITTLE


async def look(scene: Scene) -> Seen:
    return await asyncio.to_thread(_looked, scene)


def _looked(scene: Scene) -> Seen:
    sighting = Sighting("disk")
    session = usual_session(scene)
    rooms = [room for where, path in _places(scene, session) if (room := room_at(where, path)) is not None]
    if rooms:
        _told(rooms, sighting)
    if session is not None and (reclaimable := _is_reclaimable(session)) is not None:
        _reclaimable(sighting, reclaimable=reclaimable)
    return sighting.done()


def _told(rooms: list[Room], sighting: Sighting) -> None:
    least = min(rooms, key=lambda room: (not room.is_full, room.percent_left))
    left = _amount(least.bytes_left)
    english = f"{left} ({least.percent_left} %) are left where {least.path} lies."
    korean = f"{least.path}이(가) 있는 파일 시스템에 {left}({least.percent_left}%)가 남아 있습니다."
    sighting.saw("full", least.is_full, english, korean)
    sighting.saw("percent_left", least.percent_left, english, korean)
    _inodes(rooms, sighting)
    _read_only(rooms, sighting)
    short = frozenset(room.where for room in rooms if room.is_full or room.is_out_of_inodes)
    if locked := frozenset(room.where for room in rooms if room.is_read_only):
        short = short or locked
    if short:
        sighting.saw("where", short)


def _inodes(rooms: list[Room], sighting: Sighting) -> None:
    out = next((room for room in rooms if room.is_out_of_inodes), None)
    sighting.saw(
        "inodes_full",
        out is not None,
        f"No more files fit where {out.path} lies: its inodes are used up." if out else "",
        f"{out.path}이(가) 있는 파일 시스템의 inode가 모두 사용되어 파일을 더 만들 수 없습니다." if out else "",
    )


def _read_only(rooms: list[Room], sighting: Sighting) -> None:
    locked = next((room for room in rooms if room.is_read_only), None)
    sighting.saw(
        "read_only",
        locked is not None,
        f"The file system of {locked.path} is mounted to be read only." if locked else "",
        f"{locked.path}의 파일 시스템이 읽기 전용으로 마운트되어 있습니다." if locked else "",
    )


def _reclaimable(sighting: Sighting, *, reclaimable: bool) -> None:
    sighting.saw(
        "reclaimable",
        reclaimable,
        "The engine keeps stopped containers, images without a name or a build cache." if reclaimable else "",
        "엔진에 중지된 컨테이너, 이름 없는 이미지 또는 빌드 캐시가 남아 있습니다." if reclaimable else "",
    )


def _amount(left: int) -> str:
    return f"{left / _GIBIBYTE:.1f} GiB" if left >= _GIBIBYTE else f"{left >> 20} MiB"


# --- where -----------------------------------------------------------------------------------------------------------


def _places(scene: Scene, session: EngineSession | None) -> Iterator[tuple[str, Path]]:
    """What the text names comes first: it is what has failed."""
    engine = tuple(_engine_folders(scene, session))
    if scene.aim.path and scene.aim.path.startswith("/"):
        path = of_system(scene, scene.aim.path)
        yield _kind_of(path, engine, scene), path
    yield from (("engine", path) for path in engine)
    yield "temporary", of_system(scene, scene.environ.get("TMPDIR") or "/tmp")  # noqa: S108 - looked at alone
    yield "home", scene.home
    yield "here", scene.folder


def _kind_of(path: Path, engine: tuple[Path, ...], scene: Scene) -> str:
    if any(path.is_relative_to(folder) for folder in engine):
        return "engine"
    if path.is_relative_to(scene.home):
        return "home"
    return "temporary" if path.is_relative_to(of_system(scene, "/tmp")) else "here"  # noqa: S108 - looked at alone


def _engine_folders(scene: Scene, session: EngineSession | None) -> Iterator[Path]:
    """An engine that is elsewhere has a disk of its own, which cannot be seen from here."""
    if session is not None and _is_here(session.endpoint):
        info = session.info()
        root = word(info.get("DockerRootDir")) or word(objects_of(info.get("store")).get("graphRoot"))
        if root:
            yield of_system(scene, root)
            return
    usual = [*(of_system(scene, path) for path in _ENGINES), *(scene.home / path for path in _OF_THE_HOME)]
    yield from (path for path in usual if is_there(path))


def _is_here(endpoint: Endpoint) -> bool:
    return endpoint.path is not None


def room_at(where: str, path: Path) -> Room | None:
    """Of the file system of a path, or of the nearest folder above it that is there."""
    if sys.platform == "win32":
        return None
    for place in (path, *path.parents):
        with suppress(OSError, ValueError):
            found = os.statvfs(place)
            # What is kept for root alone counts as used, as it does for everybody else.
            usable = found.f_blocks - found.f_bfree + found.f_bavail
            if usable <= 0:
                return None
            return Room(
                where,
                place,
                found.f_bavail * found.f_frsize,
                100 * found.f_bavail // usable,
                found.f_files > 0 and found.f_favail < min(_LITTLE_INODES, found.f_files // 10 + 1),
                bool(found.f_flag & os.ST_RDONLY),
            )
    return None


# --- what could be given back ----------------------------------------------------------------------------------------


def _is_reclaimable(session: EngineSession) -> bool | None:
    """None where the engine does not say."""
    containers = session.listed("/containers/json?all=1")
    dangling = session.listed("/images/json?filters=%7B%22dangling%22%3A%5B%22true%22%5D%7D")
    if containers is None or dangling is None:
        return None
    stopped = any(word(objects_of(container).get("State")) in _STOPPED for container in containers)
    return stopped or bool(dangling) or _has_build_cache(session)


def _has_build_cache(session: EngineSession) -> bool:
    """Newer engines tell of it without adding up all the rest."""
    version = ApiVersion.read(session.version.get("ApiVersion"))
    if version is None or session.kind != "docker" or (version.major, version.minor) < _BUILD_CACHE_SINCE:
        return False
    told = session.asked("/system/df?type=build-cache")
    cache = list_of(told.get("BuildCache"))
    return any(objects_of(entry).get("InUse") is False for entry in cache)
