"""Compose and the shells around it, where they fail for one reason each."""

from pathlib import Path

import pytest

from tests.doctor.worlds.said import said
from tests.doctor.worlds.world import World, world_in

BLANK = 'level=warning msg="The "IMAGE_TAG" variable is not set. Defaulting to a blank string."'
COMPOSE = "services:\n  web:\n    image: ghcr.io/acme/web:${IMAGE_TAG}\n"


def world_of(folder: Path, files: dict[str, str], **environ: str) -> World:
    (folder / ".git").mkdir()
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content.encode())
    return world_in(folder, environ)


def with_programs(folder: Path, *names: str) -> str:
    """A value of PATH with nothing on it but these, and a shell."""
    (folder / "bin").mkdir()
    for name in names:
        (folder / "bin" / name).write_text("#!/bin/sh\necho 2.29.0\n")
        (folder / "bin" / name).chmod(0o755)
    return str(folder / "bin")


class TestVariables:
    def test_it_is_set_nowhere(self, tmp_path: Path) -> None:
        world = world_of(tmp_path, {"compose.yaml": COMPOSE}, PATH=with_programs(tmp_path))

        assert ("compose-variable-blank", ["set-nowhere"]) == world.causes_of(BLANK)

    def test_it_is_set_here_only(self, tmp_path: Path) -> None:
        world = world_of(tmp_path, {"compose.yaml": COMPOSE, ".env": "IMAGE_TAG=1\n"}, PATH=with_programs(tmp_path))

        assert ("compose-variable-blank", ["set-here-only"]) == world.causes_of(BLANK)

    def test_a_malformed_one(self, tmp_path: Path) -> None:
        world = world_of(
            tmp_path, {"compose.yaml": "services:\n  web:\n    image: ghcr.io/acme/web:${{ github.sha }}\n"}
        )
        text = 'ERROR: Invalid interpolation format for "image" option in service "web": "acme/web:${{ github.sha }}"'

        assert ("compose-interpolation-invalid", ["dollar-or-braces"]) == world.causes_of(text)


class TestFiles:
    def test_the_command_runs_in_another_folder(self, tmp_path: Path) -> None:
        world = world_of(tmp_path, {}, PATH=with_programs(tmp_path))

        assert ("compose-file-not-found", ["other-folder"]) == world.causes_of(
            "no configuration file provided: not found"
        )

    def test_the_file_is_here(self, tmp_path: Path) -> None:
        world = world_of(tmp_path, {"compose.yaml": COMPOSE}, PATH=with_programs(tmp_path))

        assert ("compose-file-not-found", ["here-and-not-there"]) == world.causes_of(
            "no configuration file provided: not found"
        )

    @pytest.mark.parametrize(
        ("files", "cause"),
        [
            ({}, "not-in-git"),
            ({".env.prod": "A=1\n"}, "here-and-not-there"),
            ({"deploy/.env.prod": "A=1\n"}, "in-another-folder"),
        ],
    )
    def test_the_file_of_variables(self, tmp_path: Path, files: dict[str, str], cause: str) -> None:
        world = world_of(tmp_path, {"compose.yaml": COMPOSE, **files})
        text = "env file /srv/app/.env.prod not found: stat /srv/app/.env.prod: no such file or directory"

        assert ("compose-env-file-missing", [cause]) == world.causes_of(text)


class TestPrograms:
    def test_no_compose_at_all(self, tmp_path: Path) -> None:
        world = world_of(tmp_path, {}, PATH=with_programs(tmp_path))
        told = said(world, "/bin/sh", "-c", "docker-compose up -d")

        assert ("compose-v1-missing", ["no-compose-at-all"]) == world.causes_of(told)

    def test_the_old_program_with_a_new_engine(self, tmp_path: Path) -> None:
        world = world_of(tmp_path, {}, PATH=with_programs(tmp_path, "docker-compose"))

        assert ("compose-v1-broken", ["program-too-old"]) == world.causes_of("KeyError: 'ContainerConfig'")


def test_a_script_with_windows_line_ends(tmp_path: Path) -> None:
    world = world_of(
        tmp_path,
        {
            "Dockerfile": 'FROM scratch\nCOPY run.sh /\nENTRYPOINT ["/run.sh"]\n',
            "run.sh": "#!/usr/bin/env bash\r\ntrue\r\n",
        },
    )
    (tmp_path / "run.sh").chmod(0o755)
    told = said(world, "/bin/sh", "-c", "./run.sh")

    assert ("script-with-windows-line-ends", ["git-changed-them"]) == world.causes_of(told)


@pytest.mark.parametrize(
    ("text", "signature", "cause"),
    [
        (
            "dependency failed to start: container app-db-1 is unhealthy",
            "compose-dependency-failed",
            "health-check-fails",
        ),
        ("dependency failed to start: container app-db-1 exited (1)", "compose-dependency-failed", "ended"),
        ("network proxy declared as external, but could not be found", "compose-network-trouble", "not-created"),
        ("Error response from daemon: network 3f8a6d1c not found", "compose-network-trouble", "removed-since"),
        (
            "<3>WSL (8) ERROR: CreateProcessCommon:800: execvpe(/bin/bash) failed: No such file",
            "shell-missing-on-windows",
            "bash-of-wsl",
        ),
        ("##[error]pwsh: command not found", "shell-missing-on-windows", "powershell-7-absent"),
    ],
)
def test_what_the_message_itself_decides(tmp_path: Path, text: str, signature: str, cause: str) -> None:
    assert (signature, [cause]) == world_of(tmp_path, {}).causes_of(text)
