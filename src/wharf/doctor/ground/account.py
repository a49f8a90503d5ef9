"""The account that this runs as, and the others of the machine, as /etc/passwd lists them."""

import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from wharf.doctor.ground.small_file import beginning_of, of_system
from wharf.doctor.scene import Scene

_MOST_HOMES: Final = 20


@dataclass(frozen=True, slots=True)
class Account:
    name: str
    uid: int
    home: str


def own_uid() -> int | None:
    """The one that counts when files are opened; Windows has none."""
    return os.geteuid() if sys.platform != "win32" else None


def owner_of(path: Path) -> int | None:
    if sys.platform != "win32":
        with suppress(OSError, ValueError):
            return path.stat().st_uid
    return None


def account_named(scene: Scene, name: str) -> Account | None:
    return next((account for account in _accounts(scene) if account.name == name), None)


def account_of(scene: Scene, uid: int) -> Account | None:
    return next((account for account in _accounts(scene) if account.uid == uid), None)


def name_of(scene: Scene, uid: int) -> str:
    known = account_of(scene, uid)
    return known.name if known else str(uid)


def other_homes(scene: Scene) -> tuple[Path, ...]:
    """Where somebody may have logged in who is this person all the same: before sudo, as root, under another HOME."""
    if scene.platform == "win32":
        return tuple(_users_of_windows(scene))
    before_sudo = account_named(scene, scene.environ.get("SUDO_USER", ""))
    own = account_of(scene, uid) if (uid := own_uid()) is not None else None
    root = account_of(scene, 0)
    homes = [of_system(scene, account.home) for account in (before_sudo, own, root) if account and account.home]
    return tuple(dict.fromkeys(home for home in homes if home != scene.home))


def _users_of_windows(scene: Scene) -> Iterator[Path]:
    with suppress(OSError):
        folders = sorted(of_system(scene, "Users").iterdir())[:_MOST_HOMES]
        yield from (folder for folder in folders if folder != scene.home)


def _accounts(scene: Scene) -> Iterator[Account]:
    for line in (beginning_of(of_system(scene, "/etc/passwd")) or "").splitlines():
        name, *rest = line.split(":")
        if len(rest) >= 5 and rest[1].isascii() and rest[1].isdigit():
            yield Account(name, int(rest[1][:10]), rest[4])
