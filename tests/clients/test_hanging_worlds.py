"""A machine on which everything hangs: engines, plug-ins, programs, the cluster. Nobody waits for any of it."""

import asyncio
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest

from tests.clients.small_cluster import kubeconfig
from tests.doctor.probes.ground import programs_in, scene_in
from tests.doctor.worlds.world import World
from wharf.cli.explain.asking import answered, diagnosed
from wharf.doctor.language import Language
from wharf.doctor.probe import ProbeId
from wharf.doctor.probing import probed
from wharf.doctor.scene import Aim, Scene
from wharf.doctor.seen import Seen

pytestmark = pytest.mark.slow

LONGEST = 50.0
"""In seconds. What hangs here hangs for a minute: nobody waits until it ends by itself, however busy the machine is."""
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
        yield replace(made, patience=4.0, patience_with_all=LONGEST)


@pytest.mark.parametrize("kubectl_is_real", [False, True])
def test_all_of_it_is_over_in_time(scene: Scene, silent_port: int, kubectl_is_real: bool) -> None:
    path = "/usr/local/bin:/usr/bin:/bin" if kubectl_is_real else scene.environ["PATH"]
    environ = {**scene.environ, "PATH": path, "DOCKER_HOST": f"tcp://127.0.0.1:{silent_port}"}
    assert () == World(replace(scene, environ=environ)).probed(*PROBES).unseen


@pytest.mark.parametrize("probe", PROBES)
def test_each_of_them_tells_what_it_could_see(scene: Scene, probe: str) -> None:
    assert World(scene).probed(probe).facts.known


def test_what_hangs_keeps_nobody_else_from_looking(scene: Scene) -> None:
    """Each of many registries sends every probe, on a machine that may have two processors."""
    every = asyncio.run(_all_at_once(scene))
    assert [()] * len(every) == [seen.unseen for seen in every]


async def _all_at_once(scene: Scene) -> list[Seen]:
    return await asyncio.gather(*(probed(map(ProbeId, (*PROBES, "session", "variables")), scene) for _ in range(4)))


def test_several_failures_of_one_log_take_no_longer_than_one(scene: Scene) -> None:
    log = (
        "Error response from daemon: No such container: web\n"
        "ERROR: Cache export is not supported for the docker driver.\n"
        'Error response from daemon: Conflict. The container name "/db" is already in use by container "c44a".\n'
    )
    found = diagnosed(BytesIO(log.encode()), scene)
    started = time.monotonic()
    told = asyncio.run(answered(found, scene, Language.ENGLISH, offline=False, progress=lambda _: None))
    assert time.monotonic() - started < LONGEST
    assert len(told.failures) > 1
