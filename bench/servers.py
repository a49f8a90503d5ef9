"""Registries and web servers under test: each started on a free port of this machine, and ended with all it started."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import Path
from ssl import SSLContext, create_default_context

from bench.measure import BenchFailed

READY_WITHIN = 60.0
STOPPED_WITHIN = 20.0
POLL = 0.005


@dataclass(frozen=True, slots=True)
class Server:
    """A server that answers: where, and as which process."""

    name: str
    port: int
    pid: int
    log: Path
    started_in: float
    certificate: Path | None = None

    @property
    def url(self) -> str:
        return f"{'http' if self.certificate is None else 'https'}://127.0.0.1:{self.port}"

    def connect(self, timeout: float = 60.0) -> HTTPConnection:
        return connection(self.port, self.certificate, timeout)


@dataclass(frozen=True, slots=True)
class Launch:
    """What to start, and the path that answers 200 when it is ready."""

    name: str
    command: Sequence[str]
    port: int
    ready: str
    folder: Path
    certificate: Path | None = None


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def connection(port: int, certificate: Path | None, timeout: float) -> HTTPConnection:
    if certificate is None:
        return HTTPConnection("127.0.0.1", port, timeout=timeout)
    return HTTPSConnection("127.0.0.1", port, timeout=timeout, context=trusting(certificate))


def trusting(certificate: Path) -> SSLContext:
    return create_default_context(cafile=str(certificate))


@contextmanager
def running(launch: Launch, environment: Mapping[str, str] | None = None) -> Iterator[Server]:
    """The server from its first 200 to its end; its output goes to a file, as a service's does."""
    log = launch.folder / f"{launch.name}.log"
    with log.open("wb") as output:
        began = time.monotonic()
        process = subprocess.Popen(
            launch.command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env=None if environment is None else {**os.environ, **environment},
            start_new_session=True,
        )
    try:
        wait_until_ready(process, launch, log, began + READY_WITHIN)
        taken = time.monotonic() - began
        yield Server(launch.name, launch.port, process.pid, log, taken, launch.certificate)
    finally:
        end(process)


def wait_until_ready(process: subprocess.Popen[bytes], launch: Launch, log: Path, deadline: float) -> None:
    while not answers(launch):
        if process.poll() is not None:
            raise BenchFailed(f"{launch.name} ended at once, exit code {process.returncode}: {last_words(log)}")
        if time.monotonic() > deadline:
            raise BenchFailed(f"{launch.name} was not ready within {READY_WITHIN:g} s: {last_words(log)}")
        time.sleep(POLL)


def answers(launch: Launch) -> bool:
    caller = connection(launch.port, launch.certificate, timeout=5.0)
    try:
        caller.request("GET", launch.ready)
        return caller.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        caller.close()


def last_words(log: Path) -> str:
    return " / ".join(log.read_text(errors="replace").splitlines()[-5:]) or "it said nothing"


def end(process: subprocess.Popen[bytes]) -> None:
    """SIGTERM to the server; what is left of its own process group after a while is killed."""
    process.terminate()
    try:
        process.wait(STOPPED_WITHIN)
    except subprocess.TimeoutExpired:
        pass
    finally:
        kill_group(process.pid)
        process.wait()


def kill_group(leader: int) -> None:
    try:
        os.killpg(leader, signal.SIGKILL)
    except ProcessLookupError:
        return
