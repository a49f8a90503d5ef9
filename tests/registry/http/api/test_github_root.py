"""What GitHub's clients ask before they ask for packages."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.registry.http.api.harbour import PASSWORD, Harbour
from wharf.registry.http.api.operation import OWN
from wharf.testing.registry import InProcessRegistry

WHO = {"query": "query UserCurrent{viewer{login}}"}


@pytest.fixture
def harbour(tmp_path: Path) -> Iterator[Harbour]:
    with InProcessRegistry(tmp_path, admin_password=PASSWORD) as registry:
        harbour = Harbour(registry)
        harbour.done("POST", f"{OWN}/orgs", {"login": "crew"})
        yield harbour


@pytest.mark.parametrize("path", ["/", "/api/v3/", "/api/v3"])
def test_the_root_says_where_what_is_and_names_no_scopes(harbour: Harbour, path: str) -> None:
    """A token's scopes there would make `gh auth login` ask for those of a code host."""
    answer = harbour.ask("GET", path)
    assert (200, "") == (answer.status, answer.headers["x-oauth-scopes"])
    front = "/api/v3" if path.startswith("/api/v3/") else ""
    assert f"http://localhost{front}/user" == answer.json()["current_user_url"]
    assert 200 == harbour.as_("", "GET", path).status
    assert 401 == harbour.as_("token nonsense", "GET", path).status


def test_elsewhere_the_scopes_of_a_token_are_named(harbour: Harbour) -> None:
    answer = harbour.as_(harbour.token("read:packages", "delete:packages"), "GET", "/user")
    assert "read:packages, delete:packages" == answer.headers["x-oauth-scopes"]


@pytest.mark.parametrize("path", ["/graphql", "/api/graphql"])
def test_graphql_says_who_i_am(harbour: Harbour, path: str) -> None:
    assert {"data": {"viewer": {"login": "admin"}}} == harbour.ask("POST", path, WHO).json()
    assert 401 == harbour.as_("", "POST", path, WHO).status


def test_a_question_is_a_text(harbour: Harbour) -> None:
    assert (422, 422) == (
        harbour.ask("POST", "/graphql", {}).status,
        harbour.ask("POST", "/graphql", {"query": 1}).status,
    )


def test_the_server_says_what_it_is_and_that_one_may_ask_on(harbour: Harbour) -> None:
    assert harbour.told("/meta")["verifiable_password_authentication"]
    rate = harbour.told("/rate_limit")["rate"]
    assert rate["remaining"] == rate["limit"]


def test_accounts_are_shown_to_accounts(harbour: Harbour) -> None:
    assert ("admin", "User") == (harbour.told("/users/admin")["login"], harbour.told("/users/admin")["type"])
    assert "Organization" == harbour.told("/orgs/crew")["type"] == harbour.told("/users/crew")["type"]
    assert [404, 404, 404] == [
        harbour.ask("GET", path).status for path in ("/users/nobody", "/orgs/admin", "/users/NO%20BODY")
    ]
    assert [401, 401] == [harbour.as_("", "GET", path).status for path in ("/users/admin", "/users/nobody")]


def test_ones_organisations_are_those_one_belongs_to(harbour: Harbour) -> None:
    member, stranger = harbour.person("member", "reader"), harbour.person("stranger")
    assert ["crew"] == [found["login"] for found in harbour.as_(member, "GET", "/user/orgs").json()]
    assert [] == harbour.as_(stranger, "GET", "/user/orgs").json()
