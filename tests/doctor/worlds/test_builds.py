"""Builds that fail for one reason each: in their folder, on the command line, in the programs that are there."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.client.raw_server import RawServer
from tests.clients.programs import missing
from tests.doctor.worlds.around_a_registry import world_about
from tests.doctor.worlds.said import docker, said
from tests.doctor.worlds.shelf import Shelf
from tests.doctor.worlds.world import World, world_in

FROM = "FROM scratch\n"
COPY = FROM + "COPY dist/app.js /app.js\n"


def world_of(folder: Path, **files: str | bytes) -> World:
    """A repository with these files; two underscores in a name stand for a slash, one for a dot."""
    (folder / ".git").mkdir()
    for name, content in files.items():
        place = folder / name.replace("__", "/").replace("_", ".")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content.encode() if isinstance(content, str) else content)
    return world_in(folder, {"DOCKER_BUILDKIT": "0"})


def built(world: World) -> str:
    return docker(world, "build", ".")


class TestTheFileThatACopyNames:
    """As buildah says it, which builds in this folder itself."""

    @pytest.fixture(autouse=True)
    def _needs_buildah(self) -> None:
        if os.geteuid() != 0 or missing("buildah"):
            pytest.skip("buildah builds here as root alone")

    @staticmethod
    def causes(world: World, store: Path) -> tuple[str, list[str]]:
        places = ("--root", str(store / "root"), "--runroot", str(store / "run"), "--storage-driver", "vfs")
        told = said(world, "buildah", *places, "bud", "--isolation", "chroot", "-f", "Dockerfile", ".")
        shutil.rmtree(store, ignore_errors=True)
        return world.causes_of(told)

    @pytest.fixture
    def store(self, tmp_path_factory: pytest.TempPathFactory) -> Path:
        return tmp_path_factory.mktemp("store")

    @pytest.mark.slow
    def test_nobody_made_it(self, tmp_path: Path, store: Path) -> None:
        world = world_of(tmp_path, Dockerfile=COPY)

        assert ("copy-source-not-found", ["not-made-before-the-build"]) == self.causes(world, store)

    @pytest.mark.slow
    def test_it_has_other_letters(self, tmp_path: Path, store: Path) -> None:
        world = world_of(tmp_path, Dockerfile=COPY, dist__App_js="")

        assert ("copy-source-not-found", ["other-letter-case"]) == self.causes(world, store)

    @pytest.mark.slow
    def test_it_lies_in_another_folder(self, tmp_path: Path, store: Path) -> None:
        world = world_of(tmp_path, Dockerfile=COPY, web__dist__app_js="")

        assert ("copy-source-not-found", ["context-is-another-folder"]) == self.causes(world, store)

    @pytest.mark.slow
    def test_another_stage_does_not_have_it(self, tmp_path: Path, store: Path) -> None:
        dockerfile = "FROM scratch AS build\nCOPY Dockerfile /x\nFROM scratch\nCOPY --from=build /dist/app.js /app.js\n"
        world = world_of(tmp_path, Dockerfile=dockerfile)

        assert ("copy-source-not-found", ["not-in-the-other-stage"]) == self.causes(world, store)


CHECKSUM = (
    "ERROR: failed to solve: failed to compute cache key: failed to calculate checksum of ref "
    '686290d4-7997::78wd65fbco1b: "{}": not found'
)


def test_the_ignore_file_keeps_it_out(tmp_path: Path) -> None:
    world = world_of(tmp_path, Dockerfile=COPY, dist__app_js="")
    (tmp_path / ".dockerignore").write_text("dist\n")

    assert ("copy-source-not-found", ["ignored"]) == world.causes_of(CHECKSUM.format("/dist/app.js"))


def test_it_is_here_and_was_not_there(tmp_path: Path) -> None:
    world = world_of(tmp_path, Dockerfile=COPY, dist__app_js="")

    assert ("copy-source-not-found", ["present-here-and-not-there"]) == world.causes_of(CHECKSUM.format("/dist/app.js"))


class TestTheDockerfile:
    @pytest.mark.slow
    def test_it_lies_in_another_folder(self, tmp_path: Path) -> None:
        world = world_of(tmp_path, docker__Dockerfile=FROM)

        assert ("dockerfile-not-found", ["elsewhere"]) == world.causes_of(built(world))

    @pytest.mark.slow
    def test_it_is_named_with_other_letters(self, tmp_path: Path) -> None:
        world = world_of(tmp_path, DockerFile=FROM)

        assert ("dockerfile-not-found", ["other-letter-case"]) == world.causes_of(built(world))

    @pytest.mark.slow
    def test_nothing_was_checked_out(self, tmp_path: Path) -> None:
        world = world_of(tmp_path)

        assert ("dockerfile-not-found", ["nothing-checked-out"]) == world.causes_of(built(world))

    @pytest.mark.parametrize(
        ("content", "cause"),
        [("", "empty"), (FROM.encode("utf-16"), "saved-as-utf-16"), ("FRM x\n", "instruction-wrong")],
    )
    def test_it_cannot_be_read(self, tmp_path: Path, content: str | bytes, cause: str) -> None:
        world = world_of(tmp_path, Dockerfile=content)
        text = "ERROR: failed to solve: dockerfile parse error on line 1: unknown instruction: FRM"

        assert ("dockerfile-malformed", [cause]) == world.causes_of(text)


class TestNamesOfImages:
    """As the docker command says it before it asks any daemon."""

    @staticmethod
    def causes(folder: Path, name: str) -> tuple[str, list[str]]:
        world = world_of(folder, Dockerfile=FROM)
        return world.causes_of(docker(world, "build", "-t", name, "."))

    @pytest.mark.slow
    @pytest.mark.parametrize(
        ("name", "cause"),
        [
            ("ghcr.io/acme/hamalog-backend:-4b35282", "prefix-without-value"),
            ("ghcr.io/acme/hamalog-backend:", "tag-empty"),
            ("ghcr.io//hamalog-backend:1", "name-empty"),
            ("acme/app:feature/login", "character-not-allowed"),
            ("acme/app:기능", "character-not-allowed"),
            ("acme/app:${IMAGE_TAG}", "variable-not-replaced"),
            ("acme/app:" + "a" * 129, "too-long"),
        ],
    )
    def test_a_tag_that_nobody_accepts(self, tmp_path: Path, name: str, cause: str) -> None:
        assert ("image-tag-invalid", [cause]) == self.causes(tmp_path, name)

    @pytest.mark.slow
    def test_capitals(self, tmp_path: Path) -> None:
        assert ("image-name-capitals", ["name-written-with-capitals"]) == self.causes(tmp_path, "ghcr.io/Acme/app:1")

    def test_the_name_of_the_repository_has_capitals(self, tmp_path: Path) -> None:
        workflow = """\
