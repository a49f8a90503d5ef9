from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.registry.http.api.api_caller import PASSWORD, ApiCaller, administrator
from wharf.testing.registry import InProcessRegistry, basic


@pytest.fixture
def admin(tmp_path: Path) -> Iterator[ApiCaller]:
    with InProcessRegistry(tmp_path, admin_password=PASSWORD) as registry:
        yield administrator(registry)


def test_an_account_is_made_with_the_password_that_is_given(admin: ApiCaller) -> None:
    answer = admin.post("/users", {"login": "Alice", "display": "Alice", "password": "another horse"})
    told = answer.json()
    assert (201, "alice", "user", "Alice", False, False) == (
        answer.status,
        told["login"],
        told["kind"],
        told["display"],
        told["administrator"],
        told["disabled"],
    )
    assert "password" not in told
    assert ApiCaller(admin.registry, basic("alice", "another horse")).get("/users/alice").status == 200


def test_a_password_that_is_made_is_told_once(admin: ApiCaller) -> None:
    made = admin.post("/users", {"login": "alice"}).json()["password"]
    assert ApiCaller(admin.registry, basic("alice", made)).get("/users/alice").status == 200
    assert made not in admin.get("/users/alice").body.decode()


@pytest.mark.parametrize(
    ("wish", "status"),
    [
        ({"login": "alice"}, 409),
        ({"login": "crew+ci"}, 422),
        ({"login": "api"}, 422),
        ({"login": "not a name"}, 422),
        ({"login": "bob", "password": "short"}, 422),
        ({"login": "bob", "administrator": "yes"}, 422),
        ({}, 422),
    ],
)
def test_what_cannot_be_an_account_is_refused(admin: ApiCaller, wish: dict[str, object], status: int) -> None:
    admin.user("alice")
    assert status == admin.post("/users", wish).status


def test_accounts_are_listed_in_pages_that_are_linked(admin: ApiCaller) -> None:
    for name in ("c", "b", "a"):
        admin.user(name)
    first = admin.get("/users?per_page=3")
    assert [each["login"] for each in first.json()] == ["a", "admin", "b"]
    assert 'page=2>; rel="next"' in first.headers["link"]
    second = admin.get("/users?per_page=3&page=2")
    assert [each["login"] for each in second.json()] == ["c"]
    assert 'rel="next"' not in second.headers["link"]


def test_others_look_as_if_they_did_not_exist(admin: ApiCaller) -> None:
    alice = admin.user("alice")
    admin.user("bob")
    there, not_there = alice.get("/users/bob"), alice.get("/users/nobody")
    assert (404, 404) == (there.status, not_there.status)
    assert there.json()["wharf"]["code"] == not_there.json()["wharf"]["code"]


@pytest.mark.parametrize(
    ("method", "path"),
    [("get", "/users"), ("post", "/users"), ("patch", "/users/bob"), ("delete", "/users/bob")],
)
def test_others_are_for_administrators(admin: ApiCaller, method: str, path: str) -> None:
    alice = admin.user("alice")
    admin.user("bob")
    body = {"post": ({"login": "carol"},), "patch": ({"display": "Carol"},)}.get(method, ())
    assert getattr(alice, method)(path, *body).status == 403


def test_ones_own_password_is_changed_by_who_knows_the_old_one(admin: ApiCaller) -> None:
    alice, new = admin.user("alice"), "another horse"
    answers = [
        alice.patch("/users/alice", {"password": new}),
        alice.patch("/users/alice", {"password": new, "old_password": "a wrong one"}),
        alice.patch("/users/alice", {"password": "short", "old_password": PASSWORD}),
        alice.patch("/users/alice", {"password": new, "old_password": PASSWORD}),
        alice.get("/users/alice"),
        ApiCaller(admin.registry, basic("alice", new)).get("/users/alice"),
    ]
    assert [422, 422, 422, 200, 401, 200] == [answer.status for answer in answers]


def test_guesses_at_the_old_password_have_an_end(admin: ApiCaller) -> None:
    alice = admin.user("alice")
    wishes = ({"password": "another horse", "old_password": f"guess {number}"} for number in range(6))
    assert [422] * 4 + [429] * 2 == [alice.patch("/users/alice", wish).status for wish in wishes]


def test_an_administrator_gives_a_new_password_to_another_without_the_old_one(admin: ApiCaller) -> None:
    alice = admin.user("alice")
    assert admin.patch("/users/alice", {"password": "another horse"}).status == 200
    assert alice.get("/users/alice").status == 401


def test_a_token_that_is_not_for_it_changes_nothing(admin: ApiCaller) -> None:
    alice = admin.user("alice")
    reading = alice.token("write:packages")
    assert [200, 403] == [reading.get("/users/alice").status, reading.patch("/users/alice", {"display": "A"}).status]


def test_a_disabled_account_is_let_in_nowhere_until_it_is_enabled(admin: ApiCaller) -> None:
    alice = admin.user("alice")
    token = alice.token("admin")
    admin.patch("/users/alice", {"disabled": True})
    assert [401, 401] == [alice.get("/users/alice").status, token.get("/users/alice").status]
    admin.patch("/users/alice", {"disabled": False})
    assert [200, 200] == [alice.get("/users/alice").status, token.get("/users/alice").status]


def test_nobody_makes_themselves_an_administrator(admin: ApiCaller) -> None:
    alice = admin.user("alice")
    assert alice.patch("/users/alice", {"administrator": True}).status == 403


@pytest.mark.parametrize("wish", [{"disabled": True}, {"administrator": False}])
def test_the_last_administrator_stays_one(admin: ApiCaller, wish: dict[str, object]) -> None:
    admin.user("retired", administrator=True)
    admin.patch("/users/retired", {"disabled": True})
    assert admin.patch("/users/admin", wish).status == 409
    assert admin.delete("/users/admin").status == 409


def test_another_administrator_may_go(admin: ApiCaller) -> None:
    admin.user("second", administrator=True)
    both = {"administrator": False, "disabled": True}
    assert [200, 204] == [admin.patch("/users/second", both).status, admin.delete("/users/second").status]


def test_an_account_goes_with_its_tokens(admin: ApiCaller) -> None:
    alice = admin.user("alice")
    token = alice.token("admin")
    assert admin.delete("/users/alice").status == 204
    again = admin.user("alice")
    assert [401, 404] == [token.get("/users/alice").status, admin.get("/users/nobody").status]
    assert again.get("/tokens").json() == []


def test_an_account_that_owns_repositories_stays(admin: ApiCaller) -> None:
    admin.user("alice")
    admin.registry.push_image("alice/app", "1.0")
    answer = admin.delete("/users/alice")
    assert (409, "still-needed") == (answer.status, answer.json()["wharf"]["code"])


def test_each_change_is_noted_without_a_secret(admin: ApiCaller) -> None:
    admin.user("alice")
    admin.patch("/users/alice", {"password": "another horse", "administrator": True})
    admin.patch("/users/alice", {"display": "A", "disabled": True})
    admin.patch("/users/alice", {"disabled": False, "administrator": False})
    admin.delete("/users/alice")
    log = admin.get("/audit").body.decode()
    words = ("create", "password", "administrator", "rename", "disable", "enable", "delete")
    assert not [word for word in words if f'"account.{word}"' not in log]
    assert "horse" not in log
