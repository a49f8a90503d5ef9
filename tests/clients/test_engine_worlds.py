"""Engines that do not answer as docker wants it, what docker says of that, and the cause that the doctor names."""

import socket
import tarfile
from pathlib import Path

import pytest

from tests.clients.dockerd import Dockerd
from tests.clients.engine_shop import Machine, Papers, somebody_else
from tests.doctor.worlds.world import World

pytestmark = pytest.mark.slow


@pytest.fixture
def papers(folder: Path) -> Papers:
    return Papers.in_folder(folder)


# --- sockets ---------------------------------------------------------------------------------------------------------


def test_a_socket_that_is_not_there(machine: Machine, folder: Path) -> None:
    host = f"unix://{folder}/gone.sock"
    said = machine.docker("ps", environ={"DOCKER_HOST": host})
    assert ("daemon-not-reachable", ["docker-host-is-wrong"]) == machine.world({"DOCKER_HOST": host}).causes_of(said)


def test_a_socket_that_nobody_listens_on(machine: Machine, folder: Path) -> None:
    with socket.socket(socket.AF_UNIX) as left_behind:
        left_behind.bind(str(folder / "left.sock"))
    host = f"unix://{folder}/left.sock"
    said = machine.docker("ps", environ={"DOCKER_HOST": host})
    world = machine.world({"DOCKER_HOST": host})
    assert ("daemon-not-reachable", ["docker-host-is-wrong"]) == world.causes_of(said)
    assert "nobody-listens" == world.probed("engine").facts.known["engine.outcome"]  # type: ignore[index]


def test_an_engine_that_is_installed_and_stopped(machine: Machine) -> None:
    said = "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?"
    assert ("daemon-not-reachable", ["engine-stopped"]) == machine.world().causes_of(said)


def test_an_engine_on_another_socket(machine: Machine, dockerd: Dockerd, folder: Path) -> None:
    (folder / "run").mkdir()
    (folder / "run" / "docker.sock").symlink_to(dockerd.socket.removeprefix("unix://"))
    said = "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?"
    world = machine.world({"XDG_RUNTIME_DIR": str(folder / "run")})
    assert ("daemon-not-reachable", ["another-socket-answers"]) == world.causes_of(said)


def test_a_socket_of_a_group_that_this_account_is_not_in(machine: Machine, dockerd: Dockerd, yard: Path) -> None:
    yard.chmod(0o755)
    dockerd.folder.chmod(0o755)
    machine.group_of(dockerd.socket)
    said = machine.docker("ps", uid=65_534, environ={"DOCKER_HOST": dockerd.socket})
    world = machine.world({"DOCKER_HOST": dockerd.socket})
    found = seen_by_somebody_else(world, said)
    assert ("docker-socket-permission", ["not-in-the-group"]) == found


def test_a_session_that_began_before_the_account_came_into_the_group(machine: Machine, dockerd: Dockerd) -> None:
    dockerd.folder.parent.chmod(0o755)
    dockerd.folder.chmod(0o755)
    machine.group_of(dockerd.socket, "lena")
    said = machine.docker("ps", uid=65_534, environ={"DOCKER_HOST": dockerd.socket})
    world = machine.world({"DOCKER_HOST": dockerd.socket})
    found = seen_by_somebody_else(world, said)
    assert ("docker-socket-permission", ["group-is-newer-than-the-session"]) == found


def seen_by_somebody_else(world: World, said: str) -> tuple[str, list[str]]:
    """Python's own modules may lie where somebody else cannot read them: each is loaded before."""
    world.causes_of(said)
    with somebody_else():
        return world.causes_of(said)


# --- names, contexts, versions ---------------------------------------------------------------------------------------


def test_a_docker_host_whose_name_is_unknown(machine: Machine) -> None:
    host = "tcp://docker.invalid:2375"
    said = machine.docker("ps", environ={"DOCKER_HOST": host})
    assert ("engine-name-unknown", ["docker-host-names-a-stranger"]) == machine.world({"DOCKER_HOST": host}).causes_of(
        said
    )


def test_a_docker_host_that_is_no_address(machine: Machine) -> None:
    host = "ftp://somewhere"
    said = machine.docker("ps", environ={"DOCKER_HOST": host})
    assert ("docker-host-malformed", ["docker-host-not-an-address"]) == machine.world({"DOCKER_HOST": host}).causes_of(
        said
    )


