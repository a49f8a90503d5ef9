"""Engines that do not answer as docker wants it, what docker says of that, and the cause that the doctor names."""

import io
import socket
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.clients.conftest import need
from tests.clients.dockerd import Dockerd, DockerdDidNotStart
from tests.clients.engine_shop import Machine, Papers, plain_registry, somebody_else
from tests.clients.own_network import ADDRESS, own_network
from tests.doctor.worlds.world import World

pytestmark = pytest.mark.slow


@pytest.fixture
def machine(folder: Path) -> Machine:
    need("docker", "dockerd")
    folder.chmod(0o755)
    return Machine.in_folder(folder)


@pytest.fixture
def network() -> Iterator[None]:
    need("ip")
    with own_network():
        yield


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
        "import", "--change", 'CMD ["/busybox", "sleep", "60"]', str(busybox_tar(machine)), busybox, environ=environ
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
        change = 'CMD ["/busybox", "sleep", "60"]'
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


# --- registries that dockerd is to take for insecure -----------------------------------------------------------------


def insecure_world(machine: Machine, folder: Path, before: str, after: str) -> tuple[str, list[str]]:
    """`before`: daemon.json when dockerd starts; `after`: when docker fails."""
    settings = folder / "daemon.json"
    settings.write_text(before)
    with (
        plain_registry(ADDRESS) as host,
        Dockerd(folder, f"--config-file={settings}") as daemon,
    ):
        settings.write_text(after.replace("HOST", host))
        said = machine.docker("pull", f"{host}/crew/app:1.0", environ={"DOCKER_HOST": daemon.socket})
        (machine.root / "proc").rmdir()
        (machine.root / "proc").symlink_to("/proc")
        return machine.about(f"{host}/crew/app:1.0", {"DOCKER_HOST": daemon.socket}).causes_of(said)


@pytest.mark.usefixtures("network")
def test_a_plain_registry_that_is_not_listed(machine: Machine, folder: Path) -> None:
    found = insecure_world(machine, folder, "{}", "{}")
    assert ("registry-speaks-plain-http", ["not-listed"]) == found


@pytest.mark.usefixtures("network")
def test_a_plain_registry_that_is_listed_and_not_loaded(machine: Machine, folder: Path) -> None:
    found = insecure_world(machine, folder, "{}", '{"insecure-registries": ["HOST"]}')
    assert ("registry-speaks-plain-http", ["listed-not-loaded"]) == found


@pytest.mark.usefixtures("network")
def test_a_plain_registry_that_is_listed_as_an_address(machine: Machine, folder: Path) -> None:
    found = insecure_world(machine, folder, "{}", '{"insecure-registries": ["http://HOST/v2"]}')
    assert ("registry-speaks-plain-http", ["list-malformed"]) == found


# --- daemon.json -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings", "cause"),
    [
        (b'{"debug": true,}', "not-json"),
        (b"", "not-json"),
        (b'\xef\xbb\xbf{"debug": true}', "byte-order-mark"),
        (b'{"insecure-registry-list": []}', "unknown-key"),
        (b'{"registry-mirrors": "https://mirror.example"}', "value-of-another-kind"),
    ],
)
def test_a_daemon_json_that_dockerd_does_not_read(machine: Machine, folder: Path, settings: bytes, cause: str) -> None:
    assert ("daemon-config-malformed", [cause]) == refused_settings(machine, folder, settings)


def test_a_setting_that_is_given_twice(machine: Machine, folder: Path) -> None:
    unit = machine.root / "etc" / "systemd" / "system" / "docker.service"
    unit.parent.mkdir(parents=True)
    unit.write_text("[Service]\nExecStart=/usr/bin/dockerd -H fd://\n")
    found = refused_settings(machine, folder, b'{"hosts": ["unix:///var/run/docker.sock"]}')
    assert ("daemon-config-conflict", ["flag-and-file"]) == found


def refused_settings(machine: Machine, folder: Path, settings: bytes) -> tuple[str, list[str]]:
    file = machine.root / "etc" / "docker" / "daemon.json"
    file.parent.mkdir()
    file.write_bytes(settings)
    with pytest.raises(DockerdDidNotStart) as said, Dockerd(folder, f"--config-file={file}"):
        pass
    return machine.world().causes_of(str(said.value))


# --- disks -----------------------------------------------------------------------------------------------------------


