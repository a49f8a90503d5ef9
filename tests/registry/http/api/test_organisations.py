from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cases import each
from tests.registry.http.api.api_caller import PASSWORD, ApiCaller, administrator
from wharf.testing.registry import InProcessRegistry


@pytest.fixture
def admin(tmp_path: Path) -> Iterator[ApiCaller]:
    """Of a registry with an organisation, `crew`."""
    with InProcessRegistry(tmp_path, admin_password=PASSWORD) as registry:
        admin = administrator(registry)
        assert admin.post("/orgs", {"login": "crew", "display": "The Crew"}).status == 201
        yield admin


def member(admin: ApiCaller, login: str, role: str) -> ApiCaller:
    somebody = admin.user(login)
    assert admin.put(f"/orgs/crew/members/{login}", {"role": role}).status == 200
    return somebody


def roles(caller: ApiCaller) -> dict[str, str]:
    return {each["login"]: each["role"] for each in caller.get("/orgs/crew/members").json()}


def test_whoever_makes_an_organisation_owns_it(admin: ApiCaller) -> None:
    assert roles(admin) == {"admin": "owner"}
    told = admin.get("/orgs/crew").json()
    assert ("crew", "organisation", "The Crew") == (told["login"], told["kind"], told["display"])


@each("login, status", [("crew", 409), ("admin", 409), ("v2", 422), ("crew+ci", 422), ("a b", 422)])
def test_what_cannot_be_an_organisation_is_refused(admin: ApiCaller, login: str, status: int) -> None:
    assert status == admin.post("/orgs", {"login": login}).status


def test_organisations_are_made_by_administrators(admin: ApiCaller) -> None:
    assert admin.user("alice").post("/orgs", {"login": "other"}).status == 403


def test_everybody_lists_those_that_they_belong_to(admin: ApiCaller) -> None:
    admin.post("/orgs", {"login": "other"})
    alice, bob = member(admin, "alice", "reader"), admin.user("bob")
    assert [["crew", "other"], ["crew"], []] == [
        [each["login"] for each in caller.get("/orgs").json()] for caller in (admin, alice, bob)
    ]


def test_an_organisation_of_others_looks_as_if_it_did_not_exist(admin: ApiCaller) -> None:
    stranger = admin.user("stranger")
    assert [404] * 6 == [
        stranger.get(f"/orgs/{name}{what}").status
        for name in ("crew", "nowhere")
        for what in ("", "/members", "/services")
    ]
    assert [403, 403] == [stranger.delete(f"/orgs/{name}").status for name in ("crew", "nowhere")]


def test_a_role_is_given_changed_and_taken(admin: ApiCaller) -> None:
    alice = member(admin, "alice", "reader")
    admin.put("/orgs/crew/members/alice", {"role": "writer"})
    assert roles(alice) == {"admin": "owner", "alice": "writer"}
    assert admin.delete("/orgs/crew/members/alice").status == 204
    assert alice.get("/orgs/crew/members").status == 404


@pytest.mark.parametrize(
    ("login", "body", "status"),
    [
        ("nobody", {"role": "reader"}, 404),
        ("crew", {"role": "reader"}, 404),
        ("alice", {"role": "king"}, 422),
        ("alice", {}, 422),
        ("other+ci", {"role": "reader"}, 404),
    ],
)
def test_what_cannot_be_a_member_is_refused(admin: ApiCaller, login: str, body: dict[str, object], status: int) -> None:
    admin.user("alice")
    admin.post("/orgs", {"login": "other"})
    admin.post("/orgs/other/services", {"name": "ci", "role": "reader"})
    assert status == admin.put(f"/orgs/crew/members/{login}", body).status


@pytest.mark.parametrize("role", ["reader", "writer", "maintainer"])
def test_only_owners_say_who_belongs_to_it(admin: ApiCaller, role: str) -> None:
    alice = member(admin, "alice", role)
    assert [403] * 5 == [
        alice.put("/orgs/crew/members/alice", {"role": "owner"}).status,
        alice.delete("/orgs/crew/members/admin").status,
        alice.post("/orgs/crew/services", {"name": "ci", "role": "reader"}).status,
        alice.delete("/orgs/crew/services/ci").status,
        alice.delete("/orgs/crew").status,
    ]


def test_whoever_belongs_to_it_may_leave(admin: ApiCaller) -> None:
    alice = member(admin, "alice", "reader")
    assert alice.delete("/orgs/crew/members/alice").status == 204
    assert roles(admin) == {"admin": "owner"}


def test_the_last_owner_neither_leaves_nor_becomes_less(admin: ApiCaller) -> None:
    alice = member(admin, "alice", "owner")
    assert alice.delete("/orgs/crew/members/admin").status == 204
    assert [409, 409] == [
        alice.delete("/orgs/crew/members/alice").status,
        alice.put("/orgs/crew/members/alice", {"role": "reader"}).status,
    ]


def test_an_administrator_may_take_the_last_owner_away(admin: ApiCaller) -> None:
    assert admin.delete("/orgs/crew/members/admin").status == 204
    assert roles(admin) == {}


def test_a_service_works_for_its_organisation(admin: ApiCaller) -> None:
    made = admin.post("/orgs/crew/services", {"name": "ci", "role": "writer"})
    told = made.json()
    assert (201, "crew+ci", "ci", "service", "writer") == (
        made.status,
        told["login"],
        told["name"],
        told["kind"],
        told["role"],
    )
    assert [told] == admin.get("/orgs/crew/services").json()
    assert roles(admin) == {"admin": "owner", "crew+ci": "writer"}


def test_a_service_has_another_role_by_the_same_address_as_people(admin: ApiCaller) -> None:
    admin.post("/orgs/crew/services", {"name": "ci", "role": "writer"})
    assert admin.put("/orgs/crew/members/crew%2Bci", {"role": "reader"}).status == 200
    assert roles(admin)["crew+ci"] == "reader"
    assert admin.delete("/orgs/crew/members/crew%2Bci").status == 409


def test_a_service_pushes_with_its_token_and_ends_with_its_account(admin: ApiCaller) -> None:
    admin.post("/orgs/crew/services", {"name": "ci", "role": "writer"})
    ci = admin.token("write:packages", account="crew+ci", repositories=["crew/app"])
    with admin.registry.acting(ci.authorization):
        admin.registry.push_image("crew/app", "1.0")
        start = admin.registry.request("POST", "/v2/crew/other/blobs/uploads/")
    assert start.status == 403
    assert admin.delete("/orgs/crew/services/ci").status == 204
    assert ci.get("/orgs").status == 401


def test_an_organisation_goes_with_its_services_and_not_while_it_owns_packages(admin: ApiCaller) -> None:
    admin.post("/orgs/crew/services", {"name": "ci", "role": "writer"})
    ci = admin.token("read:packages", account="crew+ci")
    admin.registry.push_image("crew/app", "1.0")
    assert [409, 200] == [admin.delete("/orgs/crew").status, ci.get("/orgs").status]
    admin.post("/orgs", {"login": "empty"})
    assert [204, 404] == [admin.delete("/orgs/empty").status, admin.get("/orgs/empty").status]


def test_a_person_is_no_organisation(admin: ApiCaller) -> None:
    alice = admin.user("alice")
    assert [404, 404, 404] == [
        alice.get("/orgs/alice").status,
        alice.put("/orgs/alice/members/admin", {"role": "reader"}).status,
        alice.delete("/orgs/alice").status,
    ]