def test_a_context_that_is_not_there(machine: Machine) -> None:
    said = machine.docker("ps", environ={"DOCKER_CONTEXT": "staging"})
    world = machine.world({"DOCKER_CONTEXT": "staging"})
    assert ("docker-context-missing", ["context-of-another-home"]) == world.causes_of(said)


@pytest.mark.parametrize(("version", "cause"), [("1.99", "client-too-new"), ("1.10", "client-too-old")])
def test_a_client_of_another_age(machine: Machine, dockerd: Dockerd, version: str, cause: str) -> None:
    environ = {"DOCKER_HOST": dockerd.socket, "DOCKER_API_VERSION": version}
    said = machine.docker("ps", environ=environ)
    assert ("docker-api-version", [cause]) == machine.world(environ).causes_of(said)


def test_an_image_that_this_engine_does_not_have(machine: Machine, dockerd: Dockerd) -> None:
    said = machine.docker("run", "--pull=never", "acme/hamalog-backend:9.9", environ={"DOCKER_HOST": dockerd.socket})
    world = machine.about("acme/hamalog-backend:9.9", {"DOCKER_HOST": dockerd.socket})
    assert ("image-not-in-engine", ["never-in-this-engine"]) == world.causes_of(said)


@pytest.mark.parametrize(("start", "cause"), [(True, "fixed-name-while-the-old-one-runs"), (False, "left-over")])
def test_a_name_that_another_container_has(machine: Machine, dockerd: Dockerd, start: bool, cause: str) -> None:
    environ, name = {"DOCKER_HOST": dockerd.socket}, f"web-{cause}"
    busybox = "sleeper"
    machine.docker(
        "import", "--change", 'CMD ["/busybox", "sleep", "600"]', str(busybox_tar(machine)), busybox, environ=environ
    )
    machine.docker("create", "--network=none", "--name", name, busybox, environ=environ)
    if start:
        machine.docker("start", name, environ=environ)
    said = machine.docker("create", "--name", name, busybox, environ=environ)
    found = machine.world(environ).causes_of(said)
    machine.docker("rm", "--force", name, environ=environ)
    assert ("container-name-taken", [cause]) == found


@pytest.mark.usefixtures("network")
@pytest.mark.parametrize(("by", "cause"), [("container", "another-container"), ("program", "another-program")])
def test_a_port_that_somebody_else_has(machine: Machine, folder: Path, by: str, cause: str) -> None:
    (machine.root / "proc").rmdir()
    (machine.root / "proc").symlink_to("/proc")
    publish = ("run", "--detach", "--publish=8080:80", "sleeper")
    with Dockerd(folder, "--bridge=", "--bip=10.98.0.1/24") as daemon, socket.socket() as program:
        environ = {"DOCKER_HOST": daemon.socket}
        change = 'CMD ["/busybox", "sleep", "600"]'
        machine.docker("import", "--change", change, str(busybox_tar(machine)), "sleeper", environ=environ)
        if by == "program":
            program.bind(("0.0.0.0", 8080))
            program.listen()
        else:
            machine.docker(*publish, environ=environ)
        said = machine.docker(*publish, environ=environ)
        found = machine.world(environ).causes_of(said)
        machine.docker("rm", "--force", *machine.docker("ps", "-aq", environ=environ).split(), environ=environ)
    assert ("port-taken", [cause]) == found


def busybox_tar(machine: Machine) -> Path:
    file = machine.home / "busybox.tar"
    with tarfile.open(file, mode="w") as tar:
        tar.add("/bin/busybox", arcname="busybox")
    return file


# --- TLS, on ports of a network of one's own -------------------------------------------------------------------------


@pytest.mark.usefixtures("network")
def test_an_engine_that_speaks_tls_is_spoken_to_plainly(machine: Machine, papers: Papers, folder: Path) -> None:
    host = "tcp://127.0.0.1:7000"
    with Dockerd(folder, *papers.engine, "--host=tcp://127.0.0.1:7000"):
        said = machine.docker("ps", environ={"DOCKER_HOST": host})
        found = machine.world({"DOCKER_HOST": host}).causes_of(said)
    assert ("engine-wrong-scheme", ["engine-speaks-tls"]) == found


