import json

import pytest

from tests.cli.harbour import Harbour
from wharf.testing.random_image import random_index

NO_ENGINE = {"DOCKER_HOST": "unix:///no/such/socket"}


@pytest.mark.parametrize("place", ["oci:images", "oci-archive:images.tar"])
def test_what_was_pulled_can_be_pushed_under_another_name(harbour: Harbour, place: str) -> None:
    index = harbour.put(random_index(1), "1.0")
    assert 0 == harbour.wharf("pull", harbour.at("1.0"), place).code
    assert 0 == harbour.wharf("push", harbour.at("2.0"), place).code
    assert harbour.holds("2.0")
    tags = harbour.wharf_json("tags", harbour.at())["tags"]
    assert [str(index.digest)] * 2 == [tag["digest"] for tag in tags]


def test_an_archive_for_docker_takes_one_platform_and_says_so(harbour: Harbour) -> None:
    harbour.put(random_index(1), "1.0")
    outcome = harbour.wharf("pull", harbour.at("1.0"), "docker-archive:app.tar", "--platform", "linux/arm64")
    assert "of 2 images, the one for linux/arm64/v8 was taken" in outcome.err
    assert ["linux/arm64/v8"] == harbour.wharf_json("inspect", "docker-archive:app.tar")["platforms"]


def test_an_archive_that_was_pulled_keeps_the_image_s_name(harbour: Harbour) -> None:
    harbour.put_new(1, "1.0")
    harbour.wharf("pull", harbour.at("1.0"), "docker-archive:app.tar")
    assert 0 == harbour.wharf("inspect", f"docker-archive:app.tar:{harbour.at('1.0')}").code
    missed = harbour.wharf("inspect", f"docker-archive:app.tar:{harbour.at('2.0')}")
    assert (4, True) == (missed.code, harbour.at("1.0") in missed.err)


@pytest.mark.parametrize(("verb", "hint"), [("push", "wharf push"), ("pull", "wharf pull")])
def test_without_an_engine_it_is_said_what_else_can_be_done(harbour: Harbour, verb: str, hint: str) -> None:
    harbour.put_new(1, "1.0")
    outcome = harbour.wharf(verb, harbour.at("1.0"), "--json", **NO_ENGINE)
    assert outcome.code == 12
    error = json.loads(outcome.out)["error"]
    assert "engine-unreachable" == error["code"]
    assert hint in error["nextStep"]
    assert error["nextStep"].endswith("oci:DIR")


def test_an_engine_has_no_names_for_digests(harbour: Harbour) -> None:
    image = harbour.put_new(1, "1.0")
    outcome = harbour.wharf("pull", f"{harbour.at()}@{image.digest}", **NO_ENGINE)
    assert outcome.code == 2
    assert "docker-daemon:" in outcome.err


def test_nothing_is_pushed_under_a_digest(harbour: Harbour) -> None:
    image = harbour.put_new(1, "1.0")
    assert 2 == harbour.wharf("push", f"{harbour.at()}@{image.digest}", "oci:images").code
