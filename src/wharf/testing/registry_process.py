"""A wharf registry as its users meet it: a process with a port, a folder and a log, that can be stopped or shot.

Tests that need durability, signals or foreign clients start the real command here; the same port and the same
folder survive a stop, a kill and a new start, so that a client can go on where it was.
"""

import fcntl
import functools
import http.client
import os
import secrets
import select
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import SplitResult, urlsplit

from wharf.client.line.over_tls import ClosedWhenLeft

# A busy machine takes half a minute for what a quiet one does in half a second.
START_DEADLINE = 300.0
STOP_DEADLINE = 300.0
POLL_INTERVAL = 0.05
DEATH_INTERVAL = 0.005
# A zombie and what comes after it: dead, though listed for as long as whoever adopted it does not look.
DEAD_STATES = frozenset("ZX")
LOG_TAIL_LINES = 40
_given: set[int] = set()
# Below the kernel's ephemeral range, so that no outgoing connection takes the port while the registry is down.
PORTS = range(20_000, 32_000)


class RegistryProcessFailed(RuntimeError):
    """The process did not do what it was asked in time; the message ends with the tail of its log."""


@dataclass(frozen=True, slots=True)
class Group:
    """The processes of one start. Each holds the other end of the lifeline, which closes with the last of them."""

    leader: subprocess.Popen[bytes]
    lifeline: int

    def sweep(self) -> None:
        """Shoot whoever is left, and return when nobody is: only then are the port and the files free."""
        with suppress(ProcessLookupError):
            os.killpg(self.leader.pid, signal.SIGKILL)
        self.leader.wait()
        deadline = time.monotonic() + STOP_DEADLINE
        select.select([self.lifeline], [], [], STOP_DEADLINE)
        os.close(self.lifeline)
        # A process lets go of its files a moment before it is gone.
        while running_in(self.leader.pid) and time.monotonic() < deadline:
            time.sleep(DEATH_INTERVAL)


class RegistryProcess:
    """`wharf serve` on one folder and one free loopback port, in its own process group.

    It is open to all; with a password for its first account, `admin`, it has accounts.
    """

    def __init__(self, data: Path, *flags: str, admin_password: str | None = None) -> None:
        self.data = data
        self.flags = flags
        self.admin_password = admin_password
        self.log = data.parent / f"{data.name}.log"
        self.port = free_port()
        self._group: Group | None = None

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        return f"{'https' if '--tls-cert' in self.flags else 'http'}://{self.host}"

    @property
    def pid(self) -> int:
        return self._running().leader.pid

    def start(self) -> Self:
        """Start the command and return when it answers /readyz; a registry that is up already is left as it is."""
        if self._group is None:
            self._group = self._spawn()
            self._wait_until_ready(time.monotonic() + START_DEADLINE)
        return self

    def stop(self) -> int:
        """Ask the registry to stop (SIGTERM), wait for it, and return its exit code."""
        group = self._running()
        group.leader.terminate()
        try:
            code = group.leader.wait(STOP_DEADLINE)
        except subprocess.TimeoutExpired as error:
            self.kill()
            raise RegistryProcessFailed(self._story(f"still ran {STOP_DEADLINE:.0f} s after SIGTERM")) from error
        self.kill()
        return code

    def kill(self) -> None:
        """Shoot the registry and all its workers (SIGKILL), as a power cut would."""
        self._running().sweep()
        self._group = None

    def log_tail(self) -> str:
        """The last lines the registry wrote, over all its starts."""
        if not self.log.exists():
            return ""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-LOG_TAIL_LINES:])

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._group is not None:
            self.stop()

    def _running(self) -> Group:
        if self._group is None:
            raise RegistryProcessFailed("the registry is not running: call start() first")
        return self._group

    def _spawn(self) -> Group:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "wharf", "serve", "--data", str(self.data), "--listen", self.host, *self.flags]
        environment = without_settings(os.environ)
        if self.admin_password is None:
            command.append("--open")
        else:
            environment["WHARF_ADMIN_PASSWORD"] = self.admin_password
        lifeline, other_end = os.pipe()
        with self.log.open("ab") as log, os.fdopen(other_end, "wb"):
            leader = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=environment,
                process_group=0,
                pass_fds=[other_end],
            )
        return Group(leader, lifeline)

    def _wait_until_ready(self, deadline: float) -> None:
        while not is_ready(self.url):
            self._refuse_unless_alive(deadline)
            time.sleep(POLL_INTERVAL)

    def _refuse_unless_alive(self, deadline: float) -> None:
        code = self._running().leader.poll()
        if code is None and time.monotonic() < deadline:
            return
        self.kill()
        late = f"was not ready after {START_DEADLINE:.0f} s"
        raise RegistryProcessFailed(self._story(late if code is None else f"ended with exit code {code} at its start"))

    def _story(self, fate: str) -> str:
        return f"wharf serve on {self.host} {fate}\n--- the end of {self.log} ---\n{self.log_tail()}"


def free_port() -> int:
    """A loopback port that nobody listens on at this moment, and that no other process is given while this one runs:
    a registry may be down for a while, and come back to it."""
    while True:
        port = secrets.choice(PORTS)
        if is_free(port) and is_ours_from_now_on(port):
            return port


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def is_ours_from_now_on(port: int) -> bool:
    """One byte of a file stands for each port; the system lets go of all that a process has locked when it ends."""
    if port in _given:
        return False
    try:
        fcntl.lockf(_ports_that_were_given(), fcntl.LOCK_EX | fcntl.LOCK_NB, 1, port)
    except OSError:
        return False
    _given.add(port)
    return True


@functools.cache
def _ports_that_were_given() -> int:
    file = Path(tempfile.gettempdir()) / f"wharf-testing-ports-{os.getuid()}"
    return os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def running_in(group: int) -> list[int]:
    """The processes of this group that still run; nobody where there is no /proc to ask."""
    return [int(process.name) for process in Path("/proc").glob("[0-9]*") if runs_in(process, group)]


def runs_in(process: Path, group: int) -> bool:
    """Whether the process behind this entry of /proc belongs to the group and is not dead."""
    try:
        # The name in parentheses may hold anything; state, parent and group follow it.
        state, _, of_group, *_ = (process / "stat").read_text(errors="replace").rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return int(of_group) == group and state not in DEAD_STATES


def is_ready(url: str) -> bool:
    """Whether the registry at this address says that it can serve."""
    connection = _connection(urlsplit(url))
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def without_settings(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment without WHARF_* names: the folder, the port and the flags alone say how the registry runs."""
    return {name: value for name, value in environment.items() if not name.startswith("WHARF_")}


def _connection(address: SplitResult) -> http.client.HTTPConnection:
    if address.scheme == "http":
        return http.client.HTTPConnection(address.netloc, timeout=30)
    trusting = ssl.create_default_context()
    trusting.check_hostname = False
    trusting.verify_mode = ssl.CERT_NONE
    trusting.sslsocket_class = ClosedWhenLeft
    return http.client.HTTPSConnection(address.netloc, timeout=30, context=trusting)
