"""What `docker search HOST/WORDS` asks for: what is found, by whom, and who is told nothing."""

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from urllib.parse import quote

import pytest

from wharf.testing.registry import Answer, InProcessRegistry

DOCKER: Final = {"x-docker-token": "true"}
PUBLIC: Final = "sample/green_boat"
NAMES: Final = ("crew/boat", "crew/green-boat", "crew/oar", PUBLIC)


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[InProcessRegistry]:
    folder: Path = tmp_path_factory.mktemp("guarded")
    with InProcessRegistry(folder, admin_password="correct horse") as registry:
        for name in NAMES:
            registry.push_image(name, "v1")
        path = f"/api/wharf/v1/packages/{quote(PUBLIC, safe='')}"
        assert 200 == registry.request("PATCH", path, b'{"visibility": "public"}').status
        yield registry


def search(registry: InProcessRegistry, query: str, **headers: str) -> Answer:
    return registry.request("GET", f"/v1/search?{query}", headers=headers)


def found(answer: Answer) -> list[str]:
    return [result["name"] for result in answer.json()["results"]]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("q=boat", ["crew/boat", "crew/green-boat", PUBLIC]),
        ("q=crew/", ["crew/boat", "crew/green-boat", "crew/oar"]),
        ("q=BOAT+crew&n=25", ["crew/boat", "crew/green-boat"]),
        ("q=boat&n=1", ["crew/boat"]),
        ("q=boat&n=9999", ["crew/boat", "crew/green-boat", PUBLIC]),
        ("q=n_b", [PUBLIC]),
        ("q=%25", []),
        ("q=%5C", []),
        ("", list(NAMES)),
        ("q=oar&n=0", ["crew/oar"]),
        ("q=oar&n=many", ["crew/oar"]),
    ],
)
def test_names_are_found_that_hold_all_the_words(guarded: InProcessRegistry, query: str, names: list[str]) -> None:
    assert names == found(search(guarded, query))


def test_it_has_the_form_that_docker_reads(guarded: InProcessRegistry) -> None:
    result = {"name": "crew/oar", "description": "", "star_count": 0, "is_official": False, "is_automated": False}
    assert {"query": "oar", "num_results": 1, "results": [result]} == search(guarded, "q=oar").json()


def test_a_stranger_finds_what_is_public(guarded: InProcessRegistry) -> None:
    with guarded.acting(""):
        assert [PUBLIC] == found(search(guarded, "q=boat", **DOCKER))


def test_a_stranger_who_is_not_docker_is_sent_on_to_the_list(guarded: InProcessRegistry) -> None:
    with guarded.acting(""):
        assert 404 == search(guarded, "q=boat").status


def test_docker_searches_with_the_token_that_it_asks_for(guarded: InProcessRegistry) -> None:
    given = guarded.request("GET", "/token?service=localhost&scope=registry:catalog:search").json()
    assert "registry:catalog:search" == given["scope"]
    with guarded.acting(f"Bearer {given['token']}"):
        assert 3 == len(found(search(guarded, "q=boat", **DOCKER)))


def test_a_token_for_a_repository_is_not_one_for_searching(guarded: InProcessRegistry) -> None:
    given = guarded.request("GET", "/token?service=localhost&scope=repository:crew/oar:pull").json()
    with guarded.acting(f"Bearer {given['token']}"):
        assert 401 == search(guarded, "q=oar", **DOCKER).status


def test_there_is_nothing_else_to_do(guarded: InProcessRegistry) -> None:
    answer = guarded.request("POST", "/v1/search?q=boat")
    assert (405, "GET, HEAD") == (answer.status, answer.headers["allow"])
    assert 400 == search(guarded, f"q={'x' * 256}").status


def test_whoever_fails_to_log_in_again_and_again_is_told_how_long_to_wait(tmp_path: Path) -> None:
    with InProcessRegistry(tmp_path, admin_password="correct horse") as registry:
        answers = [_guessed(registry, f"guess {number}") for number in range(8)]
    assert (429, True) == (answers[-1].status, int(answers[-1].headers["retry-after"]) > 0)


def _guessed(registry: InProcessRegistry, password: str) -> Answer:
    with registry.acting(f"Basic {base64.b64encode(f'admin:{password}'.encode()).decode()}"):
        return search(registry, "q=boat", **DOCKER)


def test_pages_of_what_one_may_not_read_are_passed_over(tmp_path: Path) -> None:
    with InProcessRegistry(tmp_path, admin_password="correct horse") as registry:
        for number in range(101):
            registry.push_image(f"crew/app{number:03}", "v1")
        registry.push_image("open/app", "v1")
        registry.request("PATCH", "/api/wharf/v1/packages/open%2Fapp", b'{"visibility": "public"}')
        with registry.acting(""):
            assert ["open/app"] == found(search(registry, "q=app", **DOCKER))
