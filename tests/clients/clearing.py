"""The end of a folder that container tools have used: they leave mounts in it, and processes that still write.

What resists is named in a warning and fails nobody's test, because it says nothing about the registry.
"""

import errno
import shutil
import subprocess
import time
import warnings
from collections.abc import Callable
from pathlib import Path

PATIENCE = 60.0
PAUSE = 0.2
MOUNTS = Path("/proc/self/mounts")


class LeftBehind(UserWarning):
    """A folder of the tests could not be removed; somebody has to look after it by hand."""


def clear_away(folder: Path, patience: float = PATIENCE, pause: Callable[[], None] = lambda: time.sleep(PAUSE)) -> None:
    """Remove the folder, whatever is mounted below it; try again for a while before it is left behind."""
    deadline = time.monotonic() + patience
    while (resistance := _remove(folder)) is not None:
        if time.monotonic() > deadline:
            _warn(LeftBehind(f"{folder} could not be removed: {resistance}"))
            return
        pause()


def mounts_below(folder: Path, table: str) -> list[str]:
    """The places in or below the folder where something is mounted, the latest first; `table` is /proc/self/mounts."""
    places = [_unescaped(line.split()[1]) for line in table.splitlines()]
    return [place for place in reversed(places) if Path(place).is_relative_to(folder)]


def _remove(folder: Path) -> OSError | None:
    _unmount(folder)
    if places := _mounted(folder):
        # What is behind a mount may be the machine's own.
        return OSError(errno.EBUSY, f"still mounted: {', '.join(places)}")
    # First all that lets itself be removed, so that no gigabytes stay because of one file.
    shutil.rmtree(folder, ignore_errors=True)
    try:
        shutil.rmtree(folder)
    except OSError as error:
        return error if folder.exists() else None
    return None


def _unmount(folder: Path) -> None:
    for place in _mounted(folder):
        # Lazily: whoever still works in there keeps it until they end, and the folder can go now.
        subprocess.run(["umount", "--lazy", place], capture_output=True, check=False)


def _mounted(folder: Path) -> list[str]:
    return mounts_below(folder.resolve(), MOUNTS.read_text())


def _unescaped(place: str) -> str:
    for character in " \t\n\\":
        place = place.replace(f"\\{ord(character):03o}", character)
    return place


def _warn(warning: LeftBehind) -> None:
    # Warnings are errors here; this one is for the summary at the end of the run, each time.
    with warnings.catch_warnings():
        warnings.simplefilter("always", LeftBehind)
        warnings.warn(warning, stacklevel=3)
