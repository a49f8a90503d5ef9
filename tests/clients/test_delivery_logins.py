"""Logins that wharf keeps are those of docker, podman, skopeo and buildah, and theirs are its own."""

import json
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.client.peers import docker_registry
from tests.client.token_service import Account, House, serving
from tests.clients.layouts import small_image
from tests.clients.programs import DEADLINE, Home, Program
from tests.clients.shores import Shore
from tests.clients.tools import PLAIN_HTTP, Buildah, Docker, Podman, Skopeo, Tool
from tests.clients.wharf_client import Wharf, typed_in

NAME, PASSWORD = "porter", "open sesame"
# bcrypt of it with few rounds, which is the only form that docker-registry takes.
HASHED: Final = "$2b$04$2Doz6sXkOfw2YpP7cKSltO.lOtwIs8PgrirkSsl13/swVTkjAWCES"
DRAWER: Final = """\
#!{python}
import json, pathlib, sys
action, given = sys.argv[1], sys.stdin.read().strip()
name = json.loads(given)["ServerURL"] if action == "store" else given
place = pathlib.Path({drawer!r}) / name.replace("/", "_")
if action == "store":
    place.write_text(given)
elif action == "get" and place.exists():
    print(place.read_text())
elif action == "get":
    sys.exit(print("credentials not found in native keychain") or 1)
elif action == "erase":
    place.unlink(missing_ok=True)
elif action == "list":
    print("{{}}")
"""
TOOLS = ("docker", "skopeo", "podman", "buildah")


@pytest.fixture(scope="session")
def guarded_shore(yard: Path) -> Iterator[Shore]:
    """A registry with an account: Debian's, which asks for the password itself."""
    folder = yard / "guarded"
    folder.mkdir()
    passwords = folder / "passwords"
    passwords.write_text(f"{NAME}:{HASHED}\n")
    with docker_registry(folder, f"auth: {{htpasswd: {{realm: guarded, path: {passwords}}}}}\n") as host:
        yield Shore(host)


@pytest.fixture
def gate(own_shore: Shore) -> House:
    """A registry whose token service hands out identity tokens in place of the password."""
    everything = {"*": frozenset({"pull", "push", "delete"})}
    return House({NAME: Account(PASSWORD, everything)}, upstream=own_shore.host)


@pytest.fixture
def tool(request: pytest.FixtureRequest) -> Tool:
    found: Tool = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def home(folder: Path) -> Home:
    """Without variables that name files of logins: each tool looks where it does by itself."""
    return OrdinaryHome.fresh(folder / "home")


class OrdinaryHome(Home):
    @classmethod
    def fresh(cls, root: Path) -> "OrdinaryHome":
        return cls(Home.fresh(root).root)

    @property
    def environment(self) -> dict[str, str]:
        named = {"REGISTRY_AUTH_FILE", "DOCKER_CONFIG"}
        return {name: value for name, value in super().environment.items() if name not in named}


def log_in(wharf: Wharf, shore: Shore, *flags: str) -> str:
    return typed_in(wharf, PASSWORD, "login", *flags, "--username", NAME, "--password-stdin", shore.host)


