"""`wharf check` with a real engine and real registries: what it proves is so, and neither of them keeps anything."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.cli.check.checks import WELL, Checked, checked
from tests.cli.check.front import Answer, before
from tests.client.peers import docker_registry
from tests.clients.dockerd import Dockerd
from tests.clients.shores import Shore
from tests.clients.tools import Docker

pytestmark = pytest.mark.slow
NAME, PASSWORD = "porter", "open sesame"
# bcrypt of it with few rounds, which is the only form that docker-registry takes.
HASHED = "$2b$04$2Doz6sXkOfw2YpP7cKSltO.lOtwIs8PgrirkSsl13/swVTkjAWCES"
AS_PORTER = {"WHARF_USERNAME": NAME, "WHARF_TOKEN": PASSWORD}
DEADLINE_SECONDS = 240.0


@pytest.fixture(scope="module")
def guarded_shore(yard: Path) -> Iterator[Shore]:
    """Debian's registry, which asks for the password itself."""
    folder = yard / "guarded-check"
    folder.mkdir()
    passwords = folder / "passwords"
    passwords.write_text(f"{NAME}:{HASHED}\n")
    with docker_registry(folder, f"auth: {{htpasswd: {{realm: guarded, path: {passwords}}}}}\n") as host:
        yield Shore(host)


@pytest.fixture(scope="module")
def keeping_shore(yard: Path) -> Iterator[Shore]:
    """Debian's registry as it comes: nothing can be deleted."""
    folder = yard / "keeping-check"
    folder.mkdir()
    with docker_registry(folder, deletes=False) as host:
        yield Shore(host)


def checked_at(shore: Shore, repository: str, folder: Path, engine: str, **environ: str) -> Checked:
    return checked(folder, f"{shore.host}/{repository}", *shore.flags, engine=engine, **environ)


def left_in(docker: Docker) -> list[str]:
    containers = docker.program.run("ps", "--all", "--quiet").split()
    named = docker.program.run("images", "--all", "--format", "{{.Repository}}").split()
    return containers + [name for name in named if name.endswith("wharf-check")]


def test_without_an_engine(shore: Shore, repository: str, folder: Path) -> None:
    found = checked_at(shore, repository, folder, "--no-engine")
    assert (0, WELL) == (found.code, found.steps)
    assert "not run" in found.said("pull")


@pytest.mark.parametrize("engine", ["", "--engine"])
def test_with_an_engine_the_image_runs(
    shore: Shore, repository: str, folder: Path, dockerd: Dockerd, docker: Docker, engine: str
) -> None:
    found = checked_at(shore, repository, folder, engine, DOCKER_HOST=dockerd.socket)
    assert (0, WELL) == (found.code, found.steps), found.outcome
    assert f"it ran and said: wharf check {found.document['tag']}: it runs." in found.said("pull")
    assert [] == left_in(docker)


@pytest.mark.parametrize("engine", ["--no-engine", "", "--engine"])
def test_a_registry_with_passwords(
    guarded_shore: Shore, repository: str, folder: Path, dockerd: Dockerd, docker: Docker, engine: str
) -> None:
    environ = {**AS_PORTER, "DOCKER_HOST": dockerd.socket}
    found = checked_at(guarded_shore, repository, folder, engine, **environ)
    assert (0, WELL) == (found.code, found.steps), found.outcome
    assert [] == left_in(docker)
    assert PASSWORD not in found.outcome.out
    assert [] == list(folder.glob("**/config.json"))


def test_a_wrong_password(guarded_shore: Shore, repository: str, folder: Path) -> None:
    found = checked_at(guarded_shore, repository, folder, "--no-engine", WHARF_USERNAME=NAME, WHARF_TOKEN="wrong")
    assert (6, ["login"]) == (found.code, found.failed)


@pytest.mark.parametrize("engine", ["--no-engine", "--engine"])
def test_a_registry_that_keeps_everything(
    keeping_shore: Shore, repository: str, folder: Path, dockerd: Dockerd, engine: str
) -> None:
    found = checked_at(keeping_shore, repository, folder, engine, DOCKER_HOST=dockerd.socket)
    assert (0, []) == (found.code, found.failed)
    assert ["remote-answered"] == found.errors("cleanup")


