"""What the probe of daemon.json tells of it, and of what dockerd has loaded."""

import json
from pathlib import Path

import pytest

from tests.doctor.engines.small_engine import small_engine
from tests.doctor.probes.ground import facts_of, scene_in
from wharf.doctor.facts import Known
from wharf.doctor.scene import Aim

FILE = "etc/docker/daemon.json"
HERE = "registry.example:5000"


def facts(tmp_path: Path, settings: object, loaded: tuple[str, ...] | None = None) -> dict[str, Known]:
    files = {FILE: json.dumps(settings)}
    scene = scene_in(tmp_path, files, aim=Aim(registry=HERE), DOCKER_HOST="unix:///engine.sock")
    if loaded is None:
        return facts_of("daemon-config", scene)
    info = {"RegistryConfig": {"IndexConfigs": {name: {"Secure": False} for name in loaded}}}
    with small_engine(tmp_path / "engine.sock", {"/info": info}):
        return facts_of("daemon-config", scene)


def test_there_may_be_none(tmp_path: Path) -> None:
    told = facts_of("daemon-config", scene_in(tmp_path, aim=Aim(registry=HERE)))
    assert (False, False) == (told["present"], told["insecure_here"])


def test_it_tells_what_it_says_of_a_registry(tmp_path: Path) -> None:
    told = facts(tmp_path, {"insecure-registries": [HERE], "registry-mirrors": ["https://mirror.example"]})
    assert ("whole", True, True, False) == tuple(
        told[name] for name in ("form", "insecure_here", "mirrors", "insecure_malformed")
    )


@pytest.mark.parametrize("entry", [f"http://{HERE}", f"{HERE}/v2", ""])
def test_an_entry_that_is_no_host_is_told(tmp_path: Path, entry: str) -> None:
    told = facts(tmp_path, {"insecure-registries": [entry]})
    assert (True, False) == (told["insecure_malformed"], told["insecure_here"])


@pytest.mark.parametrize(("loaded", "expected"), [((), True), ((HERE,), False)])
def test_what_dockerd_has_not_loaded_is_told(tmp_path: Path, loaded: tuple[str, ...], expected: bool) -> None:
    assert expected is facts(tmp_path, {"insecure-registries": [HERE]}, loaded)["not_loaded"]


def test_without_dockerd_nothing_is_known_of_what_is_loaded(tmp_path: Path) -> None:
    assert "not_loaded" not in facts(tmp_path, {"insecure-registries": [HERE]})
