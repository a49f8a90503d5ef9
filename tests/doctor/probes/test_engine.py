"""What the probe of the engine tells, of an engine that answers and of what is there in its place."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.doctor.engines.small_engine import VERSION, small_engine
from tests.doctor.probes.ground import facts_of, programs_in, said_of, scene_in
from wharf.doctor.facts import Known
from wharf.doctor.scene import Aim
from wharf.oci.reference import Reference

INFO: dict[str, object] = {
    "Driver": "overlay2",
    "DriverStatus": [["Backing Filesystem", "extfs"]],
    "SecurityOptions": ["name=seccomp,profile=default"],
    "RegistryConfig": {
        "IndexConfigs": {"registry.example:5000": {"Secure": False}, "docker.io": {"Secure": True}},
        "InsecureRegistryCIDRs": ["127.0.0.0/8"],
        "Mirrors": ["https://mirror.example/"],
    },
    "HttpProxy": "http://robot:s3cr3t@proxy.example:3128",
}
APP = Reference.parse("ghcr.io/acme/hamalog-backend:1.0")


def facts(tmp_path: Path, answers: Mapping[str, object], aim: Aim | None = None, **environ: str) -> dict[str, Known]:
    with small_engine(tmp_path / "engine.sock", answers):
        scene = scene_in(tmp_path, aim=aim, more={"DOCKER_HOST": "unix:///engine.sock", **environ})
        return facts_of("engine", scene)


def test_it_tells_what_answers(tmp_path: Path) -> None:
    told = facts(tmp_path, {"/info": INFO})
    assert ("answers", "docker", "28.2.2", "1.50", "overlay2") == tuple(
        told[name] for name in ("outcome", "kind", "version", "api_version", "storage")
    )
    assert (False, True) == (told["containerd_store"], told["has_mirror"])


def test_the_store_of_containerd_is_known_by_its_driver(tmp_path: Path) -> None:
    info = {**INFO, "DriverStatus": [["driver-type", "io.containerd.snapshotter.v1"]]}
    assert facts(tmp_path, {"/info": info})["containerd_store"] is True


@pytest.mark.parametrize(
    ("registry", "expected"),
    [("registry.example:5000", True), ("127.0.0.1:5000", True), ("localhost:5000", True), ("registry.example", False)],
)
def test_it_tells_which_registries_are_insecure(tmp_path: Path, registry: str, expected: bool) -> None:
    assert expected is facts(tmp_path, {"/info": INFO}, Aim(registry=registry))["insecure_here"]


@pytest.mark.parametrize(("architecture", "expected"), [("amd64", True), ("arm64", False)])
def test_it_tells_whether_the_image_that_is_there_fits(tmp_path: Path, architecture: str, expected: bool) -> None:
    answers = {f"/images/{APP}/json": {"Os": "linux", "Architecture": architecture}}
    told = facts(tmp_path, answers, Aim(registry=APP.registry, reference=APP))
    assert (True, expected) == (told["has_image"], told["image_fits"])


def test_it_tells_that_an_image_is_not_there(tmp_path: Path) -> None:
    assert facts(tmp_path, {}, Aim(registry=APP.registry, reference=APP))["has_image"] is False


def test_the_version_that_the_text_names_is_held_beside_the_engines(tmp_path: Path) -> None:
    log = "Error response from daemon: client version 1.22 is too old. Minimum supported API version is 1.24"
    told = facts(tmp_path, {}, Aim(log=log))
    assert ("version-refused", True, False) == (told["outcome"], told["client_too_old"], told["client_too_new"])


def test_a_docker_command_agrees_on_a_lower_version(tmp_path: Path) -> None:
    path = programs_in(tmp_path, docker="echo 1.99")
    told = facts(tmp_path, {}, PATH=path)
    assert ("answers", False) == (told["outcome"], told["client_too_new"])


def test_a_docker_command_that_is_too_old_for_the_engine_is_told(tmp_path: Path) -> None:
    path = programs_in(tmp_path, docker="echo 1.41")
    told = facts(tmp_path, {"/version": {**VERSION, "MinAPIVersion": "1.44"}}, PATH=path)
    assert ("version-refused", True) == (told["outcome"], told["client_too_old"])


CONTAINERS = [{"Names": ["/web"], "State": "exited", "Ports": []}, {"Names": ["/db"], "State": "running"}]


@pytest.mark.parametrize(("name", "expected"), [("web", "by-stopped"), ("db", "by-running"), ("other", "no")])
def test_it_tells_who_has_a_name(tmp_path: Path, name: str, expected: str) -> None:
    log = f'Conflict. The container name "/{name}" is already in use by container "4f2a". You have to remove it.'
    assert expected == facts(tmp_path, {"/containers/json?all=1": CONTAINERS}, Aim(log=log))["name_taken"]


LISTENING = "  sl  local_address rem_address   st\n   0: 00000000:1F90 00000000:0000 0A 00000000:00000000\n"


@pytest.mark.parametrize(
    ("ports", "table", "expected"),
    [([{"PublicPort": 8080}], LISTENING, "by-container"), ([], LISTENING, "by-program"), ([], "head\n", "no")],
)
def test_it_tells_who_has_a_port(tmp_path: Path, ports: list[object], table: str, expected: str) -> None:
    (tmp_path / "proc" / "net").mkdir(parents=True)
    (tmp_path / "proc" / "net" / "tcp").write_text(table)
    containers = [{"Names": ["/web"], "State": "running", "Ports": ports}]
    aim = Aim(log="Bind for 0.0.0.0:8080 failed: port is already allocated")
    assert expected == facts(tmp_path, {"/containers/json": containers}, aim)["port_taken"]


def test_an_engine_at_another_socket_is_found(tmp_path: Path) -> None:
    (tmp_path / "run" / "podman").mkdir(parents=True)
    with small_engine(tmp_path / "run" / "podman" / "podman.sock", {}):
        told = facts_of("engine", scene_in(tmp_path))
    assert ("no-socket", True) == (told["outcome"], told["other_socket_answers"])


def test_an_engine_that_runs_is_a_process(tmp_path: Path) -> None:
    scene = scene_in(tmp_path, {"proc/7/cmdline": "/usr/bin/dockerd\0-H\0fd://\0", "proc/8/cmdline": "sh\0"})
    assert facts_of("engine", scene)["process"] is True


def test_an_engine_that_is_installed_is_found_off_the_path(tmp_path: Path) -> None:
    there = scene_in(tmp_path / "with", {"usr/bin/dockerd": ""}, PATH=str(tmp_path))
    without = scene_in(tmp_path / "without", PATH=str(tmp_path))
    assert (True, False) == (facts_of("engine", there)["installed"], facts_of("engine", without)["installed"])


@pytest.mark.parametrize(
    ("log", "expected"), [("Cannot connect to Podman.", True), ("Is the docker daemon running?", False)]
)
def test_podman_is_an_engine_for_podman(tmp_path: Path, log: str, expected: bool) -> None:
    scene = scene_in(tmp_path, aim=Aim(log=log), PATH=programs_in(tmp_path, podman="exit 1").partition(":")[0])
    assert expected is facts_of("engine", scene)["installed"]


def test_a_password_in_an_address_is_not_told(tmp_path: Path) -> None:
    scene = scene_in(tmp_path, DOCKER_HOST="tcp://robot:s3cr3t@127.0.0.1:1")
    assert "The name" not in said_of("engine", "outcome", scene)
    assert "s3cr3t" not in json.dumps([said_of("engine", name, scene) for name in ("from", "outcome")])