on: push
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: |
          docker build -t ghcr.io/Acme/App:latest .
          docker push ghcr.io/Acme/App:latest
"""
        world = world_of(tmp_path, Dockerfile=FROM)
        (tmp_path / ".github/workflows").mkdir(parents=True)
        (tmp_path / ".github/workflows/build.yml").write_text(workflow)
        text = 'ERROR: invalid tag "ghcr.io/Acme/App:latest": repository name must be lowercase'

        assert ("image-name-capitals", ["name-from-owner-or-repository"]) == world.causes_of(text)

    @pytest.mark.slow
    def test_a_scheme_before_the_host(self, tmp_path: Path) -> None:
        world = world_of(tmp_path)
        told = said(world, "skopeo", "inspect", "docker://https://ghcr.io/acme/app:1")

        assert ("image-name-invalid", ["with-a-scheme"]) == world.causes_of(told)


class TestPrograms:
    """Where the command is without its plug-ins, as Debian's is."""

    @staticmethod
    def without_plugins(world: World, *command: str) -> str:
        told = docker(world, *command)
        if "not a docker command" not in told and "unknown command" not in told:
            pytest.skip(f"this docker command has {command[0]}")
        return told

    @pytest.mark.slow
    def test_buildx_is_not_there(self, tmp_path: Path) -> None:
        world = world_of(tmp_path)

        assert ("buildx-missing", ["not-installed"]) == world.causes_of(self.without_plugins(world, "buildx", "ls"))

    @pytest.mark.slow
    def test_compose_is_not_there(self, tmp_path: Path) -> None:
        world = world_of(tmp_path)

        assert ("compose-plugin-missing", ["plugin-not-installed"]) == world.causes_of(
            self.without_plugins(world, "compose", "up")
        )


@pytest.fixture
def registry() -> Iterator[str]:
    shelf = Shelf()
    shelf.image("base/java", "21")
    with RawServer(shelf.behave) as server:
        yield server.host


@pytest.mark.parametrize(
    ("image", "cause"),
    [("base/java:22", "tag-not-there"), ("base/jaba:21", "repository-not-there"), ("base/java:21", "there-now")],
)
def test_a_base_image(tmp_path: Path, registry: str, image: str, cause: str) -> None:
    name = f"{registry}/{image}"
    text = f"ERROR: failed to solve: {name}: failed to resolve source metadata for {name}: {name}: not found"

    assert ("base-image-not-resolved", [cause]) == world_about(tmp_path, name).causes_of(text)


@pytest.mark.parametrize(
    ("code", "cause"), [(127, "command-not-found"), (126, "not-executable"), (1, "command-failed")]
)
def test_a_step_that_failed(tmp_path: Path, code: int, cause: str) -> None:
    text = f'ERROR: failed to solve: process "/bin/sh -c make" did not complete successfully: exit code: {code}'

    assert ("build-step-failed", [cause]) == world_of(tmp_path).causes_of(text)