def test_an_engine_that_is_wanted_and_not_there(own_shore: Shore, repository: str, folder: Path) -> None:
    found = checked_at(own_shore, repository, folder, "--engine", DOCKER_HOST=f"unix://{folder}/no.sock")
    assert (12, ["environment"]) == (found.code, found.failed)
    assert ["engine-unreachable"] == found.errors("environment")


def test_an_engine_that_does_not_trust_the_registry(
    own_shore: Shore, repository: str, folder: Path, dockerd: Dockerd, docker: Docker
) -> None:
    """By a name that is not loopback for it, it wants TLS. wharf is told to do without."""
    place = f"0.0.0.0:{own_shore.host.rpartition(':')[2]}"
    found = checked(folder, f"{place}/{repository}", "--insecure", place, engine="", DOCKER_HOST=dockerd.socket)
    assert (12, ["pull"]) == (found.code, found.failed)
    assert "server gave HTTP response to HTTPS client" in str(found.lines("pull"))
    assert [] == left_in(docker)


class LateBlob:
    """The engine asks for blobs after wharf has read all four: the fifth takes long."""

    asked = 0

    def overrule(self, method: str, path: str) -> Answer | None:
        self.asked += method == "GET" and "/blobs/" in path
        return Answer(0, after=60.0) if self.asked == 5 and "/blobs/" in path else None


def test_ctrl_c_while_the_engine_pulls(
    own_shore: Shore, repository: str, folder: Path, dockerd: Dockerd, docker: Docker
) -> None:
    late = LateBlob()
    with before(own_shore.host, late.overrule) as host:
        command = [sys.executable, "-m", "wharf", "check", f"{host}/{repository}"]
        environ = {**os.environ, "HOME": str(folder), "DOCKER_HOST": dockerd.socket, "LANG": "C.UTF-8"}
        process = subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, text=True)
        until(lambda: late.asked >= 5)
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=DEADLINE_SECONDS)
    assert 130 == process.returncode
    assert "nothing of it is left" in out
    assert [] == left_in(docker)


class Leaving:
    """A socket before an engine's, that is there until the engine is asked to wait for a container."""

    def __init__(self, path: Path, engine: Dockerd) -> None:
        self.address = f"unix://{path}"
        self._engine = engine.socket.removeprefix("unix://")
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(path))
        self._listener.listen()
        self._open = [self._listener]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        for each in self._open:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                engine = socket.socket(socket.AF_UNIX)
                self._open += [client, engine]
                engine.connect(self._engine)
                threading.Thread(target=self._pass_on, args=(client, engine), daemon=True).start()
                threading.Thread(target=self._pass_on, args=(engine, client), daemon=True).start()

    def _pass_on(self, one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while said := one.recv(65536):
                if b"/wait" in said:
                    self.close()
                    break
                other.sendall(said)


def test_an_engine_that_goes_away_what_stays_is_told_with_what_removes_it(
    own_shore: Shore, repository: str, folder: Path, dockerd: Dockerd, docker: Docker
) -> None:
    leaving = Leaving(folder / "s", dockerd)
    # In a process of its own: the engine's library leaves lines open that break.
    check = [sys.executable, "-m", "wharf", "check", f"{own_shore.host}/{repository}"]
    environ = {**os.environ, "HOME": str(folder), "DOCKER_HOST": leaving.address, "LANG": "C.UTF-8"}
    ended = subprocess.run(check, env=environ, capture_output=True, text=True, timeout=DEADLINE_SECONDS, check=False)
    leaving.close()
    assert 12 == ended.returncode
    (stays,) = [line.strip()[2:] for line in ended.stdout.splitlines() if line.strip().startswith("$ docker rm")]
    assert [] != left_in(docker)
    for command in stays.split("; "):
        docker.program.run(*command.split()[1:])
    assert [] == left_in(docker)


def until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.02)
