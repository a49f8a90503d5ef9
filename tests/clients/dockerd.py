"""A Docker Engine of one's own: the real daemon, with its images, its socket and its pid in one folder."""

import os
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.clients.programs import Home, Program

START_DEADLINE = 30.0
STOP_DEADLINE = 30.0
SOMEBODYS_BRIDGE = Path("/sys/class/net/docker0")


class DockerdDidNotStart(AssertionError):
    """The daemon gave up or took too long; the message ends with the tail of its log."""


class Dockerd:
    """`dockerd` as root. The network of the machine is left as it is: registries need loopback alone."""

    def __init__(self, folder: Path, *flags: str, before: tuple[str, ...] = ()) -> None:
        """`flags` beside its own; `before`: words before the command, as of a namespace that it is to live in."""
        self.folder = folder
        self.flags = flags
        self.before = before
        self.socket = f"unix://{folder / 'docker.sock'}"
        self.log = folder / "dockerd.log"
        self._process: subprocess.Popen[bytes] | None = None

    def client(self, home: Home) -> Program:
        # Debian's daemon has the classic builder; a newer command would ask for a buildx that is not there.
        environment = {**home.environment, "DOCKER_HOST": self.socket, "DOCKER_BUILDKIT": "0"}
        return Program("docker", environment=environment)

    def __enter__(self) -> Self:
        client = self.client(Home.fresh(self.folder / "home"))
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(self._command(), stdout=log, stderr=log, process_group=0)
        deadline = time.monotonic() + START_DEADLINE
        while client.attempt("version").code != 0:
            if self._process.poll() is not None or time.monotonic() > deadline:
                self._end(self._process)
                raise DockerdDidNotStart("\n".join(self.log.read_text().splitlines()[-20:]))
            time.sleep(0.1)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process is not None:
            self._end(self._process)

    @property
    def pid(self) -> int:
        return int((self.folder / "pid").read_text())

    def _end(self, process: subprocess.Popen[bytes]) -> None:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(STOP_DEADLINE)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def _command(self) -> list[str]:
        return [
            *self.before,
            "dockerd",
            f"--data-root={self.folder / 'data'}",
            f"--exec-root={self.folder / 'exec'}",
            f"--host={self.socket}",
            f"--pidfile={self.folder / 'pid'}",
            "--iptables=false",
            "--ip-masq=false",
            # `none` would take away a bridge that another daemon on this machine has made and uses.
            *([] if SOMEBODYS_BRIDGE.exists() else ["--bridge=none"]),
            *self.flags,
        ]
