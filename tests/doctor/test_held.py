import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from wharf.doctor.held import held_of, wanted_of
from wharf.doctor.way.holdings import HeldRepository
from wharf.errors import RemoteDenied, RepositoryUnknown, Unreachable
from wharf.formats.hole import Unknown
from wharf.formats.text import Text
from wharf.images.source import ImageSource
from wharf.oci.digest import Digest
from wharf.oci.manifest import Manifest
from wharf.oci.reference import Reference, Tag
from wharf.testing.memory_images import MemoryImages
from wharf.testing.random_image import random_image

NAME = "ghcr.io/acme/app"


class Silent(MemoryImages):
    """A registry that never answers."""

    async def tags(self) -> tuple[Tag, ...]:
        await asyncio.sleep(60)
        return ()


class Refusing(MemoryImages):
    async def tags(self) -> tuple[Tag, ...]:
        raise RemoteDenied("ghcr.io", "list the tags of acme/app", 403)


class Forgetful(MemoryImages):
    """It lists tags that it does not have any longer."""

    async def manifest(self, which: Tag | Digest | None) -> Manifest:
        raise RepositoryUnknown(NAME)


def stocked(place: MemoryImages, *tags: str) -> MemoryImages:
    for seed, tag in enumerate(tags):
        for part in random_image(seed, layers=1, layer_size=100).walk():
            place.contents |= dict(part.blobs)
            place.manifests[part.manifest.digest()] = part.manifest
            place.names[Tag(tag)] = part.manifest.digest()
    return place


def held(place: ImageSource, wanted: Mapping[str, set[str]], patience: float = 60.0) -> HeldRepository:
    def source(_: Reference) -> ImageSource:
        return place

    return asyncio.run(held_of(wanted, source, patience)).repositories[NAME]


def test_all_tags_are_known_and_those_of_interest_closely() -> None:
    found = held(stocked(MemoryImages(), "latest", "sha-453a654", "other-name"), {NAME: {"latest"}})

    assert ("latest", "other-name", "sha-453a654") == found.tags
    assert ["latest"] == list(found.looked_at)
    assert found.looked_at["latest"].digest.startswith("sha256:")
    assert found.looked_at["latest"].platforms


def test_what_comes_near_to_a_tag_that_is_missing_is_looked_at_and_then_others() -> None:
    place = stocked(MemoryImages(), "aaa", "latest", "sha-453a654", "sha256-0123456789", "zzz")
    found = held(place, {NAME: {"453a6545b97fe240727c378291230abeb793d851"}})

    assert ["sha-453a654", "latest", "zzz", "aaa"] == list(found.looked_at)


def test_a_registry_that_refuses_is_a_problem_and_no_more() -> None:
    assert isinstance(held(Refusing(), {NAME: set()}).problem, RemoteDenied)


def test_a_registry_that_is_silent_is_not_waited_for() -> None:
    assert isinstance(held(Silent(), {NAME: set()}, 0.05).problem, Unreachable)


def test_a_tag_that_is_gone_again_was_not_looked_at() -> None:
    assert {} == dict(held(stocked(Forgetful(), "latest"), {NAME: {"latest"}}).looked_at)


@pytest.mark.parametrize(
    ("pushed", "asked", "wanted"),
    [
        ("GHCR.io/acme/app:main", "ghcr.io/acme/app:v1", {"ghcr.io/acme/app": {"main", "v1"}}),
        ("acme/app", "postgres:16", {"docker.io/acme/app": set()}),
        ("no//reference", "", {}),
    ],
)
def test_repositories_that_are_pushed_to_are_asked_about(pushed: str, asked: str, wanted: object) -> None:
    references = [Text.known(pushed), Text.known(asked)]

    assert wanted == wanted_of(references, references[:1])


def test_a_repository_is_known_although_its_tag_is_not() -> None:
    reference = Text.known("ghcr.io/acme/app:") + Text.unknown(Unknown.INPUT, "tag")

    assert {NAME: set()} == wanted_of([reference], [reference])


def test_the_moment_of_an_image_has_a_time_zone() -> None:
    image = held(stocked(MemoryImages(), "latest"), {NAME: {"latest"}}).looked_at["latest"]

    assert image.created is None or image.created > datetime(1970, 1, 1, tzinfo=UTC)
