import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.doctor.probes.ground import facts_of, scene_in


@pytest.fixture
def short() -> Iterator[Path]:
    """Sockets have short paths only."""
    with tempfile.TemporaryDirectory(prefix="wharf-", dir="/tmp") as folder:
        yield Path(folder)


def test_it_is_not_here(tmp_path: Path) -> None:
    assert {"installed": False, "running": False} == facts_of("desktop", scene_in(tmp_path))


@pytest.mark.parametrize(
    ("platform", "mark"),
    [
        ("linux", "opt/docker-desktop/bin"),
        ("darwin", "Applications/Docker.app/Contents"),
        ("win32", "Program Files/Docker/Docker/Docker Desktop.exe"),
    ],
)
def test_it_is_installed_and_does_not_run(tmp_path: Path, platform: str, mark: str) -> None:
    scene = scene_in(tmp_path, {mark: ""}, platform=platform)
    assert {"installed": True, "running": False} == facts_of("desktop", scene)


@pytest.mark.parametrize(("platform", "place"), [("linux", ".docker/desktop"), ("darwin", ".docker/run")])
def test_it_runs_where_its_socket_is_listened_at(short: Path, platform: str, place: str) -> None:
    scene = scene_in(short, {f"home/mina/{place}/mark": ""}, platform=platform)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(scene.home / place / "docker.sock"))
        assert facts_of("desktop", scene)["running"] is False
        listener.listen()
        assert {"installed": True, "running": True} == facts_of("desktop", scene)
