"""docker-compose at a registry with accounts: it brings the login that `docker login` has kept."""

import json
import re

import pytest

from tests.clients.authority import Authority
from tests.clients.conftest import need
from tests.clients.dockerd import Dockerd
from tests.clients.layouts import build_context
from tests.clients.programs import Home, Program
from tests.clients.tools import Docker

REFUSED = re.compile("(?i)denied|unauthorized|no basic auth")


class Project:
    """A compose file with one service, which is built here and kept in the registry."""

    def __init__(self, daemon: Dockerd, home: Home, image: str) -> None:
        folder = build_context(home.folder(), "composed")
        service = {"build": str(folder), "image": image, "network_mode": "none"}
        (folder / "compose.json").write_text(json.dumps({"version": "3", "services": {"app": service}}))
        client = daemon.client(home)
        words = ("docker-compose", "--no-ansi", "--file", str(folder / "compose.json"))
        self.program = Program(*words, environment=client.environment)

    def story(self) -> str:
        return self.program.run("up", "--no-build", "--no-color")


@pytest.fixture
def project(dockerd: Dockerd, home: Home, image: str) -> Project:
    need("docker-compose")
    return Project(dockerd, home, image)


def log_in(docker: Docker, authority: Authority, image: str, role: str) -> None:
    somebody = authority.somebody(image.split("/")[1], role)
    docker.program.run("login", "-u", somebody.name, "-p", somebody.password, authority.host)


def test_what_one_machine_builds_and_pushes_another_pulls_and_runs(
    project: Project, docker: Docker, authority: Authority, image: str
) -> None:
    log_in(docker, authority, image, "writer")
    project.program.run("build")
    project.program.run("push")
    docker.forget(image)

    log_in(docker, authority, image, "reader")
    project.program.run("pull")

    assert "composed" in project.story()
    project.program.run("down")


def test_without_a_login_nothing_is_pulled_and_nothing_pushed(
    project: Project, docker: Docker, authority: Authority, image: str
) -> None:
    project.program.run("build")
    assert REFUSED.search(project.program.fail("push"))
    log_in(docker, authority, image, "writer")
    project.program.run("push")
    docker.forget(image)
    docker.program.run("logout", authority.host)

    assert REFUSED.search(project.program.fail("pull"))


def test_a_reader_pushes_nothing(project: Project, docker: Docker, authority: Authority, image: str) -> None:
    log_in(docker, authority, image, "reader")
    project.program.run("build")

    assert REFUSED.search(project.program.fail("push"))
