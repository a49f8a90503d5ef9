"""Housekeeping: garbage collection in the background, in a process of its own at low priority.

A process, because the workers should not share their interpreter with it; low priority, because pushes and pulls go
first. It is the same command that a person would type.
"""

import json
import logging
import os
import subprocess
import sys
import threading

from wharf.registry.settings import Settings

_NICENESS = 10
_log = logging.getLogger("wharf.registry")


class Housekeeper:
    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._over = threading.Event()
        self._running: subprocess.Popen[str] | None = None
        self._thread = threading.Thread(target=self._keep_house, name="housekeeper", daemon=True)

    def start(self) -> None:
        if self._settings.gc_interval is not None:
            self._thread.start()

    def stop(self) -> None:
        """A collection that is under way can be broken off anywhere; the next one goes on."""
        self._over.set()
        if self._running is not None:
            self._running.terminate()

    def _keep_house(self) -> None:
        while not self._over.wait(self._settings.gc_interval):
            self._collect()

    def _collect(self) -> None:
        self._running = subprocess.Popen(  # noqa: S603 - our own command, with settings that were checked
            collection_command(self._settings), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True
        )
        os.setpriority(os.PRIO_PROCESS, self._running.pid, _NICENESS)
        output, _ = self._running.communicate()
        if self._running.returncode == 0:
            _log.info("garbage collection: %s", json.dumps(json.loads(output)))
        elif not self._over.is_set():
            _log.warning("garbage collection ended with exit code %d", self._running.returncode)


def collection_command(settings: Settings) -> list[str]:
    untagged = "never" if settings.gc_untagged is None else f"{settings.gc_untagged:g}"
    return [
        *(sys.executable, "-m", "wharf", "admin", "gc", "--json"),
        *("--config", os.devnull),  # all that counts is said here: no file that lies about may change it
        *("--data", str(settings.data)),
        *("--grace", f"{settings.gc_grace:g}"),
        *("--untagged", untagged),
        *("--upload-age", f"{settings.upload_age:g}"),
        *("--keep-deleted", f"{settings.keep_deleted:g}"),
    ]
