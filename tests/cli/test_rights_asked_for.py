"""Whoever only looks asks for the right to look: of a registry that refuses whoever asks for more, as GHCR does."""

from collections.abc import Iterator

import pytest

from tests.cli.harbour import Harbour
from tests.client.token_service import House, serving
from wharf.testing.random_image import random_image, random_referrer

PULL = frozenset({"pull"})


@pytest.fixture
def house(harbour: Harbour) -> House:
    return House(
        {}, upstream=harbour.host, refuses_what_is_not_allowed=True, rights_of_anybody={f"{harbour.name}*": PULL}
    )


@pytest.fixture
def door(house: House, harbour: Harbour) -> Iterator[str]:
    image = harbour.put(random_image(1, layers=1, layer_size=500), "1.0")
    harbour.put(random_referrer(image))
    with serving(house) as host:
        yield f"{host}/{harbour.name}"


@pytest.mark.parametrize(
    "words",
    [
        ("inspect", "{door}:1.0"),
        ("inspect", "{door}:1.0", "--raw"),
        ("inspect", "{door}:1.0", "--validate"),
        ("tags", "{door}", "--details"),
        ("diff", "{door}:1.0", "{door}:1.0"),
        ("pull", "{door}:1.0", "oci:images", "--referrers"),
        ("copy", "{door}:1.0", "docker-archive:app.tar:app:1"),
    ],
    ids=" ".join,
)
def test_who_reads_without_an_account_asks_for_nothing_but_pull(
    words: tuple[str, ...], door: str, house: House, harbour: Harbour
) -> None:
    outcome = harbour.wharf(*(word.format(door=door) for word in words))
    assert (0, "") == (outcome.code, outcome.err if "error" in outcome.err else "")
    tokens = [asked for asked in house.asked if "/token" in asked]
    assert tokens
    assert not [asked for asked in tokens if "push" in asked or "delete" in asked]


def test_the_signatures_are_found_with_that_right(door: str, house: House, harbour: Harbour) -> None:
    assert 1 == len(harbour.wharf_json("inspect", f"{door}:1.0")["referrers"])
    assert [f"repository%3A{harbour.name.replace('/', '%2F')}%3Apull"] == sorted(
        {asked.partition("scope=")[2].partition("&")[0] for asked in house.asked if "/token" in asked}
    )


def test_who_writes_is_told_that_it_is_refused(door: str, harbour: Harbour) -> None:
    assert 0 != harbour.wharf("tag", f"{door}:1.0", "1").code
