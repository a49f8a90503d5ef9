"""Logins that wharf, docker and skopeo leave for each other, at registries with passwords and with tokens."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.client.token_service import Account, House, serving
from tests.clients.conftest import need
from tests.clients.layouts import small_image
from tests.clients.programs import DEADLINE, ClientFailed, Home
from wharf.testing.registry_process import RegistryProcess, free_port

SECRET = "open-sesame-7"
# What `htpasswd -B` makes of it; bcrypt is all that this registry knows.
PASSWORDS = "alice:$2b$04$LwdXvX/1eykzm7hPx40ib.UWoA7lwHSXvcQlAcRVOw.PhYwTRpn2K\n"


@dataclass(frozen=True, slots=True)
class Crew:
    """The three programs in one home, and the registry that they log in to."""

    home: Home
    host: str
    said: list[str]

    def _run(self, program: str, *words: str, piped: str = "") -> subprocess.CompletedProcess[str]:
        environment = {**self.home.environment, "DOCKER_HOST": f"unix://{self.home.root}/nobody.sock"}
        del environment["REGISTRY_AUTH_FILE"]
        command = [sys.executable, "-m", "wharf"] if program == "wharf" else [program]
        done = subprocess.run([*command, *words], input=piped, env=environment, capture_output=True, text=True,
                              timeout=DEADLINE, check=False)  # fmt: skip
        self.said.extend([done.stdout, done.stderr])
        return done

    def login(self, program: str) -> None:
        plain = ["--tls-verify=false"] if program == "skopeo" else []
        done = self._run(program, "login", *plain, "-u", "alice", "--password-stdin", self.host, piped=SECRET)
        if done.returncode:
            raise ClientFailed(done.stdout + done.stderr)

    def logout(self, program: str) -> None:
        assert self._run(program, "logout", self.host).returncode == 0

    def may_pull(self, program: str) -> bool:
        image = f"{self.host}/team/app:1.0"
        words = {
            "wharf": ("whoami", self.host, "--repository", "team/app"),
            "docker": ("manifest", "inspect", "--insecure", image),
            "skopeo": ("inspect", "--tls-verify=false", f"docker://{image}"),
        }[program]
        return self._run(program, *words).returncode == 0

    def push(self) -> None:
        target = f"docker://{self.host}/team/app:1.0"
        layout = small_image(self.home.folder(), "a story")
        done = self._run("skopeo", "copy", "--dest-tls-verify=false", str(layout), target)
        assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def registry_with_passwords(yard: Path) -> Iterator[str]:
    """Debian's registry, which checks names and passwords with each request."""
    need("docker-registry")
    folder = yard / "with-passwords"
    folder.mkdir()
    (folder / "htpasswd").write_text(PASSWORDS)
    host = f"127.0.0.1:{free_port()}"
    settings = {
        "version": "0.1",
        "storage": {"filesystem": {"rootdirectory": str(folder)}},
        "http": {"addr": host},
        "auth": {"htpasswd": {"realm": "here", "path": str(folder / "htpasswd")}},
    }
    (folder / "config.yml").write_text(json.dumps(settings))
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(["docker-registry", "serve", folder / "config.yml"], stdout=log, stderr=log)
    try:
        wait_for(host)
        yield host
    finally:
        process.terminate()
        process.wait()


def wait_for(host: str) -> None:
    deadline = time.monotonic() + DEADLINE
    while True:
        connection = HTTPConnection(host, timeout=60)
        try:
            connection.request("GET", "/v2/")
            connection.getresponse().read()
        except OSError:
            assert time.monotonic() < deadline, f"nobody answers at {host}"
            time.sleep(0.05)
        else:
            return
        finally:
            connection.close()


@pytest.fixture(scope="module")
def registry_with_tokens(yard: Path) -> Iterator[str]:
    """A wharf registry behind a token service, which hands out identity tokens."""
    house = House({"alice": Account(SECRET, {"team/*": frozenset({"pull", "push"})})})
    with RegistryProcess(yard / "with-tokens") as registry, serving(house) as host:
        house.upstream = registry.host
        yield host


@pytest.fixture(params=["passwords", "tokens"])
def crew(request: pytest.FixtureRequest, home: Home) -> Iterator[Crew]:
    need("docker", "skopeo")
    host: str = request.getfixturevalue(f"registry_with_{request.param}")
    crew = Crew(home, host, [])
    yield crew
    assert [] == [text for text in crew.said if SECRET in text]


@pytest.mark.parametrize("reader", ["wharf", "docker", "skopeo"])
def test_what_wharf_stores_everybody_finds(crew: Crew, reader: str) -> None:
    crew.login("wharf")
    crew.push()
    assert crew.may_pull(reader), crew.said[-1]


@pytest.mark.parametrize("writer", ["docker", "skopeo"])
def test_what_others_store_wharf_finds(crew: Crew, writer: str) -> None:
    crew.login(writer)
    crew.push()
    assert crew.may_pull("wharf")


@pytest.mark.parametrize("reader", ["wharf", "docker", "skopeo"])
def test_after_wharfs_logout_nobody_is_let_in(crew: Crew, reader: str) -> None:
    crew.login("wharf")
    crew.push()
    crew.logout("wharf")
    assert not crew.may_pull(reader)


def test_what_docker_stored_wharf_takes_away(crew: Crew) -> None:
    crew.login("docker")
    crew.logout("wharf")
    assert not crew.may_pull("docker")


def test_what_wharf_stored_docker_takes_away(crew: Crew) -> None:
    crew.login("wharf")
    crew.logout("docker")
    assert not crew.may_pull("wharf")


def test_docker_and_wharf_leave_the_same_file(crew: Crew) -> None:
    config = crew.home.docker_config / "config.json"
    crew.login("docker")
    by_docker = json.loads(config.read_text())["auths"][crew.host]
    crew.logout("docker")
    crew.login("wharf")
    by_wharf = json.loads(config.read_text())["auths"][crew.host]
    assert (by_docker.keys(), by_docker["auth"]) == (by_wharf.keys(), by_wharf["auth"])
