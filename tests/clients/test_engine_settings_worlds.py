"""Engines whose settings, disks and plug-ins are not as docker needs them, and the cause that the doctor names."""

import io
import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.clients.daemon import DaemonDidNotStart
from tests.clients.dockerd import Dockerd
from tests.clients.engine_shop import Machine, plain_registry
from tests.clients.own_network import ADDRESS

pytestmark = pytest.mark.slow


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
    with pytest.raises(DaemonDidNotStart) as said, Dockerd(folder, f"--config-file={file}"):
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
    programs = machine.home / "bin"
    programs.mkdir()
    (programs / "docker").symlink_to(str(shutil.which("docker")))
    said = "./deploy.sh: line 12: docker-compose: command not found"
    found = machine.world({"PATH": str(programs)}).causes_of(said)
    assert ("compose-v1-missing", ["only-the-plugin-is-here"]) == found


def test_a_cache_that_the_engines_own_builder_does_not_export(machine: Machine, dockerd: Dockerd) -> None:
    said = "ERROR: Cache export is not supported for the docker driver.\nSwitch to a different driver, and try again."
    found = machine.world({"DOCKER_HOST": dockerd.socket}).causes_of(said)
    assert ("builder-driver-lacks-feature", ["docker-driver"]) == found


@pytest.mark.parametrize(("environ", "cause"), [({}, "set-nowhere"), ({"IMAGE_TAG": "1.0"}, "set-here-only")])
def test_a_variable_that_compose_does_not_find(machine: Machine, environ: dict[str, str], cause: str) -> None:
    said = 'level=warning msg="The \\"IMAGE_TAG\\" variable is not set. Defaulting to a blank string."'
    assert ("compose-variable-blank", [cause]) == machine.world(environ).causes_of(said)
