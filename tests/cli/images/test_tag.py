import pytest

from tests.cli.harbour import Harbour
from wharf.testing.random_image import random_index


def test_an_image_gets_more_names(harbour: Harbour) -> None:
    image = harbour.put_new(1, "1.4.2")
    outcome = harbour.wharf("tag", harbour.at("1.4.2"), "1.4", ":1", harbour.at("latest"))
    assert outcome.out.splitlines() == [f"{harbour.at(tag)} -> {image.digest}" for tag in ("1.4", "1", "latest")]
    assert ["1", "1.4", "1.4.2", "latest"] == harbour.tags()


def test_an_image_without_a_tag_gets_one_by_its_digest(harbour: Harbour) -> None:
    image = harbour.put_new(1)
    assert 0 == harbour.wharf("tag", f"{harbour.at()}@{image.digest}", "stable").code
    assert ["stable"] == harbour.tags()


def test_in_another_repository_of_the_registry_all_of_an_image_is_linked(harbour: Harbour) -> None:
    index = harbour.put(random_index(1), "1.0")
    outcome = harbour.wharf("tag", harbour.at("1.0"), harbour.at("2.0", harbour.name + "/released"), "--quiet")
    assert f"{index.digest}\n" == outcome.out
    document = harbour.wharf_json("tags", harbour.at(name=harbour.name + "/released"))
    assert [str(index.digest)] == [tag["digest"] for tag in document["tags"]]


def test_a_machine_is_told_the_names(harbour: Harbour) -> None:
    image = harbour.put_new(1, "1.0")
    assert harbour.wharf_json("tag", harbour.at("1.0"), "1") == {
        "source": harbour.at("1.0"),
        "digest": str(image.digest),
        "names": [harbour.at("1")],
    }


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("registry.example/team/app:1.0", "wharf copy"),
        ("registry.example/team/app", "another registry"),
        ("1.0+build", "use 1.0-build"),
        (":", "a tag cannot be empty"),
    ],
)
def test_a_name_that_cannot_be_given_is_refused(harbour: Harbour, name: str, said: str) -> None:
    harbour.put_new(1, "1.0")
    outcome = harbour.wharf("tag", harbour.at("1.0"), "good", name)
    assert outcome.code == 2
    assert said in outcome.err
    assert ["1.0"] == harbour.tags()
