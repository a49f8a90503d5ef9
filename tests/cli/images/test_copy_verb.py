import json
from pathlib import Path

import pytest

from tests.cli.harbour import Harbour
from wharf.images.compress import Compression
from wharf.testing.random_image import DOCKER, random_image, random_index, random_referrer


def index_of(folder: Path) -> list[dict[str, object]]:
    """The entries of a layout, as anybody can read them."""
    entries: list[dict[str, object]] = json.loads((folder / "index.json").read_text())["manifests"]
    return entries


def test_an_image_goes_from_registry_to_folder_and_back_and_stays_the_same(harbour: Harbour) -> None:
    image = harbour.put(random_index(1), "1.0")
    assert 0 == harbour.wharf("copy", harbour.at("1.0"), "oci:images").code
    assert [str(image.digest)] == [entry["digest"] for entry in index_of(harbour.folder / "images")]
    outcome = harbour.wharf("copy", "oci:images", harbour.at(name=harbour.name + "/again"), "--quiet")
    assert (0, f"{image.digest}\n", "") == (outcome.code, outcome.out, outcome.err)


def test_a_log_gets_a_line_for_each_blob_and_the_result(harbour: Harbour) -> None:
    image = harbour.put_new(1, "1.0")
    outcome = harbour.wharf("copy", harbour.at("1.0"), "oci:images")
    assert 2 == outcome.err.count(" sent\n")
    assert "\r" not in outcome.err
    assert ["oci:images:1.0", f"  {image.digest}", f"  from   {harbour.at('1.0')}"] == outcome.out.splitlines()[:3]


def test_what_is_there_does_not_travel_again(harbour: Harbour) -> None:
    harbour.put_new(1, "1.0")
    (first,) = harbour.wharf_json("copy", harbour.at("1.0"), "oci:images")["images"]
    (again,) = harbour.wharf_json("copy", harbour.at("1.0"), "oci:images")["images"]
    assert (2, 0) == (first["blobs"]["sent"], again["blobs"]["sent"])
    assert first["digest"] == again["digest"]


def test_only_one_platform_is_copied_if_one_is_asked_for(harbour: Harbour) -> None:
    index = harbour.put(random_index(1), "1.0")
    (image,) = harbour.wharf_json("copy", harbour.at("1.0"), "oci:images", "--platform", "linux/arm64")["images"]
    assert str(index.children[1].digest) == image["digest"]


def test_a_platform_that_is_not_there_is_answered_with_those_that_are(harbour: Harbour) -> None:
    harbour.put(random_index(1), "1.0")
    outcome = harbour.wharf("copy", harbour.at("1.0"), "oci:images", "--platform", "linux/s390x")
    assert outcome.code == 4
    assert "linux/amd64, linux/arm64/v8" in outcome.err
    assert not (harbour.folder / "images" / "index.json").exists()


def test_what_was_said_about_an_image_goes_along_when_asked(harbour: Harbour) -> None:
    image = harbour.put_new(1, "1.0")
    words = harbour.put(random_referrer(image))
    (copied,) = harbour.wharf_json("copy", harbour.at("1.0"), "oci:images", "--referrers")["images"]
    assert [str(words.digest)] == copied["referrers"]


def test_several_images_keep_their_tags(harbour: Harbour) -> None:
    for number, tag in enumerate(("1.0", "1.1")):
        harbour.put_new(number, tag)
    copied = harbour.wharf_json("copy", harbour.at("1.0"), harbour.at("1.1"), "oci:images")["images"]
    assert [["1.0"], ["1.1"]] == [image["tags"] for image in copied]


def test_several_images_get_a_repository_each(harbour: Harbour) -> None:
    names = [f"{harbour.name}/a", f"{harbour.name}/b"]
    for number, name in enumerate(names):
        harbour.put(random_image(number, layers=1, layer_size=300), "1.0", name=name)
    sources = [harbour.at("1.0", name) for name in names]
    copied = harbour.wharf_json("copy", *sources, f"{harbour.at()}/shelf/")["images"]
    assert [harbour.at("1.0", f"{harbour.name}/shelf/{last}") for last in "ab"] == [each["target"] for each in copied]


def test_two_images_of_one_tag_are_refused_before_anything_moves(harbour: Harbour) -> None:
    harbour.put_new(1, "1.0")
    outcome = harbour.wharf("copy", harbour.at("1.0"), harbour.at("1.0"), "oci:images")
    assert outcome.code == 2
    assert not (harbour.folder / "images").exists()


def test_a_tag_that_is_not_there_is_answered_with_the_nearest(harbour: Harbour) -> None:
    harbour.put_new(1, "sha-453a654")
    outcome = harbour.wharf("copy", harbour.at("453a6545"), "oci:images", "--json")
    assert outcome.code == 4
    error = json.loads(outcome.out)["error"]
    assert "manifest-unknown" == error["code"]
    assert "ask for one of: sha-453a654" == error["nextStep"]
    assert any("while copying" in line for line in error["evidence"])


@pytest.mark.parametrize(("flag", "ending"), [("keep", "tar"), ("gzip", "tar+gzip"), ("zstd", "tar+zstd")])
def test_layers_that_are_not_packed_are_packed_as_somebody_wants_it(harbour: Harbour, flag: str, ending: str) -> None:
    harbour.put(random_image(1, layers=1, compression=Compression.NONE), "1.0")
    harbour.wharf("copy", harbour.at("1.0"), "oci:images", "--compression", flag)
    (layer,) = json.loads(harbour.wharf("inspect", "oci:images", "--raw").out)["layers"]
    assert f"application/vnd.oci.image.layer.v1.{ending}" == layer["mediaType"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["one"], "Missing argument"),
        (["oci:", "oci:images"], "a folder is missing"),
        (["app:1.0", "images/"], "use oci:images"),
        (["a", "oci:b", "--platform", "linux/amd64", "--all-platforms"], "contradict"),
        (["a", "oci:b", "--platform", "linux"], "os/architecture"),
        (["a", "oci:b", "--compression", "lzma"], "--compression"),
        (["a", "oci:b", "--jobs", "0"], "--jobs"),
        (["a", "oci:b", "--ca-file", "no-such-file"], "--ca-file"),
    ],
)
def test_a_command_line_that_cannot_be_carried_out_is_refused_at_once(
    harbour: Harbour, words: list[str], said: str
) -> None:
    outcome = harbour.wharf("copy", *words)
    assert outcome.code == 2
    assert said in " ".join(outcome.err.split())


def test_a_registry_that_is_not_there_is_an_error_of_the_way(harbour: Harbour) -> None:
    outcome = harbour.wharf("copy", "127.0.0.1:9/team/app:1.0", "oci:images")
    assert outcome.code == 9
    assert "127.0.0.1:9 cannot be reached" in outcome.err


def test_docker_media_types_stay_in_a_folder_unless_oci_is_asked_for(harbour: Harbour) -> None:
    image = harbour.put(random_image(1, dialect=DOCKER, layers=1), "1.0")
    kept = harbour.wharf("copy", harbour.at("1.0"), "oci:images")
    assert "--format oci converts them (to another digest)" in " ".join(kept.err.split())
    assert [str(image.digest)] == [entry["digest"] for entry in index_of(harbour.folder / "images")]
    (changed,) = harbour.wharf_json("copy", harbour.at("1.0"), "oci:images", "--format", "oci")["images"]
    assert ["application/vnd.oci.image.manifest.v1+json"] == [
        entry["mediaType"] for entry in index_of(harbour.folder / "images")
    ]
    assert (str(image.digest) != changed["digest"], 0) == (True, changed["blobs"]["sent"])
