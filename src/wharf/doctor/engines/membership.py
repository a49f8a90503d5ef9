"""The group that may use an engine's socket: whether this account is in it, and this session knows of that."""

import os
import sys
from pathlib import Path
from typing import Final

from wharf.doctor.ground.account import account_of, own_uid
from wharf.doctor.ground.small_file import beginning_of, of_system
from wharf.doctor.scene import Scene

_USUAL_GROUP: Final = "docker"


def standing_in_group(scene: Scene, socket: Path | None) -> tuple[str, str] | None:
    """A word and the name of the group; nothing for root, who needs none, and where there are no such groups."""
    uid = own_uid()
    if not uid or sys.platform == "win32":
        return None
    group = _group_of(scene, socket)
    if group is None:
        return "no-group", _USUAL_GROUP
    name, gid, members = group
    if gid in {os.getegid(), *os.getgroups()}:
        return "yes", name
    account = account_of(scene, uid)
    return ("not-in-this-session" if account is not None and account.name in members else "no"), name


def _group_of(scene: Scene, socket: Path | None) -> tuple[str, int, tuple[str, ...]] | None:
    """The group that owns the socket, unless that is root's."""
    owner = _owner(socket)
    lines = (beginning_of(of_system(scene, "/etc/group")) or "").splitlines()
    groups = [group for line in lines if (group := _read(line)) is not None]
    return next((each for each in groups if (each[1] == owner if owner else each[0] == _USUAL_GROUP)), None)


def _owner(socket: Path | None) -> int:
    try:
        return socket.stat().st_gid if socket is not None else 0
    except OSError:
        return 0


def _read(line: str) -> tuple[str, int, tuple[str, ...]] | None:
    parts = line.split(":")
    if len(parts) != 4 or not parts[2].isdigit():
        return None
    return parts[0], int(parts[2]), tuple(parts[3].strip().split(","))
