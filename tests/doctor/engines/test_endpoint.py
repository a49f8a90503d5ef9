"""Where the docker command looks for its engine."""

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.doctor.worlds.world import world_in
from wharf.doctor.engines.endpoint import Found, NamedBy, Route, endpoint_of, read_address
from wharf.doctor.scene import Aim, Scene

ROOT = Path("/")
UNREACHED = "Cannot connect to the Docker daemon at {}. Is the docker daemon running?"


def scene_of(home: Path, log: str = "", **environ: str) -> Scene:
    return replace(world_in(home, environ).scene, aim=Aim(log=log))


def context_in(home: Path, name: str, host: str) -> Path:
    identity = hashlib.sha256(name.encode()).hexdigest()
    meta = home / ".docker" / "contexts" / "meta" / identity
    meta.mkdir(parents=True)
    (meta / "meta.json").write_text(json.dumps({"Name": name, "Endpoints": {"docker": {"Host": host}}}))
    return home / ".docker" / "contexts" / "tls" / identity / "docker"


def text_of(found: Found) -> str:
    assert found.endpoint is not None
    return found.endpoint.text


def test_it_is_the_usual_socket_where_nothing_is_said(tmp_path: Path) -> None:
    found = endpoint_of(scene_of(tmp_path))
    assert ("unix:///var/run/docker.sock", NamedBy.DEFAULT) == (text_of(found), found.named_by)


def test_on_windows_it_is_a_pipe(tmp_path: Path) -> None:
    scene = replace(scene_of(tmp_path), platform="win32")
    assert "npipe:////./pipe/docker_engine" == text_of(endpoint_of(scene))


def test_docker_host_comes_before_a_context(tmp_path: Path) -> None:
    context_in(tmp_path, "staging", "tcp://staging.example:2376")
    found = endpoint_of(scene_of(tmp_path, DOCKER_HOST="tcp://docker:2375", DOCKER_CONTEXT="staging"))
    assert ("tcp://docker:2375", NamedBy.DOCKER_HOST) == (text_of(found), found.named_by)


def test_the_context_of_config_json_is_used(tmp_path: Path) -> None:
    context_in(tmp_path, "staging", "ssh://deploy@staging.example")
    (tmp_path / ".docker" / "config.json").write_text('{"currentContext": "staging"}')
    found = endpoint_of(scene_of(tmp_path))
    assert ("ssh://staging.example", NamedBy.CONTEXT) == (text_of(found), found.named_by)


def test_a_context_that_has_certificates_speaks_tls(tmp_path: Path) -> None:
    context_in(tmp_path, "staging", "tcp://staging.example:2376").mkdir(parents=True)
    found = endpoint_of(scene_of(tmp_path, DOCKER_CONTEXT="staging"))
    assert found.endpoint is not None
    assert found.endpoint.certificates is not None


def test_a_context_that_is_not_there_leads_nowhere(tmp_path: Path) -> None:
    assert Found(None, NamedBy.CONTEXT_MISSING, "gone") == endpoint_of(scene_of(tmp_path, DOCKER_CONTEXT="gone"))


def test_the_context_called_default_is_none(tmp_path: Path) -> None:
    assert NamedBy.DEFAULT is endpoint_of(scene_of(tmp_path, DOCKER_CONTEXT="default")).named_by


@pytest.mark.parametrize(
    ("log", "expected"),
    [
        (UNREACHED.format("tcp://docker:2375"), "tcp://docker:2375"),
        (UNREACHED.format("unix:///run/user/1000/docker.sock"), "unix:///run/user/1000/docker.sock"),
        ('error during connect: Get "http://docker:2375/v1.24/info": dial tcp: lookup docker', "tcp://docker:2375"),
        (
            "unable to connect to Podman socket: dial unix /run/podman/podman.sock: connect: no",
            "unix:///run/podman/podman.sock",
        ),
        ('error during connect: Get "http://%2Frun%2Fx.sock/v1.24/info": dial unix', "unix:///run/x.sock"),
    ],
)
def test_what_the_text_names_is_looked_at_where_nothing_else_is_said(tmp_path: Path, log: str, expected: str) -> None:
    found = endpoint_of(scene_of(tmp_path, log))
    assert (expected, NamedBy.TEXT) == (text_of(found), found.named_by)


def test_a_text_about_the_usual_socket_says_nothing_new(tmp_path: Path) -> None:
    log = UNREACHED.format("unix:///var/run/docker.sock")
    assert NamedBy.DEFAULT is endpoint_of(scene_of(tmp_path, log)).named_by


@pytest.mark.parametrize(
    ("text", "route", "shown"),
    [
        ("tcp://docker", Route.TCP, "tcp://docker"),
        ("docker:2375", Route.TCP, "tcp://docker:2375"),
        ("tcp://[::1]:2375", Route.TCP, "tcp://[::1]:2375"),
        ("tcp://somebody:secret@docker:2375", Route.TCP, "tcp://docker:2375"),
        ("unix://", Route.SOCKET, "unix:///var/run/docker.sock"),
        ("https://docker:2376", Route.MALFORMED, "https://docker:2376"),
        ("tcp://docker:port", Route.MALFORMED, "tcp://docker:port"),
        ("tcp://docker:99999", Route.MALFORMED, "tcp://docker:99999"),
        ("tcp://:2375", Route.MALFORMED, "tcp://:2375"),
    ],
)
def test_an_address_is_read_as_docker_reads_it(text: str, route: Route, shown: str) -> None:
    endpoint = read_address(text, ROOT)
    assert (route, shown) == (endpoint.route, endpoint.text)


def test_a_socket_lies_below_the_root_of_the_scene() -> None:
    assert Path("/elsewhere/run/x.sock") == read_address("unix:///run/x.sock", Path("/elsewhere")).path


@settings(max_examples=80)
@given(st.text(max_size=60))
def test_no_address_is_too_strange(text: str) -> None:
    assert read_address(text, ROOT).route in Route
