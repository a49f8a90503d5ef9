"""What `docker build` really sends of a folder with an ignore file, and what we say that it sends."""

import subprocess
import tarfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.clients.conftest import need
from tests.clients.programs import Home
from tests.clients.receiving_engine import ReceivingEngine
from tests.clients.tools import Docker
from tests.formats.dockerfile.ignored_trees import IgnoredTree, ignored_trees
from wharf.formats.dockerfile.ignore import parse_ignore
from wharf.formats.dockerfile.ignore_walk import Builder, IgnoreWalk
from wharf.formats.text import Text

pytestmark = pytest.mark.slow
HOW_MANY = 320
BUILT = 12
THE_BUILDS_OWN = {"Dockerfile", ".dockerignore"}
REFUSED = frozenset({"the build is refused"})


@pytest.fixture
def engine(yard: Path) -> Iterator[ReceivingEngine]:
    need("docker")
    with ReceivingEngine(yard) as engine:
        yield engine


def test_docker_sends_what_we_say_it_sends(engine: ReceivingEngine, home: Home) -> None:
    trees = ignored_trees(HOW_MANY)
    environment = {**home.environment, "DOCKER_HOST": engine.address, "DOCKER_BUILDKIT": "0"}

    def really_sent(tree: IgnoredTree) -> frozenset[str]:
        folder = _laid_out(tree, home.folder())
        command = ["docker", "build", "--tag", folder.name.lower(), str(folder)]
        ended = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        return engine.received(folder.name.lower()) - THE_BUILDS_OWN if ended.returncode == 0 else REFUSED

    with ThreadPoolExecutor(2) as threads:
        expected = list(threads.map(really_sent, trees))
    assert expected == [_said_to_be_sent(tree) for tree in trees]


def test_copy_brings_what_we_say_is_sent(docker: Docker, home: Home) -> None:
    trees = [tree for tree in ignored_trees(60, seed=2) if _said_to_be_sent(tree) - REFUSED][:BUILT]
    for tree in trees:
        folder = _laid_out(tree, home.folder())
        docker.program.run("build", "--tag", "ignored", str(folder))
        container = docker.program.run("create", "ignored", "nothing").strip()
        docker.program.run("export", "--output", str(folder / "exported.tar"), container)
        with tarfile.open(folder / "exported.tar") as tar:
            names = [member.name for member in tar if not member.isdir()]
        found = frozenset(name.removeprefix("context/") for name in names if name.startswith("context/"))
        assert found - THE_BUILDS_OWN == _said_to_be_sent(tree), tree
        docker.program.run("rm", container)


def _laid_out(tree: IgnoredTree, folder: Path) -> Path:
    for path in tree.paths:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text("x")
    (folder / "Dockerfile").write_text("FROM scratch\nCOPY . /context/\n")
    (folder / ".dockerignore").write_text(tree.ignore, newline="")
    return folder


def _said_to_be_sent(tree: IgnoredTree) -> frozenset[str]:
    ignore = parse_ignore(Text.of_file(".dockerignore", tree.ignore))
    walk = IgnoreWalk(ignore, Builder.CLASSIC)
    sent = frozenset(walk.sent(tree.paths))
    return REFUSED if ignore.refused or walk.refused else sent
