"""The programs that people push and pull with, each run from a home that has seen nothing before."""

import os
import secrets
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

DEADLINE = 600.0
# As root these libraries remember in /var/lib/containers which registry holds which blob, whatever HOME says.
# A mount of their own there keeps one test's memory out of the next one's push.
SHARED_MEMORY = Path("/var/lib/containers")
BIND_AND_RUN = 'mount --bind "$0" "$1" && shift && exec "$@"'


class ClientFailed(AssertionError):
    """A client ended otherwise than the test expects; the message holds the command and all that it said."""


@dataclass(frozen=True, slots=True)
class Outcome:
    command: tuple[str, ...]
    code: int
    stdout: str
    stderr: str

    def __str__(self) -> str:
        return f"exit code {self.code} of: {' '.join(self.command)}\n{self.stdout}\n{self.stderr}"


@dataclass(frozen=True, slots=True)
class Home:
    """A home folder with nothing in it but an empty list of credentials."""

    root: Path

    @classmethod
    def fresh(cls, root: Path) -> "Home":
        home = cls(root)
        for folder in (home.docker_config, home.runtime, home.temporary, home.memory):
            folder.mkdir(parents=True)
        home.auth_file.write_text("{}")
        return home

    @property
    def docker_config(self) -> Path:
        return self.root / ".docker"

    @property
    def runtime(self) -> Path:
        return self.root / "runtime"

    @property
    def temporary(self) -> Path:
        return self.root / "tmp"

    @property
    def memory(self) -> Path:
        return self.root / "memory"

    @property
    def auth_file(self) -> Path:
        return self.root / "auth.json"

    def folder(self) -> Path:
        """A new folder for whatever a tool has to put somewhere."""
        return new_folder(self.temporary)

    @property
    def environment(self) -> dict[str, str]:
        return {
            "PATH": f"{os.environ['PATH']}:/usr/sbin:/sbin",
            "LANG": "C.UTF-8",
            "HOME": str(self.root),
            "DOCKER_CONFIG": str(self.docker_config),
            "XDG_RUNTIME_DIR": str(self.runtime),
            "REGISTRY_AUTH_FILE": str(self.auth_file),
            "TMPDIR": str(self.temporary),
        }


class Program:
    """One installed program with the flags and the environment that every call of it gets."""

    def __init__(self, *command: str, environment: Mapping[str, str]) -> None:
        self.command = command
        self.environment = environment

    def run(self, *arguments: str | Path) -> str:
        """Run it, expect success, and return what it printed."""
        outcome = self.attempt(*arguments)
        if outcome.code != 0:
            raise ClientFailed(str(outcome))
        return outcome.stdout

    def fail(self, *arguments: str | Path) -> str:
        """Run it, expect a failure, and return what it complained of."""
        outcome = self.attempt(*arguments)
        if outcome.code == 0:
            raise ClientFailed(f"succeeded against expectation: {outcome}")
        return outcome.stdout + outcome.stderr

    def attempt(self, *arguments: str | Path) -> Outcome:
        command = (*self.command, *map(str, arguments))
        done = subprocess.run(
            command, env=self.environment, capture_output=True, text=True, timeout=DEADLINE, check=False
        )
        return Outcome(command, done.returncode, done.stdout, done.stderr)

    def start(self, *arguments: str | Path) -> subprocess.Popen[bytes]:
        """Start it and return at once; what it says goes nowhere."""
        command = (*self.command, *map(str, arguments))
        return subprocess.Popen(command, env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def forgetful(home: Home) -> tuple[str, ...]:
    """The words before a command that give it a memory of its own in place of the machine's."""
    SHARED_MEMORY.mkdir(parents=True, exist_ok=True)
    return ("unshare", "--mount", "sh", "-c", BIND_AND_RUN, str(home.memory), str(SHARED_MEMORY))


def new_folder(parent: Path, prefix: str = "") -> Path:
    """Podman reads a path as the name of an image as well, and such a name has no underscore at an end."""
    folder = parent / f"{prefix}{secrets.token_hex(4)}"
    folder.mkdir(mode=0o700)
    return folder


def missing(*programs: str) -> list[str]:
    """Those of the programs that this machine lacks."""
    return [program for program in programs if shutil.which(program) is None]
