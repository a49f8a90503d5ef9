"""What the probe of Compose tells of its programs and files."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.doctor.probes.ground import facts_of, programs_in, scene_in
from wharf.doctor.scene import Aim


def test_there_may_be_neither_program(tmp_path: Path) -> None:
    told = facts_of("compose", scene_in(tmp_path, PATH=str(tmp_path)))
    assert (False, False, False) == (told["plugin"], told["legacy"], told["file_here"])


def test_the_old_program_tells_its_version(tmp_path: Path) -> None:
    path = programs_in(tmp_path, docker_compose="echo 1.29.2")
    told = facts_of("compose", scene_in(tmp_path, PATH=path))
    assert (True, "1.29.2") == (told["legacy"], told["version"])


def test_a_program_that_hangs_is_not_waited_for(tmp_path: Path) -> None:
    path = programs_in(tmp_path, docker_compose="sleep 60")
    scene = replace(scene_in(tmp_path, PATH=path), patience=0.2)
    assert "version" not in facts_of("compose", scene)


@pytest.mark.parametrize("name", ["compose.yaml", "docker-compose.yml"])
def test_the_file_may_lie_above(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("services: {}\n")
    assert facts_of("compose", scene_in(tmp_path, PATH=str(tmp_path)))["file_here"] is True


@pytest.mark.parametrize(
    ("env_file", "environ", "expected"),
    [
        ("IMAGE_TAG=1.0\n", {}, True),
        ("export IMAGE_TAG='1.0'\n", {}, True),
        ("IMAGE_TAG=\n", {}, False),
        ("IMAGE_TAGS=1.0\n", {}, False),
        ("", {"IMAGE_TAG": "1.0"}, True),
        ("", {"IMAGE_TAG": ""}, False),
    ],
)
def test_a_variable_is_set_or_it_is_not(tmp_path: Path, env_file: str, environ: dict[str, str], expected: bool) -> None:
    files, aim = {"home/mina/.env": env_file}, Aim(variable="image_tag")
    scene = scene_in(tmp_path, files, aim=aim, more=environ, PATH=str(tmp_path))
    assert expected is facts_of("compose", scene)["variable_set"]
