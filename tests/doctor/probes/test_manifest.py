from dataclasses import replace
from pathlib import Path

import pytest

from tests.client.raw_server import RawServer, Talk
from tests.client.token_service import Account, House, serving
from tests.doctor.worlds.around_a_registry import known, logged_in, world_about
from tests.doctor.worlds.shelf import Document, Shelf
from wharf.oci.media_types import DOCKER_MANIFEST, DOCKER_SCHEMA1_SIGNED, OCI_INDEX, OCI_MANIFEST
from wharf.oci.reference import Reference


@pytest.fixture
def shelf() -> Shelf:
    filled = Shelf()
    filled.image("team/app", "1.0")
    return filled


def facts(home: Path, shelf: Shelf, image: str = "team/app:1.0", log: str = "") -> dict[str, object]:
    with RawServer(shelf.behave) as server:
        return known(world_about(home, f"{server.host}/{image}", log), "manifest")


def test_an_image_that_is_whole(tmp_path: Path, shelf: Shelf) -> None:
    assert {
        "normalised": "as-written",
        "outcome": "present",
        "anonymous": "present",
        "kind": "oci-manifest",
        "accepts": "any",
        "digest_true": True,
        "child_missing": False,
        "config_missing": False,
        "layer_missing": False,
        "layers_true": True,
    } == facts(tmp_path, shelf)


def test_a_layer_that_is_not_what_its_digest_says(tmp_path: Path, shelf: Shelf) -> None:
    layer = next(digest for digest, content in shelf.blobs.items() if content.startswith(b"\x1f\x8b"))
    shelf.blobs[layer] += b"more"

    assert facts(tmp_path, shelf)["layers_true"] is False


def test_a_tag_that_is_not_there(tmp_path: Path, shelf: Shelf) -> None:
    assert "tag-unknown" == facts(tmp_path, shelf, "team/app:2.0")["outcome"]


def test_a_repository_that_is_not_there(tmp_path: Path, shelf: Shelf) -> None:
    assert "repository-unknown" == facts(tmp_path, shelf, "team/api:1.0")["outcome"]


def test_a_manifest_for_clients_of_oci_alone(tmp_path: Path, shelf: Shelf) -> None:
    shelf.only = OCI_MANIFEST

    assert "only-oci" == facts(tmp_path, shelf)["accepts"]


def test_a_manifest_for_old_clients_alone(tmp_path: Path, shelf: Shelf) -> None:
    shelf.only = DOCKER_MANIFEST

    assert "only-docker" == facts(tmp_path, shelf)["accepts"]


def test_an_index_one_of_whose_images_is_gone(tmp_path: Path, shelf: Shelf) -> None:
    images = [(name, shelf.image("team/app", "", platform=name)) for name in ("linux/amd64", "linux/arm64")]
    shelf.index("team/app", "2.0", images)
    del shelf.manifests["team/app"][images[1][1].digest]

    found = facts(tmp_path, shelf, "team/app:2.0")

    assert ("oci-index", True) == (found["kind"], found["child_missing"])


def test_a_layer_that_is_gone(tmp_path: Path, shelf: Shelf) -> None:
    shelf.blobs = {digest: content for digest, content in shelf.blobs.items() if content.startswith(b"{")}

    found = facts(tmp_path, shelf)

    assert (False, True) == (found["config_missing"], found["layer_missing"])


def test_a_configuration_that_is_gone(tmp_path: Path, shelf: Shelf) -> None:
    shelf.blobs = {digest: content for digest, content in shelf.blobs.items() if not content.startswith(b"{")}

    assert facts(tmp_path, shelf)["config_missing"] is True


def test_a_manifest_of_2014(tmp_path: Path, shelf: Shelf) -> None:
    shelf.put("team/app", "old", Document(DOCKER_SCHEMA1_SIGNED, b'{"schemaVersion": 1}'))

    assert "schema1" == facts(tmp_path, shelf, "team/app:old")["kind"]


def test_a_digest_that_is_not_that_of_what_is_sent(tmp_path: Path, shelf: Shelf) -> None:
    def lying(talk: Talk) -> None:
        talk.say(200, b"{}", content_type=OCI_INDEX, docker_content_digest=f"sha256:{'0' * 64}")

    with RawServer(lying) as server:
        assert known(world_about(tmp_path, f"{server.host}/team/app:1.0"), "manifest")["digest_true"] is False


def test_who_is_known_and_who_is_not_are_told_apart(tmp_path: Path, shelf: Shelf) -> None:
    account = Account("a-secret-word", {"team/*": frozenset({"pull"})})
    with serving(House({"someone": account}, answer=shelf.answer)) as host:
        logged_in(tmp_path, host)
        found = known(world_about(tmp_path, f"{host}/team/app:1.0"), "manifest")

    assert ("present", "unauthenticated") == (found["outcome"], found["anonymous"])


@pytest.mark.parametrize(("status", "word"), [(403, "denied"), (429, "rate-limited"), (500, "error"), (502, "error")])
def test_other_answers(tmp_path: Path, status: int, word: str) -> None:
    def refusing(talk: Talk) -> None:
        talk.say(status if "/manifests/" in talk.request.target else 200, b"{}")

    with RawServer(refusing) as server:
        assert word == known(world_about(tmp_path, f"{server.host}/team/app:1.0"), "manifest")["outcome"]


@pytest.mark.parametrize(
    ("image", "log", "word"),
    [
        ("hamalog", "pull access denied for hamalog", "docker-library"),
        ("docker.io/library/hamalog", "pulling docker.io/library/hamalog:latest", "docker-library"),
        ("acme/hamalog", "pull access denied for acme/hamalog", "docker-hub"),
        ("docker.io/acme/hamalog", "pulling docker.io/acme/hamalog:latest", "as-written"),
        ("ghcr.io/acme/hamalog", "", "as-written"),
    ],
)
def test_what_a_name_stands_for(tmp_path: Path, image: str, log: str, word: str) -> None:
    nowhere = "http://127.0.0.1:1"
    world = world_about(tmp_path, "ghcr.io", log, patience=0.1, HTTPS_PROXY=nowhere)
    aim = replace(world.scene.aim, reference=Reference.parse(image), registry=Reference.parse(image).registry)

    assert word == known(world.aimed_at(aim), "manifest")["normalised"]
