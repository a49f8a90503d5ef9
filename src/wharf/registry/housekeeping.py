"""Housekeeping: what the registry does by itself now and then, each chore in a process of its own at low priority.

A process, because the workers should not share their interpreter with it; low priority, because pushes and pulls go
first. It is the same command that a person would type.
"""

import json
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from wharf.registry.settings import Settings

_NICENESS = 10
_HOUR: Final = 3600.0
_DAY: Final = 24 * _HOUR
_log = logging.getLogger("wharf.registry")


@dataclass(frozen=True, slots=True)
class Chore:
    """`first_after`: so many seconds from the start, for registries that never run for as long as `every`."""

    name: str
    command: tuple[str, ...]
    first_after: float
    every: float


def chores_of(settings: Settings) -> list[Chore]:
    chores = [Chore("retention", tuple(retention_command(settings)), _HOUR, _DAY)]
    if settings.gc_interval is not None:
        collection = tuple(collection_command(settings))
        chores.append(Chore("garbage collection", collection, settings.gc_interval, settings.gc_interval))
    return chores


class Housekeeper:
    def __init__(self, chores: Sequence[Chore]) -> None:
        self._over = threading.Event()
        self._running: dict[str, subprocess.Popen[str]] = {}
        self._threads = [
            threading.Thread(target=self._keep_at, args=(chore,), name=chore.name, daemon=True) for chore in chores
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """A chore that is under way can be broken off anywhere; the next one goes on."""
        self._over.set()
        for process in list(self._running.values()):
            process.terminate()

    def _keep_at(self, chore: Chore) -> None:
        wait = chore.first_after
        while not self._over.wait(wait):
            try:
                self._do(chore)
            except (OSError, ValueError) as problem:  # no process to be had, or nothing told: it comes again
                _log.warning("%s was not done: %s", chore.name, problem)
            except Exception:  # noqa: BLE001 - the outermost place: a thread that ended would keep house no more
                _log.exception("%s was not done", chore.name)
            wait = chore.every

    def _do(self, chore: Chore) -> None:
        with subprocess.Popen(  # noqa: S603 - our own command, with settings that were checked
            chore.command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True
        ) as process:
            self._running[chore.name] = process
            if self._over.is_set():  # whoever stopped us may have looked too early to see it
                process.terminate()
            with suppress(ProcessLookupError):
                os.setpriority(os.PRIO_PROCESS, process.pid, _NICENESS)
            output, _ = process.communicate()
        if process.returncode == 0:
            _log.info("%s: %s", chore.name, json.dumps(json.loads(output)))
        elif not self._over.is_set():
            _log.warning("%s ended with exit code %d", chore.name, process.returncode)


def collection_command(settings: Settings) -> list[str]:
    untagged = "never" if settings.gc_untagged is None else f"{settings.gc_untagged:g}"
    return [
        *_ours("gc"),
        *("--data", str(settings.data)),
        *("--grace", f"{settings.gc_grace:g}"),
        *("--untagged", untagged),
        *("--upload-age", f"{settings.upload_age:g}"),
        *("--keep-deleted", f"{settings.keep_deleted:g}"),
    ]


def retention_command(settings: Settings) -> list[str]:
    keep = f"{settings.keep_daily_pulls:g}"
    return [*_ours("retention", "daily"), "--data", str(settings.data), "--keep-daily-pulls", keep]


def _ours(*words: str) -> list[str]:
    """All that counts is said behind it: no file that lies about may change it."""
    return [sys.executable, "-m", "wharf", "admin", *words, "--json", "--config", os.devnull]
