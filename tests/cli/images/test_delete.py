import pytest

from tests.cli.harbour import Harbour
from wharf.testing.random_image import random_index, random_referrer


def test_without_somebody_to_ask_nothing_is_deleted(harbour: Harbour) -> None:
    harbour.put_new(1, "1.0")
    outcome = harbour.wharf("delete", harbour.at("1.0"))
    assert outcome.code == 2
    assert "--yes" in outcome.err
    assert harbour.holds("1.0")


@pytest.mark.parametrize("answer", ["n\n", "\n", "", "maybe\n"])
def test_whoever_does_not_say_yes_keeps_everything(harbour: Harbour, answer: str) -> None:
    harbour.put_new(1, "1.0")
    outcome = harbour.asked(answer, "delete", harbour.at("1.0"))
    assert outcome.code == 1
    assert "nothing was deleted" in outcome.err
    assert harbour.holds("1.0")


def test_whoever_says_yes_is_told_before_what_stays(harbour: Harbour) -> None:
    image = harbour.put_new(1, "1.0", "1.0.1", "latest")
    outcome = harbour.asked("y\n", "delete", harbour.at("1.0"))
    assert outcome.code == 0
    assert f"the tag goes, and {image.digest} stays" in outcome.err
    assert "other tags lead there and stay: 1.0.1, latest" in outcome.err
    assert ["1.0.1", "latest"] == harbour.tags()
    assert harbour.holds(str(image.digest))


def test_the_last_tag_is_said_to_be_the_last(harbour: Harbour) -> None:
    harbour.put_new(1, "1.0")
    assert "no other tag leads there" in harbour.asked("n\n", "delete", harbour.at("1.0")).err


def test_tags_that_go_together_are_not_said_to_stay(harbour: Harbour) -> None:
    harbour.put_new(1, "1.0", "1.1")
    outcome = harbour.wharf("delete", "--yes", harbour.at("1.0"), harbour.at("1.1"))
    assert outcome.err.count("no other tag leads there") == 2
    assert [] == harbour.tags()


def test_a_digest_takes_its_tags_with_it_and_says_so(harbour: Harbour) -> None:
    image = harbour.put_new(1, "1.0", "latest")
    harbour.put_new(2, "2.0")
    outcome = harbour.wharf("delete", "--yes", f"{harbour.at()}@{image.digest}")
    assert outcome.code == 0
    assert "the manifest goes, and with it its tags: 1.0, latest" in outcome.err
    assert ["2.0"] == harbour.tags()
    assert not harbour.holds(str(image.digest))


def test_a_machine_is_told_what_went_and_what_stayed(harbour: Harbour) -> None:
    image = harbour.put_new(1, "1.0", "latest")
    (deleted,) = harbour.wharf_json("delete", "--yes", harbour.at("1.0"))["deleted"]
    assert deleted == {
        "reference": harbour.at("1.0"),
        "digest": str(image.digest),
        "manifestDeleted": False,
        "tagsDeleted": ["1.0"],
        "tagsKept": ["latest"],
    }


def test_if_one_is_not_there_none_goes(harbour: Harbour) -> None:
    harbour.put_new(1, "1.0")
    outcome = harbour.wharf("delete", "--yes", harbour.at("1.0"), harbour.at("1.00"))
    assert outcome.code == 4
    assert "ask for one of: 1.0" in outcome.err
    assert harbour.holds("1.0")


def test_a_whole_repository_is_not_deleted_by_accident(harbour: Harbour) -> None:
    harbour.put_new(1, "latest")
    outcome = harbour.wharf("delete", "--yes", harbour.at())
    assert outcome.code == 2
    assert harbour.holds("latest")


def test_what_was_said_about_an_image_can_go_alone(harbour: Harbour) -> None:
    image = harbour.put_new(1, "1.0")
    words = harbour.put(random_referrer(image))
    assert 0 == harbour.wharf("delete", "--yes", f"{harbour.at()}@{words.digest}").code
    assert harbour.holds("1.0")


def multi_platform(harbour: Harbour, *tags: str) -> tuple[str, str]:
    """An index and one of the images that it lists, each as they are called."""
    index = harbour.put(random_index(7), *tags)
    child = index.manifest.children[0].digest
    return f"{harbour.at()}@{index.digest}", f"{harbour.at()}@{child}"


def test_a_part_of_an_image_for_several_platforms_does_not_go_alone(harbour: Harbour) -> None:
    index, child = multi_platform(harbour, "1.0", "latest")
    outcome = harbour.wharf("delete", "--yes", child)
    assert outcome.code == 6
    assert "listed under: 1.0, latest" in outcome.err
    assert f"wharf delete {index}" in " ".join(outcome.err.split())
    assert harbour.holds(child.partition("@")[2])


def test_a_part_goes_together_with_its_image(harbour: Harbour) -> None:
    index, child = multi_platform(harbour, "1.0")
    assert 0 == harbour.wharf("delete", "--yes", child, index).code
    assert not harbour.holds(child.partition("@")[2])


def test_a_part_goes_when_no_tag_leads_to_its_image(harbour: Harbour) -> None:
    _, child = multi_platform(harbour, "1.0")
    harbour.wharf("delete", "--yes", harbour.at("1.0"))
    assert 0 == harbour.wharf("delete", "--yes", child).code
