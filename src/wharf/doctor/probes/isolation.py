"""What the kernel lets a container engine do here, as /proc, /sys and /etc tell it; nothing is tried out."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from typing import Final

from wharf.doctor.ground.account import name_of, own_uid
from wharf.doctor.ground.program import found
from wharf.doctor.ground.small_file import beginning_of, is_there, of_system
from wharf.doctor.scene import Scene
from wharf.doctor.seen import Seen, Sighting
from wharf.doctor.signature import System, system_of

_NAMESPACES: Final = "/proc/sys/user/max_user_namespaces"
_NAMESPACES_OF_OTHERS: Final = "/proc/sys/kernel/unprivileged_userns_clone"
_APPARMOR: Final = "/proc/sys/kernel/apparmor_restrict_unprivileged_userns"
_GROUPS: Final = "/sys/fs/cgroup"
_OLD_CONTROLLERS: Final = ("memory", "pids", "devices", "cpu", "systemd")
_IDS: Final = ("/etc/subuid", "/etc/subgid")
_DATA: Final = PurePosixPath("/var/lib/docker")
_NO_LIMIT: Final = 1 << 60
"""What version 1 of control groups says where there is none is about eight exbibytes."""


async def look(scene: Scene) -> Seen:
    return await asyncio.to_thread(_looked, scene)


def _looked(scene: Scene) -> Seen:
    sighting = Sighting("isolation")
    _see_docker(scene, sighting)
    if system_of(scene.platform) is System.LINUX:
        for see in _OF_LINUX:
            see(scene, sighting)
    return sighting.done()


def _see_docker(scene: Scene, sighting: Sighting) -> None:
    path = found(scene, "docker")
    none = ("No docker is in PATH.", "PATH에 docker가 없습니다.")
    told = (f"docker is {path}.", f"docker는 {path}에 있습니다.") if path else none
    sighting.saw("docker_on_path", path is not None, *told)


# --- namespaces and ids ----------------------------------------------------------------------------------------------


def _see_namespaces(scene: Scene, sighting: Sighting) -> None:
    most, others, apparmor = (_number(scene, path) for path in (_NAMESPACES, _NAMESPACES_OF_OTHERS, _APPARMOR))
    forbidding = _NAMESPACES if most == 0 else _NAMESPACES_OF_OTHERS if others == 0 else ""
    if forbidding:
        sighting.saw("user_namespaces", "forbidden", f"{forbidding} is 0.", f"{forbidding} 값이 0입니다.")
    elif apparmor == 1:
        sighting.saw("user_namespaces", "restricted-by-apparmor", f"{_APPARMOR} is 1.", f"{_APPARMOR} 값이 1입니다.")
    elif most is not None:
        sighting.saw("user_namespaces", "allowed", f"{_NAMESPACES} is {most}.", f"{_NAMESPACES} 값이 {most}입니다.")


def _see_ids(scene: Scene, sighting: Sighting) -> None:
    uid = own_uid()
    if uid is None:
        return
    names = {str(uid), name_of(scene, uid)}
    lacking = [path for path in _IDS if not names & set(_first_words(beginning_of(of_system(scene, path)) or ""))]
    said = [(f"{path} has no line for this account.", f"{path}에 이 계정의 줄이 없습니다.") for path in lacking]
    sighting.saw("subordinate_ids", not lacking, *(said[0] if said else ("", "")))


def _first_words(text: str) -> Iterator[str]:
    return (line.partition(":")[0].strip() for line in text.splitlines())


# --- control groups --------------------------------------------------------------------------------------------------


def _see_groups(scene: Scene, sighting: Sighting) -> None:
    if not is_there(of_system(scene, _GROUPS)):
        return
    kind = _kind_of_groups(scene)
    told = {
        "v1": ("Control groups of version 1 are mounted.", "cgroup v1이 마운트되어 있습니다."),
        "v2": ("Control groups of version 2 are mounted.", "cgroup v2가 마운트되어 있습니다."),
        "hybrid": ("Control groups of both versions are mounted.", "cgroup v1과 v2가 함께 마운트되어 있습니다."),
        "none": (f"{_GROUPS} is empty.", f"{_GROUPS}이 비어 있습니다."),
    }
    sighting.saw("cgroup", kind, *told[kind])


def _kind_of_groups(scene: Scene) -> str:
    def has(name: str) -> bool:
        return is_there(of_system(scene, f"{_GROUPS}/{name}"))

    if has("cgroup.controllers"):
        return "v2"
    if not any(map(has, _OLD_CONTROLLERS)):
        return "none"
    return "hybrid" if has("unified/cgroup.procs") or has("unified/cgroup.controllers") else "v1"


def _see_memory(scene: Scene, sighting: Sighting) -> None:
    killed = _killed_for_memory(scene)
    if killed is not None:
        sighting.saw(
            "memory_killed",
            killed > 0,
            f"The kernel has killed {killed} processes for want of memory since it started.",
            f"커널이 시작된 뒤 메모리 부족으로 종료한 프로세스는 {killed}개입니다.",
        )
    limit = _limit_of_memory(scene)
    if limit is not None:
        sighting.saw("memory_limited", limit < _NO_LIMIT, *_limit_told(limit))


def _limit_told(limit: int) -> tuple[str, str]:
    if limit >= _NO_LIMIT:
        return "This group has no limit of memory.", "이 그룹에는 메모리 제한이 없습니다."
    return f"This group may use {limit} bytes of memory.", f"이 그룹은 메모리를 {limit}바이트까지 사용할 수 있습니다."


def _killed_for_memory(scene: Scene) -> int | None:
    lines = (beginning_of(of_system(scene, "/proc/vmstat")) or "").splitlines()
    counted = next((line.partition(" ")[2] for line in lines if line.startswith("oom_kill ")), "")
    return _as_number(counted)


def _limit_of_memory(scene: Scene) -> int | None:
    own = (beginning_of(of_system(scene, "/proc/self/cgroup")) or "").splitlines()
    places = [place for line in own for place in _limit_files(line)] + [f"{_GROUPS}/memory.max"]
    texts = [beginning_of(of_system(scene, place)) for place in places]
    said = next((text.strip() for text in texts if text), "")
    return _NO_LIMIT if said == "max" else _as_number(said)


def _limit_files(line: str) -> Iterator[str]:
    """Of a line of /proc/self/cgroup: its number, its controllers, the group's path."""
    number, _, rest = line.partition(":")
    controllers, _, path = rest.partition(":")
    group = "/".join(part for part in path.split("/") if part not in {"", ".", ".."})
    if "memory" in controllers.split(","):
        yield f"{_GROUPS}/memory/{group}/memory.limit_in_bytes"
        yield f"{_GROUPS}/memory/memory.limit_in_bytes"
    if number == "0" and not controllers:
        yield f"{_GROUPS}/{group}/memory.max"


