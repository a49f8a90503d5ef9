"""A machine on which everything hangs: engines, plug-ins, programs, the cluster. Nobody waits for any of it."""

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from tests.clients.small_cluster import kubeconfig
from tests.doctor.probes.ground import programs_in, scene_in
from tests.doctor.worlds.world import World
from wharf.doctor.scene import Aim, Scene

pytestmark = pytest.mark.slow

LONGEST = 10.0
PROBES = ("engine", "daemon-config", "builder", "disk", "compose", "dind", "kubernetes")


@pytest.fixture
def silent_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        yield silent.getsockname()[1]


@pytest.fixture
def scene(tmp_path: Path, silent_port: int) -> Iterator[Scene]:
    with ExitStack() as silence:
        for place in ("var/run/docker.sock", "run/podman/podman.sock", "home/mina/.docker/run/docker.sock"):
            (tmp_path / place).parent.mkdir(parents=True)
            listener = silence.enter_context(socket.socket(socket.AF_UNIX))
            listener.bind(str(tmp_path / place))
            listener.listen()
        path = programs_in(tmp_path, **dict.fromkeys(("docker", "docker_compose", "kubectl"), "sleep 60"))
        plugins = tmp_path / "home" / "mina" / ".docker" / "cli-plugins"
        plugins.mkdir()
        programs_in(plugins, docker_buildx="sleep 60", docker_compose="sleep 60")
        kubeconfig(tmp_path / "home" / "mina" / ".kube" / "config", f"http://127.0.0.1:{silent_port}")
        made = scene_in(tmp_path, aim=Aim(registry="registry.example"), PATH=path)
        yield replace(made, patience=4.0)


@pytest.mark.parametrize("kubectl_is_real", [False, True])
def test_all_of_it_is_over_in_time(scene: Scene, silent_port: int, kubectl_is_real: bool) -> None:
    path = "/usr/local/bin:/usr/bin:/bin" if kubectl_is_real else scene.environ["PATH"]
    environ = {**scene.environ, "PATH": path, "DOCKER_HOST": f"tcp://127.0.0.1:{silent_port}"}
    started = time.monotonic()
    seen = World(replace(scene, environ=environ)).probed(*PROBES)
    assert time.monotonic() - started < LONGEST
    assert () == seen.unseen


@pytest.mark.parametrize("probe", PROBES)
def test_each_of_them_tells_what_it_could_see(scene: Scene, probe: str) -> None:
    started = time.monotonic()
    seen = World(scene).probed(probe)
    assert time.monotonic() - started < LONGEST
    assert seen.facts.known
