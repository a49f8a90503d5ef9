"""A file that is to become an archive: what is there is replaced by what has its name, and otherwise only by force."""

from pathlib import Path

import pytest

from tests.cli.harbour import Harbour
from wharf.testing.random_image import RandomImage, random_image, random_referrer

ARCHIVES = [("oci-archive:a.tar:{0}", "{0}"), ("docker-archive:a.tar:app:{0}", "app:{0}")]


def flat(text: str) -> str:
    return " ".join(text.split())


@pytest.fixture
def image(harbour: Harbour) -> RandomImage:
    harbour.put_new(2, "2")
    return harbour.put_new(1, "1")


@pytest.mark.parametrize(("place", "name"), ARCHIVES)
def test_an_archive_with_another_image_stays_as_it_is(
    place: str, name: str, harbour: Harbour, image: RandomImage
) -> None:
    assert 0 == harbour.wharf("copy", harbour.at("1"), place.format("1")).code
    before = (harbour.folder / "a.tar").read_bytes()
    outcome = harbour.wharf("copy", harbour.at("2"), place.format("2"))
    assert outcome.code == 2
    assert f"holds other images, which would be gone: {name.format('1')}" in flat(outcome.err)
    assert "next: name another file, or replace it with --force" in outcome.err
    assert before == (harbour.folder / "a.tar").read_bytes()


@pytest.mark.parametrize(("place", "name"), ARCHIVES)
def test_force_replaces_it_and_tells_what_went(place: str, name: str, harbour: Harbour, image: RandomImage) -> None:
    harbour.wharf("copy", harbour.at("1"), place.format("1"))
    outcome = harbour.wharf("copy", harbour.at("2"), place.format("2"), "--force")
    assert outcome.code == 0
    assert f"a.tar was replaced, and gone with it: {name.format('1')}" in flat(outcome.err)
    assert 0 == harbour.wharf("inspect", place.format("2")).code
    (gone,) = harbour.wharf_json("copy", harbour.at("1"), place.format("1"), "--force")["replaced"]
    assert name.format("2") in gone
    assert 0 != harbour.wharf("inspect", place.format("2")).code


@pytest.mark.parametrize(("place", "name"), ARCHIVES)
def test_an_image_of_the_same_name_is_replaced_as_tags_are(
    place: str, name: str, harbour: Harbour, image: RandomImage
) -> None:
    harbour.wharf("copy", harbour.at("1"), place.format("1"))
    assert 0 == harbour.wharf("copy", harbour.at("2"), place.format("1")).code
    assert 0 == harbour.wharf("pull", harbour.at("2"), place.format("1")).code


@pytest.mark.parametrize("place", ["oci-archive:a.tar", "docker-archive:a.tar"])
def test_an_image_without_a_name_is_replaced_by_another_without_one(
    place: str, harbour: Harbour, image: RandomImage
) -> None:
    by_digest = f"{harbour.at()}@{image.digest}"
    assert [0, 0] == [harbour.wharf("copy", by_digest, place).code for _ in range(2)]
    outcome = harbour.wharf("copy", harbour.at("2"), place)
    assert (2, True) == (outcome.code, "an image without a name" in flat(outcome.err))


@pytest.mark.parametrize("place", ["oci-archive:a.tar", "docker-archive:a.tar"])
@pytest.mark.parametrize("command", ["copy", "pull"])
def test_a_file_that_is_something_else_is_not_replaced(
    command: str, place: str, harbour: Harbour, image: RandomImage
) -> None:
    (harbour.folder / "a.tar").write_text("my thesis")
    outcome = harbour.wharf(command, harbour.at("1"), place)
    assert (2, "my thesis") == (outcome.code, (harbour.folder / "a.tar").read_text())
    assert 0 == harbour.wharf(command, harbour.at("1"), place, "--force").code


def test_an_empty_file_is_there_to_be_filled(harbour: Harbour, image: RandomImage) -> None:
    (harbour.folder / "a.tar").touch()
    assert 0 == harbour.wharf("copy", harbour.at("1"), "docker-archive:a.tar").code


def test_signatures_go_with_their_image(harbour: Harbour, image: RandomImage) -> None:
    harbour.put(random_referrer(image))
    harbour.put(random_image(3, layers=1), f"sha256-{image.digest.hex}.sig")
    words = ("copy", harbour.at("1"), "oci-archive:a.tar:1")
    assert [0, 0] == [harbour.wharf(*words, *more).code for more in (["--referrers"], [])]


def test_several_images_may_replace_what_they_are_named_like(
    harbour: Harbour, image: RandomImage, tmp_path: Path
) -> None:
    words = ("copy", harbour.at("1"), harbour.at("2"), "oci-archive:a.tar")
    assert [0, 0] == [harbour.wharf(*words).code for _ in range(2)]
    outcome = harbour.wharf("copy", harbour.at("1"), "oci-archive:a.tar")
    assert (2, True) == (outcome.code, "would be gone: 2" in flat(outcome.err))
