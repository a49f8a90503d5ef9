from pathlib import Path

import pytest

from tests.client.raw_server import RawServer
from tests.doctor.worlds.around_a_registry import known, world_about
from tests.doctor.worlds.shelf import Shelf
from wharf.images.choose import this_machine


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


def facts(home: Path, shelf: Shelf, platform: str = "", log: str = "") -> dict[str, object]:
    with RawServer(shelf.behave) as server:
        return known(world_about(home, f"{server.host}/team/app:1.0", log, platform=platform), "platforms")


def test_one_image_says_in_its_configuration_what_it_is_for(tmp_path: Path, shelf: Shelf) -> None:
    shelf.image("team/app", "1.0", platform="linux/arm64")

    assert {
        "wanted": "linux/amd64",
        "offered": {"linux/arm64"},
        "fits": False,
        "only_variant_differs": False,
        "says_what_it_is": True,
        "attestations": False,
        "only_attestations": False,
    } == facts(tmp_path, shelf, "linux/amd64")


def test_an_index_with_an_attestation_beside_its_image(tmp_path: Path, shelf: Shelf) -> None:
    image = shelf.image("team/app", "")
    shelf.index("team/app", "1.0", [("linux/amd64", image), ("attestation", shelf.image("team/app", ""))])

    found = facts(tmp_path, shelf, "linux/amd64")

    assert (True, {"linux/amd64"}, True, False) == (
        found["fits"], found["offered"], found["attestations"], found["only_attestations"]
    )  # fmt: skip


def test_an_index_of_attestations_alone(tmp_path: Path, shelf: Shelf) -> None:
    shelf.index("team/app", "1.0", [("attestation", shelf.image("team/app", ""))])

    found = facts(tmp_path, shelf, "linux/amd64")

    assert (True, False) == (found["only_attestations"], found["fits"])


def test_the_same_processor_in_another_variant(tmp_path: Path, shelf: Shelf) -> None:
    shelf.index("team/app", "1.0", [("linux/arm/v7", shelf.image("team/app", "", platform="linux/arm"))])

    found = facts(tmp_path, shelf, "linux/arm/v6")

    assert (False, True) == (found["fits"], found["only_variant_differs"])


def test_an_image_that_does_not_say_what_it_is_for(tmp_path: Path, shelf: Shelf) -> None:
    shelf.image("team/app", "1.0", platform="/")

    found = facts(tmp_path, shelf, "linux/amd64")

    assert found["says_what_it_is"] is False
    assert "fits" not in found


def test_the_platform_that_the_log_names_is_the_one_that_was_wanted(tmp_path: Path, shelf: Shelf) -> None:
    shelf.image("team/app", "1.0")

    assert "linux/arm64/v8" == facts(tmp_path, shelf, log="no matching manifest for linux/arm64/v8 in it")["wanted"]


def test_else_it_is_this_machine_s(tmp_path: Path, shelf: Shelf) -> None:
    shelf.image("team/app", "1.0")

    assert str(this_machine()) == facts(tmp_path, shelf)["wanted"]


def test_a_platform_as_skopeo_spells_it_out(tmp_path: Path, shelf: Shelf) -> None:
    shelf.index("team/app", "1.0", [("linux/arm/v7", shelf.image("team/app", "", platform="linux/arm/v7"))])
    log = r"no image found in image index for architecture arm, variant \"v6\", OS linux"

    found = facts(tmp_path, shelf, log=log)

    assert ("linux/arm/v6", True) == (found["wanted"], found["only_variant_differs"])
