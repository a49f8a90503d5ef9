"""What docker and podman say where the engine's address leads elsewhere, and what an engine does not have."""

import tarfile
from pathlib import Path

import pytest

from tests.clients.conftest import need
from tests.clients.dockerd import Dockerd
from tests.clients.engine_shop import Machine, plain_registry

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("host", "cause"),
    [
        ("unix://var/run/docker.sock", "docker-host-not-an-address"),
        ("/var/run/docker.sock", "docker-host-not-an-address"),
        ("npipe:////./pipe/docker_engine", "pipe-outside-windows"),
    ],
)
def test_a_docker_host_that_leads_nowhere(machine: Machine, host: str, cause: str) -> None:
    said = machine.docker("ps", environ={"DOCKER_HOST": host})
    assert ("docker-host-malformed", [cause]) == machine.world({"DOCKER_HOST": host}).causes_of(said)


def test_a_docker_host_at_which_another_server_answers(machine: Machine) -> None:
    with plain_registry("127.0.0.1") as registry:
        environ = {"DOCKER_HOST": f"tcp://{registry}"}
        said = "Error response from daemon: API returned a 404 (Not Found) but provided no error-message"
        assert ("engine-is-something-else", ["another-server"]) == machine.world(environ).causes_of(said)


def test_a_version_that_is_none(machine: Machine, dockerd: Dockerd) -> None:
    environ = {"DOCKER_HOST": dockerd.socket, "DOCKER_API_VERSION": "latest"}
    said = machine.docker("ps", environ=environ)
    assert ("engine-is-something-else", ["engine-lacks-the-route"]) == machine.world(environ).causes_of(said)


def test_podmans_service_is_looked_for_where_podman_does(machine: Machine, dockerd: Dockerd, folder: Path) -> None:
    """DOCKER_HOST says nothing of it."""
    said = (
        'Error: unable to connect to Podman socket: Get "http://d/v4.3.1/libpod/_ping": '
        f"dial unix //{folder}/podman.sock: connect: no such file or directory"
    )
    world = machine.world({"DOCKER_HOST": dockerd.socket})
    assert ("podman-socket-missing", ["service-not-started"]) == world.causes_of(said)


def test_a_container_that_does_not_run_and_one_that_is_not_there(
    machine: Machine, dockerd: Dockerd, folder: Path
) -> None:
    environ = {"DOCKER_HOST": dockerd.socket}
    (folder / "file").write_text("x")
    machine.docker("import", "--change", 'CMD ["/file"]', str(tar_of(folder / "file")), "filed", environ=environ)
    machine.docker("create", "--network=none", "--name", "made", "filed", environ=environ)
    world = machine.world(environ)
    assert ("container-not-running", ["stopped"]) == world.causes_of(
        machine.docker("exec", "made", "ls", environ=environ)
    )
    assert ("container-not-running", ["engine-of-another-place"]) == world.causes_of(
        machine.docker("logs", "nowhere", environ=environ)
    )


@pytest.mark.parametrize(
    ("command", "signature", "cause"),
    [
        (("compose", "up", "-d"), "compose-plugin-missing", "plugin-not-installed"),
        (("compose", "--profile", "web", "up"), "compose-plugin-missing", "plugin-not-installed"),
        (("buildx", "build", "--platform", "linux/arm64", "."), "buildx-missing", "not-installed"),
    ],
)
def test_an_option_that_docker_takes_for_its_own(
    machine: Machine, command: tuple[str, ...], signature: str, cause: str
) -> None:
    need("docker")
    said = machine.docker(*command)
    assert (signature, [cause]) == machine.world().causes_of(said)


def tar_of(file: Path) -> Path:
    made = file.with_suffix(".tar")
    with tarfile.open(made, "w") as tar:
        tar.add(file, file.name)
    return made


@pytest.mark.parametrize(
    ("words", "cause"),
    [
        ("listen tcp 127.0.0.1:2375: bind: address already in use", "port-is-taken"),
        ("listen tcp 10.9.9.9:2375: bind: cannot assign requested address", "address-not-of-this-machine"),
        ("group nowhere not found", "group-unknown"),
    ],
)
def test_an_engine_that_cannot_listen(machine: Machine, dockerd: Dockerd, words: str, cause: str) -> None:
    world = machine.world({"DOCKER_HOST": dockerd.socket})
    assert ("daemon-cannot-listen", [cause]) == world.causes_of(f"failed to load listeners: {words}")


def test_a_file_of_settings_that_lies_elsewhere(machine: Machine) -> None:
    (machine.root / "srv").mkdir(parents=True, exist_ok=True)
    (machine.root / "srv/engine.json").write_text('{"insecure-registries": ["a:5000",]}')
    said = (
        "unable to configure the Docker daemon with file /srv/engine.json: "
        "invalid character ']' looking for beginning of value"
    )
    assert ("daemon-config-malformed", ["not-json"]) == machine.world().causes_of(said)