def log_in_with(program: Program, host: str, *flags: str) -> None:
    command = [*program.command, "login", *flags, "--username", NAME, "--password-stdin", host]
    done = subprocess.run(
        command, input=PASSWORD, env=program.environment, capture_output=True, text=True, timeout=DEADLINE, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("tool", TOOLS, indirect=True)
def test_who_is_logged_in_with_wharf_is_so_with_every_tool(
    tool: Tool, wharf: Wharf, guarded_shore: Shore, repository: str
) -> None:
    target = guarded_shore.named(repository)
    log_in(wharf, guarded_shore, "--store", "file")
    pushed = tool.make_and_push("let in", target)
    assert pushed == tool.pull(target).digest == wharf.pull(target).digest


@pytest.mark.parametrize("tool", ["docker", "podman", "buildah"], indirect=True)
def test_without_a_login_nobody_is_let_in(tool: Docker | Podman | Buildah, guarded_shore: Shore) -> None:
    program = tool.program
    flags = () if isinstance(tool, Docker) else (PLAIN_HTTP,)
    assert program.fail("pull", *flags, guarded_shore.named("crew/secret"))


def test_who_logged_in_with_docker_is_logged_in_with_wharf(
    docker: Docker, wharf: Wharf, guarded_shore: Shore, repository: str
) -> None:
    log_in_with(docker.program, guarded_shore.host)
    target = guarded_shore.named(repository)
    assert wharf.make_and_push("by docker's login", target) == docker.pull(target).digest
    assert ".docker/config.json" in wharf.program.run("whoami", guarded_shore.host)


@pytest.mark.parametrize("tool", ["podman", "skopeo", "buildah"], indirect=True)
def test_who_logged_in_with_a_containers_tool_is_logged_in_with_wharf(
    tool: Podman | Skopeo | Buildah, wharf: Wharf, guarded_shore: Shore, repository: str
) -> None:
    log_in_with(tool.program, guarded_shore.host, PLAIN_HTTP)
    target = guarded_shore.named(repository)
    assert wharf.make_and_push("by podman's login", target) == tool.pull(target).digest
    assert "auth.json" in wharf.program.run("whoami", guarded_shore.host)


def test_who_logs_out_with_wharf_is_logged_out_with_docker(docker: Docker, wharf: Wharf, guarded_shore: Shore) -> None:
    log_in(wharf, guarded_shore, "--store", "file")
    wharf.program.run("logout", guarded_shore.host)
    assert "no basic auth credentials" in docker.program.fail("pull", guarded_shore.named("crew/secret"))


def test_who_logs_out_with_docker_is_logged_out_with_wharf(docker: Docker, wharf: Wharf, guarded_shore: Shore) -> None:
    log_in(wharf, guarded_shore, "--store", "file")
    docker.program.run("logout", guarded_shore.host)
    assert 4 == wharf.program.attempt("whoami", guarded_shore.host).code


def test_a_login_for_one_job_is_docker_s_too_and_leaves_the_account_as_it_was(
    docker: Docker, wharf: Wharf, guarded_shore: Shore, home: Home, repository: str
) -> None:
    job, target = home.folder() / "job", guarded_shore.named(repository)
    log_in(wharf, guarded_shore, "--store", "file", "--config", str(job))
    assert 0o600 == stat.S_IMODE((job / "config.json").stat().st_mode)
    pushed = wharf.push(small_image(home.folder(), "for one job"), target, "--config", str(job))
    said = docker.program.run("--config", str(job), "pull", target)
    assert pushed in said
    assert "no basic auth credentials" in docker.program.fail("pull", target)


def test_what_docker_keeps_in_its_file_stays_in_it(docker: Docker, wharf: Wharf, guarded_shore: Shore) -> None:
    file = docker.home.docker_config / "config.json"
    file.write_text('{\n\t"psFormat": "table {{.ID}}",\n\t"auths": {\n\t\t"other.example": {"auth": "YTpi"}\n\t}\n}')
    log_in(wharf, guarded_shore, "--store", "file")
    kept = json.loads(file.read_text())
    assert ["psFormat", "auths"] == list(kept)
    assert ["other.example", guarded_shore.host] == list(kept["auths"])
    docker.program.run("logout", "other.example")
    assert [guarded_shore.host] == list(json.loads(file.read_text())["auths"])


def test_a_wrong_password_is_refused_and_not_kept(wharf: Wharf, guarded_shore: Shore) -> None:
    with pytest.raises(AssertionError, match="refuse"):
        typed_in(wharf, "open barley", "login", "-u", NAME, "--password-stdin", "--store", "file", guarded_shore.host)
    assert not (wharf.home.docker_config / "config.json").exists()


def test_the_password_stands_nowhere_in_what_is_said(wharf: Wharf, guarded_shore: Shore) -> None:
    said = log_in(wharf, guarded_shore, "--store", "file") + wharf.program.run("whoami", "--json", guarded_shore.host)
    auth = json.loads((wharf.home.docker_config / "config.json").read_text())["auths"][guarded_shore.host]["auth"]
    assert not {PASSWORD, auth} & set(said.split('"'))
    assert PASSWORD not in said


def test_an_identity_token_that_docker_got_is_good_for_wharf(
    gate: House, docker: Docker, wharf: Wharf, own_shore: Shore, repository: str
) -> None:
    pushed = wharf.make_and_push("behind the gate", own_shore.named(repository))
    with serving(gate) as host:
        log_in_with(docker.program, host)
        kept = json.loads((docker.home.docker_config / "config.json").read_text())["auths"][host]
        assert kept.get("identitytoken", "").startswith("refresh-")
        assert pushed == wharf.pull(f"{host}/{repository}:1.0").digest


def test_a_login_of_wharf_at_a_token_service_is_good_for_every_tool(
    gate: House, docker: Docker, podman: Podman, wharf: Wharf, own_shore: Shore, repository: str
) -> None:
    pushed = wharf.make_and_push("behind the gate", own_shore.named(repository))
    with serving(gate) as host:
        log_in(wharf, Shore(host), "--store", "file")
        target = f"{host}/{repository}:1.0"
        assert pushed == wharf.pull(target).digest == docker.pull(target).digest == podman.pull(target).digest


def test_a_helper_that_docker_uses_is_wharf_s_too(
    docker: Docker, wharf: Wharf, guarded_shore: Shore, home: Home, repository: str
) -> None:
    helper_in(home)
    (home.docker_config / "config.json").write_text('{"credsStore": "drawer"}')
    with_path = {"PATH": f"{home.root}/bin:{home.environment['PATH']}"}
    at_drawer = Wharf(home, **with_path)
    log_in(at_drawer, guarded_shore)
    assert PASSWORD not in (home.docker_config / "config.json").read_text()
    target = guarded_shore.named(repository)
    pushed = at_drawer.make_and_push("from the drawer", target)
    docker_there = Program("docker", environment={**docker.program.environment, **with_path})
    assert pushed in docker_there.run("pull", target)
    docker_there.run("logout", guarded_shore.host)
    assert 4 == at_drawer.program.attempt("whoami", guarded_shore.host).code


def helper_in(home: Home) -> None:
    """A credential helper that keeps each secret in a file of a drawer."""
    folder = home.root / "bin"
    folder.mkdir()
    drawer = home.root / "drawer"
    drawer.mkdir()
    program = folder / "docker-credential-drawer"
    program.write_text(DRAWER.format(python=sys.executable, drawer=str(drawer)))
    program.chmod(0o755)
