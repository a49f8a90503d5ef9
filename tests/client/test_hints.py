"""What was probably meant; and a search for it that fails says nothing."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import NoReturn, TypeVar

import pytest

from wharf.client.hints import manifest_unknown, repository_unknown
from wharf.errors import ManifestUnknown, RemoteMisbehaved, RepositoryUnknown, Unreachable, WharfError
from wharf.oci.digest import Digest
from wharf.oci.reference import RepositoryName, Tag

T = TypeVar("T")
NAME = RepositoryName("team/app")
TAGS = [Tag("sha-453a654"), Tag("latest"), Tag("v1.2")]
NAMES = [RepositoryName("team/apps"), RepositoryName("other/thing")]


def known(values: Iterable[T] = ()) -> Callable[[], Awaitable[Iterable[T]]]:
    async def answer() -> Iterable[T]:
        return values

    return answer


def failing(problem: Exception) -> Callable[[], Awaitable[NoReturn]]:
    async def answer() -> NoReturn:
        raise problem

    return answer


def test_the_nearest_tag_comes_first() -> None:
    error = asyncio.run(manifest_unknown("r.io", NAME, Tag("453a6545"), known(TAGS), known()))
    assert ("sha-453a654",) == error.nearest


def test_a_digest_is_near_to_nothing() -> None:
    error = asyncio.run(manifest_unknown("r.io", NAME, Digest.of(b"x"), known(TAGS), known()))
    assert () == error.nearest


def test_a_repository_without_tags_is_one_that_is_not_there() -> None:
    gone = failing(RepositoryUnknown("team/app"))
    error = asyncio.run(manifest_unknown("r.io", NAME, Tag("v1"), gone, known(NAMES)))
    assert isinstance(error, RepositoryUnknown)
    assert ("r.io/team/apps",) == error.nearest


@pytest.mark.parametrize("problem", [Unreachable("r", "gone"), RemoteMisbehaved("r", "x"), TimeoutError()])
def test_a_search_that_fails_does_not_hide_the_error(problem: WharfError | TimeoutError) -> None:
    fails = failing(problem)
    for found, kind in (
        (asyncio.run(manifest_unknown("r.io", NAME, Tag("v1"), fails, fails)), ManifestUnknown),
        (asyncio.run(repository_unknown("r.io", NAME, fails)), RepositoryUnknown),
    ):
        assert kind is type(found)
        assert () == found.nearest


def test_where_there_are_few_tags_they_are_all_near() -> None:
    error = asyncio.run(manifest_unknown("r.io", NAME, Tag("latest"), known([Tag("1.0"), Tag("1.1")]), known()))
    assert ("1.0", "1.1") == error.nearest


def test_the_error_names_the_registry_too() -> None:
    error = asyncio.run(manifest_unknown("r.io", NAME, Tag("v1.3"), known(TAGS), known()))
    assert "no tag v1.3 in r.io/team/app; the nearest is v1.2" == error.diagnostics().cause


@pytest.mark.parametrize(
    ("said", "age"),
    [
        ("X: no tag 453a in team/app; the nearest is sha-453a654, pushed 3 minutes ago", ", pushed 3 minutes ago"),
        ("X: no tag 453a in team/app; the nearest is latest, pushed 3 minutes ago", ""),
        ("the nearest is sha-453a654, pushed \x1b[2J", ""),
        ("manifest unknown", ""),
    ],
)
def test_a_registry_may_tell_the_age_of_the_nearest_tag(said: str, age: str) -> None:
    error = asyncio.run(manifest_unknown("r.io", NAME, Tag("453a6545"), known(TAGS), known(), ["other", said]))
    assert f"no tag 453a6545 in r.io/team/app; the nearest is sha-453a654{age}" == error.diagnostics().cause
