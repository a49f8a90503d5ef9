from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.client.raw_server import RawServer
from tests.doctor.engines.small_engine import small_engine
from tests.doctor.worlds.around_a_registry import known, world_about
from tests.doctor.worlds.shelf import Shelf
from wharf.doctor.catalogue import known_failures
from wharf.doctor.matching import matches
from wharf.oci.reference import Reference

NAME = "acme/hamalog-backend"
OLD, NEW = f"sha256:{'1' * 64}", f"sha256:{'2' * 64}"


def facts(tmp_path: Path, digest: str, running: str = NEW, named: str = "") -> dict[str, object]:
    """`digest`: of the image in the engine, "" for the registry's own; `running`: the image that a container runs."""
    shelf = Shelf()
    there = shelf.image(NAME, "main")
    with RawServer(shelf.behave) as server:
        image = f"{server.host}/{NAME}:main"
        answers: Mapping[str, object] = {
            f"/images/{Reference.parse(image)}/json": {
                "Id": NEW,
                "RepoDigests": [f"{server.host}/{NAME}@{digest or there.digest}"],
            },
            "/containers/json": [{"Id": "c1"}, {"Id": "c2"}],
            "/containers/c1/json": {"Image": running, "Config": {"Image": named or image}},
            "/containers/c2/json": {"Image": OLD, "Config": {"Image": "another:1"}},
        }
        with small_engine(tmp_path / "engine.sock", answers):
            return known(world_about(tmp_path, image, DOCKER_HOST="unix:///engine.sock"), "local-image")


def test_the_image_that_is_here_is_the_one_that_is_there(tmp_path: Path) -> None:
    assert {"current": True, "running_current": True} == facts(tmp_path, digest="")


def test_the_tag_was_pushed_again_since(tmp_path: Path) -> None:
    assert facts(tmp_path, digest=OLD)["current"] is False


def test_the_container_is_older_than_the_image(tmp_path: Path) -> None:
    assert facts(tmp_path, digest="", running=OLD)["running_current"] is False


def test_containers_of_other_images_do_not_count(tmp_path: Path) -> None:
    assert {"current": True} == facts(tmp_path, digest="", named="something:else")


def test_without_an_engine_nothing_is_known(tmp_path: Path) -> None:
    world = world_about(tmp_path, f"127.0.0.1:9/{NAME}:main", DOCKER_HOST="unix:///not-there.sock")
    assert {} == known(world, "local-image")


@pytest.mark.parametrize(
    ("digest", "running", "signature"),
    [(OLD, NEW, "old-image-keeps-running"), ("", OLD, "old-container-keeps-running")],
)
def test_an_old_image_shows_without_any_text(tmp_path: Path, digest: str, running: str, signature: str) -> None:
    shelf = Shelf()
    there = shelf.image(NAME, "main")
    with RawServer(shelf.behave) as server:
        image = f"{server.host}/{NAME}:main"
        answers = {
            f"/images/{image}/json": {"Id": NEW, "RepoDigests": [f"{server.host}/{NAME}@{digest or there.digest}"]},
            "/containers/json": [{"Id": "c1"}],
            "/containers/c1/json": {"Image": running, "Config": {"Image": image}},
        }
        with small_engine(tmp_path / "engine.sock", answers):
            seen = world_about(tmp_path, image, DOCKER_HOST="unix:///engine.sock").probed("local-image")
    assert [signature] == [match.signature.id for match in matches("", known_failures(), seen.facts)]
