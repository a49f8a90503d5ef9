"""docker at a registry with accounts: what it keeps in place of a password, and how long that is good."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.clients.authority import Authority, Credential
from tests.clients.programs import Home, Program
from tests.clients.tools import Docker
from tests.clients.wharf_client import Wharf
from tests.credentials.stage import Home as Helpers
from wharf.access.secret_text import ANYWHERE
from wharf.testing.registry_process import RegistryProcess

SHORTEST_LIFE = 60


def log_in(docker: Docker, host: str, login: Credential) -> None:
    docker.program.run("login", "-u", login.name, "-p", login.password, host)


def kept(home: Home) -> str:
    return (home.docker_config / "config.json").read_text()


def test_docker_keeps_a_token_of_its_own_in_place_of_the_password(
    docker: Docker, home: Home, authority: Authority
) -> None:
    somebody = authority.somebody()
    log_in(docker, authority.host, somebody)

    assert somebody.password not in kept(home)
    assert ANYWHERE.fullmatch(json.loads(kept(home))["auths"][authority.host]["identitytoken"])
    assert ["ref"] == [token["kind"] for token in authority.told("GET", f"/tokens?account={somebody.name}")]


def test_a_new_password_ends_what_docker_keeps(docker: Docker, authority: Authority, crew: str) -> None:
    somebody = authority.somebody(crew, "writer")
    log_in(docker, authority.host, somebody)
    docker.make_and_push("before", f"{authority.host}/{crew}/app:1.0")

    authority.told("PATCH", f"/users/{somebody.name}", {"password": "another correct horse"})

    said = docker.program.fail("pull", f"{authority.host}/{crew}/app:1.0")
    assert "unauthorized" in said or "denied" in said, said


def test_a_new_key_for_the_short_lived_tokens_logs_nobody_out(docker: Docker, authority: Authority, crew: str) -> None:
    image = f"{authority.host}/{crew}/app:1.0"
    log_in(docker, authority.host, authority.somebody(crew, "writer"))
    digest = docker.make_and_push("before", image)

    authority.told("POST", "/signing-keys/rotate", {})

    assert digest == docker.pull(image).digest


def kept_in_the_file(home: Home) -> Path:
    """Where docker puts what a login is given."""
    return home.docker_config / "config.json"


def kept_by_a_helper(home: Home) -> Path:
    helper = Helpers(home.root).keeper("box")
    (home.docker_config / "config.json").write_text('{"credsStore": "box"}')
    return helper.with_suffix(".kept")


def with_helpers(program: Program, home: Home) -> Program:
    path = f"{home.root / 'bin'}:{home.environment['PATH']}"
    return Program(*program.command, environment={**program.environment, "PATH": path})


@pytest.mark.parametrize("keeper", [kept_in_the_file, kept_by_a_helper])
def test_what_docker_kept_is_refused_after_wharf_logged_out(
    keeper: Callable[[Home], Path], docker: Docker, wharf: Wharf, authority: Authority, crew: str
) -> None:
    docker.program, ours = with_helpers(docker.program, docker.home), with_helpers(wharf.program, wharf.home)
    image, place = f"{authority.host}/{crew}/app:1.0", keeper(docker.home)
    log_in(docker, authority.host, authority.somebody(crew, "writer"))
    docker.make_and_push("before", image)
    before = place.read_text()
    assert "for images alone" in " ".join(ours.run("whoami", authority.host).split())

    assert "its token was revoked there" in ours.run("logout", authority.host)

    place.write_text(before)
    assert "refuses the credential" in ours.fail("whoami", authority.host)
    said = docker.program.fail("pull", image)
    assert "unauthorized" in said or "denied" in said, said


@pytest.fixture
def own_authority(registry_is_ours: None, folder: Path) -> Iterator[Authority]:
    flags = ("--workers", "2", "--token-life", f"{SHORTEST_LIFE}s")
    with RegistryProcess(folder / "data", *flags, admin_password="correct horse") as registry:
        yield Authority(registry)


def test_a_login_outlives_the_registry_s_own_end(docker: Docker, own_authority: Authority) -> None:
    crew = own_authority.organisation()
    image = f"{own_authority.host}/{crew}/app:1.0"
    log_in(docker, own_authority.host, own_authority.somebody(crew, "writer"))
    digest = docker.make_and_push("before", image)

    own_authority.registry.kill()
    own_authority.registry.start()

    assert digest == docker.pull(image).digest
