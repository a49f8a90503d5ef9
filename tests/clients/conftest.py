"""Real clients against a real registry: who is there, a clean home for each test, and a registry they share.

`WHARF_CLIENTS_REGISTRY=HOST:PORT` points the clients at another registry that asks for no login, to compare. With
`WHARF_REQUIRE_CLIENTS=1`, and on CI, a client that is missing makes the run fail in place of a skip.
"""

import os
import re
import secrets
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from tests.client.peers import docker_registry
from tests.clients.authority import Authority
from tests.clients.certificates import certificate_in, flags_of
from tests.clients.clearing import clear_away
from tests.clients.dockerd import Dockerd
from tests.clients.engine_shop import Machine
from tests.clients.own_network import own_network
from tests.clients.programs import Home, missing, new_folder
from tests.clients.registry_view import RegistryView
from tests.clients.shores import Shore
from tests.clients.tools import Buildah, Docker, Podman, Skopeo
from tests.clients.wharf_client import Wharf
from wharf.testing.registry_process import RegistryProcess

ELSEWHERE = "WHARF_CLIENTS_REGISTRY"


def clients_are_required() -> bool:
    return os.environ.get("CI") == "true" or os.environ.get("WHARF_REQUIRE_CLIENTS") == "1"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and clients_are_required():
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        report.outcome = "failed"
        report.longrepr = f"real clients are required here, and this test would have been skipped: {reason}"
    return report


def need(*programs: str) -> None:
    if absent := missing(*programs):
        pytest.skip(f"not installed: {', '.join(absent)} (.ci/install-clients installs it on Debian)")
    if os.geteuid() != 0:
        pytest.skip(f"not root: {', '.join(programs)} with storage of their own need it")


@pytest.fixture(scope="session")
def yard() -> Iterator[Path]:
    """A folder for gigabytes: gone with the session, and with a path short enough for sockets and for podman."""
    folder = new_folder(Path("/tmp"), "wharf-")
    yield folder
    clear_away(folder)


@pytest.fixture(scope="session")
def registry_url(yard: Path) -> Iterator[str]:
    if elsewhere := os.environ.get(ELSEWHERE):
        yield f"http://{elsewhere}"
        return
    with RegistryProcess(yard / "data") as registry:
        yield registry.url


@pytest.fixture(scope="session")
def registry(registry_url: str) -> RegistryView:
    return RegistryView(registry_url)


@pytest.fixture(scope="session")
def dockerd(yard: Path) -> Iterator[Dockerd]:
    need("docker", "dockerd")
    folder = yard / "dockerd"
    folder.mkdir()
    with Dockerd(folder) as daemon:
        yield daemon


@pytest.fixture
def repository(request: pytest.FixtureRequest) -> str:
    """A repository that no other test writes to."""
    return f"crew/{re.sub('[^a-z0-9]+', '-', request.node.name.lower()).strip('-')}"


@pytest.fixture
def folder(yard: Path) -> Iterator[Path]:
    """A folder for one test, removed after it: pytest's own would keep the gigabytes of three runs."""
    folder = new_folder(yard)
    yield folder
    clear_away(folder)


@pytest.fixture
def home(folder: Path) -> Home:
    return Home.fresh(folder / "home")


@pytest.fixture(scope="session")
def registry_is_ours() -> None:
    if ELSEWHERE in os.environ:
        pytest.skip(f"{ELSEWHERE} is set: this test starts, stops or sets up wharf itself")


@pytest.fixture
def own_registry(registry_is_ours: None, folder: Path) -> Iterator[RegistryProcess]:
    """A registry for one test, that may be stopped, shot and started again."""
    with RegistryProcess(folder / "data") as registry:
        yield registry


@pytest.fixture(scope="session")
def authority(registry_is_ours: None, yard: Path) -> Iterator[Authority]:
    """Of a registry with accounts, two processes of which serve."""
    with RegistryProcess(yard / "with-accounts", "--workers", "2", admin_password=secrets.token_urlsafe()) as registry:
        yield Authority(registry)


@pytest.fixture
def crew(authority: Authority) -> str:
    """An organisation that no other test has."""
    return authority.organisation()


@pytest.fixture
def image(authority: Authority, crew: str) -> str:
    return f"{authority.host}/{crew}/app:1.0"


@pytest.fixture
def docker(dockerd: Dockerd, home: Home) -> Docker:
    return Docker(dockerd, home)


@pytest.fixture
def skopeo(home: Home) -> Skopeo:
    need("skopeo")
    return Skopeo(home)


@pytest.fixture
def podman(home: Home) -> Podman:
    need("podman")
    return Podman(home)


@pytest.fixture
def buildah(home: Home) -> Buildah:
    need("buildah")
    return Buildah(home)


@pytest.fixture
def wharf(home: Home) -> Wharf:
    return Wharf(home)


@pytest.fixture
def wharf_at_engine(dockerd: Dockerd, home: Home) -> Wharf:
    """With the Docker Engine that `docker` speaks to."""
    return Wharf(home, DOCKER_HOST=dockerd.socket)


@pytest.fixture(scope="session")
def own_shore(registry_url: str) -> Shore:
    return Shore(registry_url.partition("//")[2])


@pytest.fixture(scope="session")
def foreign_shore(yard: Path) -> Iterator[Shore]:
    """Debian's docker-registry, which knows nothing of wharf."""
    folder = yard / "docker-registry"
    folder.mkdir()
    with docker_registry(folder) as host:
        yield Shore(host)


@pytest.fixture(scope="session")
def sealed_shore(registry_is_ours: None, yard: Path) -> Iterator[Shore]:
    """A registry with TLS, whose certificate is signed by an authority that nobody knows."""
    certificate = certificate_in(yard / "sealed")
    with RegistryProcess(yard / "sealed-data", *flags_of(certificate)) as registry:
        yield Shore(registry.host, certificate / "ca.crt")


@pytest.fixture(params=["own_shore", "foreign_shore", "sealed_shore"])
def shore(request: pytest.FixtureRequest) -> Shore:
    """Each registry that the client is to get on with."""
    shore: Shore = request.getfixturevalue(request.param)
    return shore


@pytest.fixture
def machine(folder: Path) -> Machine:
    """A machine to look at, on which docker fails."""
    need("docker", "dockerd")
    folder.chmod(0o755)
    return Machine.in_folder(folder)


@pytest.fixture
def network() -> Iterator[None]:
    need("ip")
    with own_network():
        yield
