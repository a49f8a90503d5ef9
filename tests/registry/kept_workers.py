"""A server whose worker processes do as they are told here: `python -m tests.registry.kept_workers PORT HOW FILE`."""

import os
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from granian.constants import Interfaces

from wharf.errors import StartFailed, StoreBusy
from wharf.registry.first_words import Mouth
from wharf.registry.server_log import AS_WE_LOG, configure_logging
from wharf.registry.settings import LogFormat
from wharf.registry.stops import end_with, hear_when_running, keep_from_workers
from wharf.registry.workers import Workers

START_SECONDS = {"hang-once": 20.0}
"""Until who hangs is ended."""


class App:
    """Its parent has been told that it serves when there is a file of that name beside the given one."""

    def __init__(self, mouth: Mouth, file: Path) -> None:
        self._mouth = mouth
        self._file = file

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await receive()
            hear_when_running(60, self._tell)
            await send({"type": "lifespan.startup.complete"})
            await receive()
            await send({"type": "lifespan.shutdown.complete"})
            return
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"served"})

    def _tell(self) -> None:
        self._mouth.tell_that_it_serves()
        self._file.with_name("told").touch()


def load(how: str, file: Path, parent: int, mouth: Mouth) -> Callable[..., Any]:
    end_with(parent)
    if how == "refuse":
        raise StoreBusy("the database")
    if how == "stumble":
        raise ZeroDivisionError("nobody thought of this")
    if how == "abort":
        os.abort()
    if how == "hang" or (how == "hang-once" and not file.exists()):
        file.write_text(str(os.getpid()))
        time.sleep(100_000)
    if how == "refuse-later" and file.exists():
        raise StoreBusy("the database")
    return App(mouth, file)


def main(port: str, how: str, file: str) -> int:
    configure_logging(LogFormat.HUMAN)
    keep_from_workers()
    workers = Workers(
        address="127.0.0.1",
        port=int(port),
        interface=Interfaces.ASGI,
        workers=2,
        websockets=False,
        log_dictconfig=AS_WE_LOG,
        workers_kill_timeout=60,
        start_seconds=START_SECONDS.get(how, 100_000.0),
    )
    try:
        workers.run(partial(load, how, Path(file), os.getpid()))
    except StartFailed as failed:
        told = failed.diagnostics()
        sys.stderr.write("\n".join([told.cause, *told.evidence, told.next_step, ""]))
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
