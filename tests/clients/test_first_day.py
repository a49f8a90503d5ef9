"""The first day with a registry of one's own: from the administrator's login to a version that comes back.

The way is the one that the pages tell, gone with the programs that people have: wharf, docker and gh.
"""

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.clients.code_host import GH, PASSWORD, CodeHost, code_host
from tests.clients.programs import ClientFailed, Home
from tests.clients.tools import Docker
from tests.clients.wharf_client import Wharf, typed_in
from tests.durability.processes import eventually

pytestmark = pytest.mark.slow

SERVICE: Final = "crew+ci"
PACKAGES: Final = "/orgs/crew/packages?package_type=container"
SETTLED_SECONDS: Final = 2.5
VERSIONS: Final = "/orgs/crew/packages/container/app/versions"


@pytest.fixture
def host(registry_is_ours: None, folder: Path) -> Iterator[CodeHost]:
    if not GH.exists():
        pytest.skip("gh is not installed (`make test` installs it)")
    with code_host(folder) as host:
        yield host


@pytest.fixture
def office(host: CodeHost, home: Home) -> Wharf:
    """wharf, as the administrator has logged in with it."""
    office = Wharf(home, SSL_CERT_FILE=str(host.certificate / "ca.crt"), DOCKER_CONFIG=str(home.folder()))
    typed_in(office, PASSWORD, "login", host.name, "-u", "admin", "--password-stdin")
    return office


def token_for(office: Wharf, host: CodeHost, *flags: str) -> str:
    return office.program.run("token", "create", host.name, *flags).strip()


def test_the_way_from_the_first_login_to_a_version_that_comes_back(
    host: CodeHost, office: Wharf, docker: Docker
) -> None:
    run, app = office.program.run, f"{host.name}/crew/app"
    run("admin", "org", "create", f"{host.name}/crew")
    run("admin", "service", "create", f"{host.name}/{SERVICE}", "--role", "writer")
    limits = ("--account", SERVICE, "--scope", "write:packages", "--repository", "crew/app")
    token = token_for(office, host, *limits)

    docker.program.run("login", "-u", SERVICE, "-p", token, host.name)
    first, second = docker.make_and_push("one", f"{app}:1.0"), docker.make_and_push("two", f"{app}:2.0")
    with pytest.raises(ClientFailed, match="denied"):
        docker.make_and_push("beyond its limits", f"{host.name}/crew/other:1.0")

    gh = host.gh(docker.home, GH_ENTERPRISE_TOKEN=token)
    assert "app private\n" == gh.run("api", PACKAGES, "--jq", '.[] | .name + " " + .visibility')
    assert [second, first] == gh.run("api", "--paginate", VERSIONS, "--jq", ".[].name").split()

    docker.program.run("logout", host.name)
    assert re.search("denied|unauthorized|no basic auth", docker.program.fail("pull", f"{app}:1.0"))
    run("admin", "visibility", app, "public")
    assert first == docker.pull(f"{app}:1.0").digest
    assert_pulled_once(office, app)

    token = token_for(office, host, "--scope", "read:packages", "--scope", "delete:packages")
    master = host.gh(docker.home, GH_ENTERPRISE_TOKEN=token)
    number = master.run("api", VERSIONS, "--jq", f'.[] | select(.name == "{first}") | .id').strip()
    master.run("api", "-X", "DELETE", f"{VERSIONS}/{number}")
    assert re.search("manifest unknown|not found", docker.program.fail("pull", f"{app}:1.0"))
    run("restore", f"{app}:1.0")
    assert first == docker.pull(f"{app}:1.0").digest


def assert_pulled_once(office: Wharf, package: str) -> None:
    """Workers tell each other about once a second what was asked by digest, as docker does."""

    def pulls() -> int:
        return int(json.loads(office.program.run("stats", package, "--json"))["pulls"])

    assert eventually(lambda: 1 == pulls())
    time.sleep(SETTLED_SECONDS)
    assert 1 == pulls()
