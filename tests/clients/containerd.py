"""A containerd of one's own, as nodes of a cluster have it: the real daemon in one folder, and `ctr` to speak to it."""

import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.clients.programs import Home, Program

START_DEADLINE = 60.0
STOP_DEADLINE = 30.0
NAMES_OF_IMAGES = ("images", "ls", "--quiet")
SETTINGS = """\
version = 2
root = "{folder}/root"
state = "{folder}/state"
disabled_plugins = ["io.containerd.grpc.v1.cri", "io.containerd.internal.v1.opt"]
[grpc]
  address = "{folder}/containerd.sock"
[ttrpc]
  address = "{folder}/containerd.sock.ttrpc"
"""


class ContainerdDidNotStart(AssertionError):
    """The daemon gave up or took too long; the message ends with the tail of its log."""


class Containerd:
    """`containerd` as root, without the part that a kubelet speaks to: images and nothing else."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log = folder / "containerd.log"
        self._process: subprocess.Popen[bytes] | None = None

    def client(self, home: Home) -> Program:
        return Program("ctr", "--address", str(self.folder / "containerd.sock"), environment=home.environment)

    def __enter__(self) -> Self:
        client = self.client(Home.fresh(self.folder / "home"))
        settings = self.folder / "config.toml"
        settings.write_text(SETTINGS.format(folder=self.folder))
        with self.log.open("wb") as log:
            command = ("containerd", "--config", str(settings))
            self._process = subprocess.Popen(command, stdout=log, stderr=log, process_group=0)
        deadline = time.monotonic() + START_DEADLINE
        while client.attempt(*NAMES_OF_IMAGES).code != 0:
            if self._process.poll() is not None or time.monotonic() > deadline:
                self._end(self._process)
                raise ContainerdDidNotStart("\n".join(self.log.read_text().splitlines()[-20:]))
            time.sleep(0.1)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process is not None:
            self._end(self._process)

    def _end(self, process: subprocess.Popen[bytes]) -> None:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(STOP_DEADLINE)
        with suppress(ProcessLookupError):
            process.send_signal(signal.SIGKILL)
        process.wait()
