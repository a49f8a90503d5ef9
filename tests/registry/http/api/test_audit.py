"""The audit log as the API tells it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cases import each
from tests.registry.conftest import HandClock
from tests.registry.http.api.harbour import Harbour
from wharf.registry.http.api.operation import OWN
from wharf.testing.registry import InProcessRegistry

AUDIT = f"{OWN}/audit"
OF_CREW = f"{OWN}/owners/crew/audit"


@pytest.fixture
def harbour(tmp_path: Path, clock: HandClock) -> Iterator[Harbour]:
    with InProcessRegistry(tmp_path, clock=clock, admin_password="a password of some length") as registry:
        harbour = Harbour(registry)
        harbour.done("POST", f"{OWN}/orgs", {"login": "crew"})
        yield harbour


def actions(rows: Any) -> list[str]:
    return [row["action"] for row in rows]


def test_an_entry_says_who_what_when_and_from_where(harbour: Harbour) -> None:
    digest = harbour.registry.push_image("crew/app", "1.0")
    entry = harbour.told(OF_CREW)[0]
    assert ("admin", "password", "127.0.0.1") == (entry["actor"], entry["credential"], entry["address"])
    assert ("package.push", "crew", "crew/app") == (entry["action"], entry["owner"], entry["target"])
    assert ("2023-11-14T22:13:20Z", str(digest)) == (entry["happened_at"], entry["details"]["digest"])


def test_a_token_is_named_and_not_told(harbour: Harbour) -> None:
    with harbour.registry.acting(harbour.token("write:packages")):
        harbour.registry.push_image("crew/app", "1.0")
    assert "token 1 (for a test)" == harbour.told(OF_CREW)[0]["credential"]
    assert "wharf_pat_" not in str(harbour.told(AUDIT))


def test_the_newest_come_first_and_behind_an_entry_the_oldest(harbour: Harbour) -> None:
    harbour.registry.push_image("crew/app", "1.0")
    newest_first = harbour.told(AUDIT)
    assert "package.push" == newest_first[0]["action"]
    assert newest_first == harbour.told(f"{AUDIT}?after=0")[::-1]


def test_pages_follow_each_other_without_gap_or_repetition(harbour: Harbour) -> None:
    for number in range(7):
        harbour.registry.push_image("crew/app", f"{number}.0", b"%d" % number)
    for start in ("before=999999", "after=0"):
        rows, path = [], f"{AUDIT}?{start}&per_page=2"
        while path:
            answer = harbour.ask("GET", path)
            rows += answer.json()
            path = answer.headers.get("link", "").partition(">")[0].removeprefix("<http://localhost")
        assert len(rows) == len({row["id"] for row in rows}) == len(harbour.told(f"{AUDIT}?per_page=100"))


def test_the_last_page_has_no_next_one(harbour: Harbour) -> None:
    assert "link" not in harbour.ask("GET", AUDIT).headers


@each(
    "query, expected",
    [
        ("action=package", ["package.push"]),
        ("action=package.push", ["package.push"]),
        ("action=pack", []),
        ("target=crew%2Fapp", ["package.push"]),
        ("actor=admin&action=organisation", ["organisation.create"]),
        ("actor=nobody", []),
        ("since=2023-11-14T22:13:30Z", ["package.push"]),
        ("since=2023-11-14T22:13:30Z&action=quota", []),
        ("until=2023-11-14T22:13:30Z&action=package", []),
        ("since=2023-11-14T23:13:30%2B01:00", ["package.push"]),
    ],
)
def test_it_is_looked_through(harbour: Harbour, clock: HandClock, query: str, expected: list[str]) -> None:
    clock.move(30)
    harbour.registry.push_image("crew/app", "1.0")
    assert expected == actions(harbour.told(f"{OF_CREW}?{query}"))


@each("query", ["since=yesterday", "until=", "after=x", "before=-1", "since=99999-01-01", "action="])
def test_what_cannot_be_looked_for_is_refused(harbour: Harbour, query: str) -> None:
    assert 422 == harbour.ask("GET", f"{AUDIT}?{query}").status


def test_an_owner_sees_what_concerns_the_organisation_alone(harbour: Harbour) -> None:
    owner = harbour.person("olga", "owner")
    harbour.registry.push_image("others/app", "1.0")
    harbour.registry.push_image("crew/app", "1.0")
    rows = harbour.as_(owner, "GET", OF_CREW).json()
    assert {"crew"} == {row["owner"] for row in rows}
    assert 403 == harbour.as_(owner, "GET", AUDIT).status
    assert 403 == harbour.as_(owner, "GET", f"{OWN}/owners/-/audit").status


def test_a_maintainer_does_not_see_it(harbour: Harbour) -> None:
    assert 403 == harbour.as_(harbour.person("mia", "maintainer"), "GET", OF_CREW).status


def test_whoever_is_given_a_former_name_does_not_see_what_happened_under_it(harbour: Harbour, clock: HandClock) -> None:
    harbour.registry.push_image("otto/app", "1.0")
    clock.move(60)
    otto = harbour.person("otto")
    told = harbour.as_(otto, "GET", f"{OWN}/owners/otto/audit").json()
    assert ["account.create"] == actions(told)
    assert "package.push" in actions(harbour.told(f"{OWN}/owners/otto/audit"))


@pytest.mark.slow
def test_a_rare_thing_in_a_long_log_is_found(harbour: Harbour) -> None:
    harbour.registry.push_image("crew/rare", "1.0")
    for number in range(700):
        harbour.done("PUT", f"{OWN}/owners/crew/quota", {"bytes": 10_000_000 + number})
    assert ["package.push"] == actions(harbour.told(f"{AUDIT}?action=package"))