# --- file systems ----------------------------------------------------------------------------------------------------


def _see_overlay(scene: Scene, sighting: Sighting) -> None:
    known = beginning_of(of_system(scene, "/proc/filesystems"))
    if known is None:
        return
    release = (beginning_of(of_system(scene, "/proc/sys/kernel/osrelease")) or "").strip()
    modules = beginning_of(of_system(scene, f"/lib/modules/{release}/modules.dep"), 8 << 20) or ""
    is_known = "overlay" in known.split() or "/overlay.ko" in modules
    unknown = ("The kernel knows no overlay file system.", "커널이 overlay 파일 시스템을 알지 못합니다.")
    sighting.saw("overlay", is_known, *(("", "") if is_known else unknown))


def _see_data(scene: Scene, sighting: Sighting) -> None:
    mounts = [line.split(" ") for line in (beginning_of(of_system(scene, "/proc/self/mounts")) or "").splitlines()]
    above = [
        (PurePosixPath(fields[1]), fields[2])
        for fields in mounts
        if len(fields) > 2 and _DATA.is_relative_to(fields[1])
    ]
    if not above:
        return
    place, kind = max(reversed(above), key=lambda mount: len(mount[0].parts))
    sighting.saw(
        "root_on_overlay",
        kind in {"overlay", "overlayfs"},
        f"{_DATA} lies on {place}, which is {kind}.",
        f"{_DATA}는 {place}에 있으며 파일 시스템은 {kind}입니다.",
    )


_OF_LINUX: Final[tuple[Callable[[Scene, Sighting], None], ...]] = (
    _see_namespaces,
    _see_ids,
    _see_groups,
    _see_memory,
    _see_overlay,
    _see_data,
)


def _number(scene: Scene, path: str) -> int | None:
    return _as_number(beginning_of(of_system(scene, path)) or "")


def _as_number(text: str) -> int | None:
    digits = text.strip()
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 20 else None