@pytest.mark.usefixtures("network")
def test_an_engine_that_speaks_plainly_is_spoken_to_with_tls(machine: Machine, papers: Papers, folder: Path) -> None:
    environ = {"DOCKER_HOST": "tcp://127.0.0.1:7000", "DOCKER_TLS_VERIFY": "1", "DOCKER_CERT_PATH": str(papers.client)}
    with Dockerd(folder, "--host=tcp://127.0.0.1:7000", "--tls=false"):
        said = machine.docker("ps", environ=environ)
        found = machine.world(environ).causes_of(said)
    assert ("engine-wrong-scheme", ["engine-speaks-plainly"]) == found


@pytest.mark.usefixtures("network")
def test_certificates_of_another_engine_and_none_at_all(machine: Machine, papers: Papers, folder: Path) -> None:
    environ = {"DOCKER_HOST": "tcp://127.0.0.1:7000", "DOCKER_TLS_VERIFY": "1"}
    folders = {papers.stranger: "certificates-of-another-engine", papers.without_pair: "client-certificate-missing"}
    with Dockerd(folder, *papers.engine, "--host=tcp://127.0.0.1:7000"):
        for certificates, cause in folders.items():
            every = {**environ, "DOCKER_CERT_PATH": str(certificates)}
            said = machine.docker("ps", environ=every)
            assert ("engine-certificate-refused", [cause]) == machine.world(every).causes_of(said)


def test_a_folder_without_certificates(machine: Machine, folder: Path) -> None:
    (folder / "empty").mkdir()
    environ = {"DOCKER_HOST": "tcp://127.0.0.1:2376", "DOCKER_TLS_VERIFY": "1", "DOCKER_CERT_PATH": f"{folder}/empty"}
    said = machine.docker("ps", environ=environ)
    assert ("docker-certificates-missing", ["certificates-nowhere"]) == machine.world(environ).causes_of(said)


# --- Docker-in-Docker ------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("network")
def test_a_service_with_tls_is_looked_for_on_the_plain_port(machine: Machine, papers: Papers, folder: Path) -> None:
    host = "tcp://127.0.0.1:2375"
    with Dockerd(folder, *papers.engine, "--host=tcp://127.0.0.1:2376"):
        said = machine.docker("ps", environ={"DOCKER_HOST": host})
        found = machine.world({"DOCKER_HOST": host}).causes_of(said)
    assert ("daemon-not-reachable-tcp", ["daemon-is-on-the-tls-port"]) == found


@pytest.mark.usefixtures("network")
def test_a_service_without_tls_is_looked_for_on_the_tls_port(machine: Machine, papers: Papers, folder: Path) -> None:
    environ = {"DOCKER_HOST": "tcp://127.0.0.1:2376", "DOCKER_TLS_VERIFY": "1", "DOCKER_CERT_PATH": str(papers.client)}
    with Dockerd(folder, "--host=tcp://127.0.0.1:2375", "--tls=false"):
        said = machine.docker("ps", environ=environ)
        found = machine.world(environ).causes_of(said)
    assert ("daemon-not-reachable-tcp", ["daemon-is-on-the-plain-port"]) == found


@pytest.mark.usefixtures("network")
def test_a_service_that_has_ended(machine: Machine) -> None:
    host = "tcp://127.0.0.1:2375"
    said = machine.docker("ps", environ={"DOCKER_HOST": host})
    assert ("daemon-not-reachable-tcp", ["service-does-not-run"]) == machine.world({"DOCKER_HOST": host}).causes_of(
        said
    )


def test_a_runner_whose_containers_are_not_privileged(machine: Machine) -> None:
    settings = machine.root / "etc" / "gitlab-runner" / "config.toml"
    settings.parent.mkdir()
    settings.write_text('[[runners]]\n  executor = "docker"\n  [runners.docker]\n    privileged = false\n')
    said = "Service container logs:\nmount: permission denied (are you root?)\nCould not mount /sys/kernel/security.\n"
    assert ("dind-not-privileged", ["runner-not-privileged"]) == machine.world().causes_of(said)