def test_a_disk_that_is_full_where_the_engine_lies(machine: Machine, folder: Path) -> None:
    with engine_on_a_small_disk(folder, "size=48m") as (daemon, root):
        (folder / "large.tar").write_bytes(tar_of(("large", 64 << 20)))
        said = machine.docker("import", str(folder / "large.tar"), environ={"DOCKER_HOST": daemon.socket})
        found = seen_from(root, machine).world({"DOCKER_HOST": daemon.socket}).causes_of(said)
    assert ("disk-full", ["images-and-cache"]) == found


def test_a_disk_on_which_no_more_files_fit(machine: Machine, folder: Path) -> None:
    with engine_on_a_small_disk(folder, "size=400m,nr_inodes=600") as (daemon, root):
        data = root / folder.relative_to("/") / "data"
        (data / "many").mkdir()
        with suppress(OSError):
            for number in range(600):
                (data / "many" / str(number)).touch()
        (folder / "small.tar").write_bytes(tar_of(("small", 10)))
        said = machine.docker("import", str(folder / "small.tar"), environ={"DOCKER_HOST": daemon.socket})
        found = seen_from(root, machine).world({"DOCKER_HOST": daemon.socket}).causes_of(said)
    assert ("disk-full", ["inodes-used-up"]) == found


@contextmanager
def engine_on_a_small_disk(folder: Path, size: str) -> Iterator[tuple[Dockerd, Path]]:
    """The disk is mounted where only this engine and its children see it; the second value is what they see."""
    data = folder / "data"
    data.mkdir()
    mounted = ("unshare", "--mount", "sh", "-c", f'mount -t tmpfs -o {size} none "$0" && exec "$@"', str(data))
    with Dockerd(folder, before=mounted) as daemon:
        yield daemon, Path(f"/proc/{daemon.pid}/root")


def seen_from(root: Path, machine: Machine) -> Machine:
    return Machine(machine.home, root)


def tar_of(*files: tuple[str, int]) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        for name, size in files:
            member = tarfile.TarInfo(name)
            member.size = size
            tar.addfile(member, io.BytesIO(bytes(size)))
    return packed.getvalue()


def test_a_disk_that_is_mounted_read_only(machine: Machine, folder: Path) -> None:
    (folder / "locked").mkdir()
    mount = f"mount -t tmpfs -o ro none {folder}/locked && echo done && exec sleep 60"
    command = ["unshare", "--mount", "sh", "-c", mount]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        elsewhere = seen_from(Path(f"/proc/{holder.pid}/root"), machine)
        said = "Error response from daemon: open /var/lib/docker/tmp/GetImageBlob12: read-only file system"
        found = elsewhere.world({"TMPDIR": f"{folder}/locked"}).causes_of(said)
        holder.terminate()
    assert ("disk-read-only", ["mounted-read-only"]) == found


# --- Compose and buildx ----------------------------------------------------------------------------------------------


def test_a_docker_command_without_compose(machine: Machine) -> None:
    said = machine.docker("compose", "up")
    assert ("compose-plugin-missing", ["plugin-not-installed"]) == machine.world().causes_of(said)


def test_a_docker_command_without_buildx(machine: Machine) -> None:
    said = machine.docker("buildx", "ls")
    assert ("buildx-missing", ["not-installed"]) == machine.world().causes_of(said)


def test_a_script_that_calls_the_old_compose(machine: Machine) -> None:
    plugin = machine.home / ".docker" / "cli-plugins" / "docker-compose"
    plugin.parent.mkdir()
    plugin.write_text("""#!/bin/sh\necho '{"SchemaVersion": "0.1.0", "Vendor": "Docker", "Version": "v2.36.0"}'\n""")
    plugin.chmod(0o755)
    said = "./deploy.sh: line 12: docker-compose: command not found"
    assert ("compose-v1-missing", ["only-the-plugin-is-here"]) == machine.world().causes_of(said)


def test_a_cache_that_the_engines_own_builder_does_not_export(machine: Machine, dockerd: Dockerd) -> None:
    said = "ERROR: Cache export is not supported for the docker driver.\nSwitch to a different driver, and try again."
    found = machine.world({"DOCKER_HOST": dockerd.socket}).causes_of(said)
    assert ("builder-driver-lacks-feature", ["docker-driver"]) == found


@pytest.mark.parametrize(("environ", "cause"), [({}, "set-nowhere"), ({"IMAGE_TAG": "1.0"}, "set-here-only")])
def test_a_variable_that_compose_does_not_find(machine: Machine, environ: dict[str, str], cause: str) -> None:
    said = 'level=warning msg="The \\"IMAGE_TAG\\" variable is not set. Defaulting to a blank string."'
    assert ("compose-variable-blank", [cause]) == machine.world(environ).causes_of(said)
