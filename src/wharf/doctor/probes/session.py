"""The session: which account runs this, what kind of session it has, and what such a session lacks."""

import asyncio
import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from wharf.doctor.ground.account import name_of, own_uid, owner_of
from wharf.doctor.ground.session_bus import bus_places
from wharf.doctor.ground.small_file import beginning_of, of_system
from wharf.doctor.probes.machine import ci_of
from wharf.doctor.scene import Scene
from wharf.doctor.seen import Seen, Sighting
from wharf.doctor.signature import System, system_of

_PROFILES: Final = {
    "\\config\\systemprofile": "local-system",
    "\\serviceprofiles\\networkservice": "network-service",
    "\\serviceprofiles\\localservice": "local-service",
}
_SSH: Final = ("SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY")
_TTY_FIELD: Final = 4
"""Among the fields of /proc/self/stat that follow the name in brackets."""


async def look(scene: Scene) -> Seen:
    return await asyncio.to_thread(_looked, scene)


def _looked(scene: Scene) -> Seen:
    sighting = Sighting("session")
    account = _account(scene)
    kind, terminal = _kind(scene, account), _has_terminal(scene)
    sighting.saw("account", account)
    sighting.saw("kind", kind, *_KINDS.get(kind, ("", "")))
    sighting.saw("terminal", terminal, *(("", "") if terminal else _NO_TERMINAL))
    sighting.saw("display", bool(scene.environ.get("DISPLAY") or scene.environ.get("WAYLAND_DISPLAY")))
    sighting.saw("bus", any(place.exists() for place in bus_places(scene)))
    _see_sudo(scene, sighting)
    _see_home(scene, sighting)
    return sighting.done()


_NO_TERMINAL: Final = ("This session has no terminal.", "이 세션에는 터미널이 없습니다.")
_KINDS: Final = {
    "service": (
        "This runs as a service or a CI job; nobody sits before it.",
        "서비스나 CI 작업으로 실행되고 있습니다.",
    ),
    "ssh": ("This session came over SSH.", "SSH로 연결된 세션입니다."),
    "scheduled": ("This was started by a schedule.", "예약 작업으로 시작되었습니다."),
}


def _account(scene: Scene) -> str:
    if system_of(scene.platform) is not System.WINDOWS:
        return "root" if own_uid() == 0 else "user"
    profile = scene.environ.get("USERPROFILE", str(scene.home)).lower().replace("/", "\\")
    return next((account for place, account in _PROFILES.items() if profile.rstrip("\\").endswith(place)), "user")


def _kind(scene: Scene, account: str) -> str:
    if any(scene.environ.get(name) for name in _SSH):
        return "ssh"
    kinds = {System.WINDOWS: _kind_on_windows, System.MACOS: _kind_on_macos, System.LINUX: _kind_on_linux}
    kind = kinds[system_of(scene.platform)](scene, account)
    return "service" if kind == "unknown" and ci_of(scene.environ) != "none" else kind


def _kind_on_windows(scene: Scene, account: str) -> str:
    """A session without a name is one that nobody logged on to at this machine."""
    name = scene.environ.get("SESSIONNAME", "").lower()
    is_logged_on = name == "console" or name.startswith("rdp-")
    return "interactive" if is_logged_on and account == "user" else "service"


def _kind_on_macos(scene: Scene, _account: str) -> str:
    """Terminals tell their name, and programs that a person started are called application.…"""
    service = scene.environ.get("XPC_SERVICE_NAME", "0")
    if scene.environ.get("TERM_PROGRAM") or service.startswith("application."):
        return "interactive"
    return "service" if service not in {"0", ""} else "unknown"


def _kind_on_linux(scene: Scene, _account: str) -> str:
    group = (beginning_of(of_system(scene, "/proc/self/cgroup")) or "").strip().rpartition(":")[2]
    if group.endswith(("/cron.service", "/crond.service", "/atd.service")):
        return "scheduled"
    if group.startswith("/system.slice/") and group.endswith(".service"):
        return "service"
    return "interactive" if _has_terminal(scene) else "unknown"


def _has_terminal(scene: Scene) -> bool:
    """Whether somebody could be asked: a pipe into this command takes nothing away from that."""
    if ci_of(scene.environ) != "none":
        return False
    if system_of(scene.platform) is System.LINUX:
        _, _, fields = (beginning_of(of_system(scene, "/proc/self/stat")) or "").rpartition(") ")
        return fields.split()[_TTY_FIELD : _TTY_FIELD + 1] not in ([], ["0"])
    if system_of(scene.platform) is System.MACOS:
        return _can_be_opened(of_system(scene, "/dev/tty"))
    return scene.environ.get("SESSIONNAME", "") != ""


def _can_be_opened(terminal: Path) -> bool:
    if sys.platform != "win32":
        with suppress(OSError):
            os.close(os.open(terminal, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK))
            return True
    return False


def _see_sudo(scene: Scene, sighting: Sighting) -> None:
    person = _before_sudo(scene.environ)
    sighting.saw(
        "sudo",
        bool(person),
        f"This runs under sudo, called by {person}." if person else "",
        f"{person} 계정이 sudo로 실행했습니다." if person else "",
    )


def _before_sudo(environ: Mapping[str, str]) -> str:
    person = environ.get("SUDO_USER", "") if environ.get("SUDO_UID") or environ.get("SUDO_USER") else ""
    return person if person.isprintable() else ""


def _see_home(scene: Scene, sighting: Sighting) -> None:
    """Where nobody can tell, it is taken for one's own: that is what it mostly is."""
    own, owner = own_uid(), owner_of(scene.home)
    is_own = own is None or owner is None or own == owner
    sighting.saw("own_home", is_own, *(("", "") if owner is None or is_own else _whose(scene, name_of(scene, owner))))


def _whose(scene: Scene, name: str) -> tuple[str, str]:
    return (
        f"HOME is {scene.home}, which belongs to {name}.",
        f"HOME이 {scene.home}이며, 이 폴더는 {name} 계정의 소유입니다.",
    )
