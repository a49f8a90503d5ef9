"""A daemon of one's own: a real one in a folder, which answers when it is entered and is gone when it is left."""

import os
import signal
import subprocess
import time
from abc import ABC, abstractmethod
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.clients.programs import Home, Outcome

START_DEADLINE = 300.0
STOP_DEADLINE = 120.0


class DaemonDidNotStart(AssertionError):
    """The daemon gave up or took too long; the message ends with the tail of its log."""


class Daemon(ABC):
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log = folder / f"{type(self).__name__.lower()}.log"
        self._process: subprocess.Popen[bytes] | None = None

    @abstractmethod
    def _command(self) -> list[str]: ...

    @abstractmethod
    def _asked(self, home: Home) -> Outcome:
        """Whatever its client asks it; that ends with 0 as soon as it answers."""

    def __enter__(self) -> Self:
        home = Home.fresh(self.folder / "home")
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(self._command(), stdout=log, stderr=log, process_group=0)
        try:
            self._await_answer(self._process, home)
        except BaseException:
            self._end(self._process)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process is not None:
            self._end(self._process)

    def _await_answer(self, process: subprocess.Popen[bytes], home: Home) -> None:
        deadline = time.monotonic() + START_DEADLINE
        while self._asked(home).code != 0:
            if process.poll() is not None or time.monotonic() > deadline:
                raise DaemonDidNotStart("\n".join(self.log.read_text().splitlines()[-20:]))
            time.sleep(0.1)

    def _end(self, process: subprocess.Popen[bytes]) -> None:
        """With all that it started and left behind."""
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(STOP_DEADLINE)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
