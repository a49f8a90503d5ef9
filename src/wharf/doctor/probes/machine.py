"""The machine: its operating system and processor, and whether it is WSL, a container or the place of a CI job."""

import asyncio
import os
import platform
import re
import stat
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from wharf.doctor.ground.small_file import beginning_of, is_there, of_system
from wharf.doctor.scene import Scene
from wharf.doctor.seen import Seen, Sighting
from wharf.doctor.signature import System, system_of
from wharf.oci.platform import Platform

_CI: Final = {"GITHUB_ACTIONS": "github-actions", "GITLAB_CI": "gitlab", "JENKINS_URL": "jenkins"}
_OTHER_CI: Final = ("CI", "TF_BUILD", "TEAMCITY_VERSION", "BUILDKITE", "CIRCLECI", "BITBUCKET_BUILD_NUMBER")
_CONTAINER_MARKS: Final = ("/.dockerenv", "/run/.containerenv")
_CONTAINER_GROUPS: Final = ("docker", "kubepods", "containerd", "libpod", "lxc")
_SOCKETS: Final = ("/var/run/docker.sock", "/run/docker.sock")
_LITTLE_MEMORY_GIBIBYTES: Final = 4
"""A build of Java or of a web application takes two to three."""
_memory_lines = re.compile(r"^(MemTotal|SwapTotal):\s*(\d{1,15}) kB$", re.MULTILINE)
_MAY_ADMINISTER: Final = 1 << 21
"""CAP_SYS_ADMIN, which a container has only if it is privileged or was given it by name."""


async def look(scene: Scene) -> Seen:
    return await asyncio.to_thread(_looked, scene)


def _looked(scene: Scene) -> Seen:
    sighting = Sighting("machine")
    system = system_of(scene.platform)
    sighting.saw("system", system.value)
    sighting.saw("architecture", Platform.of_machine(platform.machine()).architecture)
    sighting.saw("ci", ci_of(scene.environ))
    if shell := _shell(scene.environ, system):
        sighting.saw("shell", shell)
    _see_kind(scene, system, sighting)
    _see_home(scene, sighting)
    _see_memory(scene, sighting)
    return sighting.done()


def ci_of(environ: Mapping[str, str]) -> str:
    named = next((name for variable, name in _CI.items() if environ.get(variable)), "")
    is_other = any(environ.get(variable, "").lower() not in {"", "false", "0"} for variable in _OTHER_CI)
    return named or ("other" if is_other else "none")


def _see_kind(scene: Scene, system: System, sighting: Sighting) -> None:
    in_wsl = is_wsl(scene)
    sighting.saw(
        "wsl",
        in_wsl,
        "This Linux is a WSL distribution on Windows." if in_wsl else "",
        "이 리눅스는 Windows의 WSL 배포판입니다." if in_wsl else "",
    )
    is_container = system is System.LINUX and _is_container(scene)
    sighting.saw("container", is_container)
    if is_container:
        sighting.saw("container_privileged", bool(_capabilities(scene) & _MAY_ADMINISTER))
        sighting.saw("docker_socket_mounted", any(_is_socket(of_system(scene, path)) for path in _SOCKETS))


def is_wsl(scene: Scene) -> bool:
    if system_of(scene.platform) is not System.LINUX:
        return False
    kernel = beginning_of(of_system(scene, "/proc/sys/kernel/osrelease")) or ""
    return "microsoft" in kernel.lower() or bool(scene.environ.get("WSL_DISTRO_NAME"))


def _is_container(scene: Scene) -> bool:
    if scene.environ.get("container") or scene.environ.get("KUBERNETES_SERVICE_HOST"):
        return True
    groups = beginning_of(of_system(scene, "/proc/1/cgroup")) or ""
    marked = any(is_there(of_system(scene, path)) for path in _CONTAINER_MARKS)
    return marked or any(f"/{group}" in groups for group in _CONTAINER_GROUPS)


def _capabilities(scene: Scene) -> int:
    status = beginning_of(of_system(scene, "/proc/self/status")) or ""
    effective = next((line for line in status.splitlines() if line.startswith("CapEff:")), "")
    with suppress(ValueError):
        return int(effective.partition(":")[2].strip()[:16], 16)
    return 0


def _is_socket(path: Path) -> bool:
    with suppress(OSError):
        return stat.S_ISSOCK(path.stat().st_mode)
    return False


def _shell(environ: Mapping[str, str], system: System) -> str:
    if system is not System.WINDOWS or environ.get("MSYSTEM") or environ.get("SHELL"):
        return "posix"
    modules = environ.get("PSModulePath", environ.get("PSMODULEPATH", "")).lower()
    if "documents\\powershell\\" in modules or environ.get("POWERSHELL_DISTRIBUTION_CHANNEL"):
        return "powershell-7"
    if "documents\\windowspowershell\\" in modules:
        return "powershell-5"
    return "cmd" if environ.get("PROMPT") else ""


def _see_home(scene: Scene, sighting: Sighting) -> None:
    """Nothing is written to find out. Where there is no home, nothing of it can be read-only."""
    if not hasattr(os, "statvfs"):
        return
    with suppress(OSError, ValueError):
        is_read_only = bool(os.statvfs(scene.home).f_flag & os.ST_RDONLY)
        sighting.saw(
            "read_only_home",
            is_read_only,
            f"The file system of {scene.home} is read-only." if is_read_only else "",
            f"{scene.home}의 파일 시스템이 읽기 전용입니다." if is_read_only else "",
        )


def _see_memory(scene: Scene, sighting: Sighting) -> None:
    """Memory and swap together, as Linux counts them."""
    told = beginning_of(of_system(scene, "/proc/meminfo")) or ""
    sizes = {name: int(size) for name, size in _memory_lines.findall(told)}
    if "MemTotal" in sizes:
        gibibytes = (sizes["MemTotal"] + sizes.get("SwapTotal", 0)) / (1 << 20)
        english = f"Memory and swap of this machine are {gibibytes:.1f} GiB together."
        korean = f"이 컴퓨터의 메모리와 스왑은 합쳐서 {gibibytes:.1f} GiB입니다."
        sighting.saw("little_memory", gibibytes < _LITTLE_MEMORY_GIBIBYTES, english, korean)
