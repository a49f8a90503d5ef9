"""GitHub's operations on packages as wholes."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.registry.conftest import HandClock
from tests.registry.http.api.harbour import PASSWORD, Harbour
from wharf.registry.http.api.operation import OWN
from wharf.registry.services.garbage import GarbageCollection, Terms
from wharf.testing.registry import InProcessRegistry

DAY = 86_400.0
CREW = "/orgs/crew/packages?package_type=container"
APP = "/orgs/crew/packages/container/app"


@pytest.fixture
def harbour(tmp_path: Path, clock: HandClock) -> Iterator[Harbour]:
    with InProcessRegistry(tmp_path, clock=clock, admin_password=PASSWORD) as registry:
        harbour = Harbour(registry)
        harbour.done("POST", f"{OWN}/orgs", {"login": "crew"})
        registry.push_image("crew/app", "v1", b"one")
        registry.push_image("crew/app", "v2", b"two")
        yield harbour


def names(harbour: Harbour, path: str) -> list[str]:
    return [package["name"] for package in harbour.told(path)]


def publish(harbour: Harbour, name: str) -> None:
    harbour.done("PATCH", f"{OWN}/packages/{name.replace('/', '%2F')}", {"visibility": "public"})


def test_a_package_is_shown_as_github_shows_it(harbour: Harbour) -> None:
    shown = harbour.told(f"/api/v3{APP}")
    owner = shown.pop("owner")
    assert ("crew", 2, "Organization") == (owner["login"], owner["id"], owner["type"])
    assert {
        "id": 1,
        "name": "app",
        "package_type": "container",
        "version_count": 2,
        "visibility": "private",
        "url": "http://localhost/api/v3/orgs/crew/packages/container/app",
        "created_at": "2023-11-14T22:13:20Z",
        "updated_at": "2023-11-14T22:13:20Z",
        "html_url": "http://localhost/crew/app",
    } == shown


def test_a_slash_in_a_name_is_escaped(harbour: Harbour) -> None:
    harbour.registry.push_image("crew/backend/api", "v1")
    shown = harbour.told("/orgs/crew/packages/container/backend%2Fapi")
    assert ("backend/api", "http://localhost/orgs/crew/packages/container/backend%2Fapi") == (
        shown["name"],
        shown["url"],
    )
    assert 404 == harbour.ask("GET", "/orgs/crew/packages/container/backend/api").status


def test_packages_are_listed_page_by_page(harbour: Harbour) -> None:
    for name in ("c", "b", "a"):
        harbour.registry.push_image(f"crew/{name}", "v1")
    first = harbour.ask("GET", f"{CREW}&per_page=3")
    assert ["a", "app", "b"] == [package["name"] for package in first.json()]
    assert f'<http://localhost{CREW}&per_page=3&page=2>; rel="next"' in first.headers["link"]
    assert ["c"] == names(harbour, f"{CREW}&per_page=3&page=2")


def test_pages_beyond_ten_thousand_rows_are_refused_in_githubs_words(harbour: Harbour) -> None:
    answer = harbour.ask("GET", f"{CREW}&per_page=100&page=101")
    assert (400, "per_page × page cannot be greater than 10000") == (answer.status, answer.json()["message"])


def test_the_kind_of_package_must_be_told(harbour: Harbour) -> None:
    assert 422 == harbour.ask("GET", "/orgs/crew/packages").status
    assert 422 == harbour.ask("GET", "/orgs/crew/packages?package_type=tea").status


def test_there_are_containers_only(harbour: Harbour) -> None:
    assert [] == harbour.told("/orgs/crew/packages?package_type=npm")
    assert 404 == harbour.ask("GET", "/orgs/crew/packages/npm/app").status
    assert [] == harbour.told("/orgs/crew/docker/conflicts")


@pytest.mark.parametrize(("visibility", "expected"), [("public", ["open"]), ("private", ["app"]), ("internal", [])])
def test_a_list_can_be_of_one_visibility(harbour: Harbour, visibility: str, expected: list[str]) -> None:
    harbour.registry.push_image("crew/open", "v1")
    publish(harbour, "crew/open")
    assert expected == names(harbour, f"{CREW}&visibility={visibility}")


def test_a_stranger_sees_what_is_public(harbour: Harbour) -> None:
    harbour.registry.push_image("crew/open", "v1")
    publish(harbour, "crew/open")
    stranger = harbour.person("stranger")
    assert ["open"] == [package["name"] for package in harbour.as_(stranger, "GET", CREW).json()]
    assert 200 == harbour.as_(stranger, "GET", "/orgs/crew/packages/container/open").status
    hidden = harbour.as_(stranger, "GET", APP)
    missing = harbour.as_(stranger, "GET", "/orgs/crew/packages/container/nowhere")
    assert (404, 404) == (hidden.status, missing.status)
    assert hidden.json()["message"] == missing.json()["message"] == "Package not found."


def test_whoever_asks_the_pages_make_up_what_they_may_see(harbour: Harbour) -> None:
    for name in ("one", "other", "two"):
        harbour.registry.push_image(f"crew/{name}", "v1")
    publish(harbour, "crew/one")
    publish(harbour, "crew/two")
    token = harbour.token("read:packages", repositories=("crew/other",))
    whole = {harbour.token("read:packages"): 4, harbour.person("stranger"): 2, token: 3}
    for who, seen in whole.items():
        pages = [harbour.as_(who, "GET", f"{CREW}&per_page=2&page={page}").json() for page in (1, 2, 3)]
        assert [2, seen - 2, 0] == [len(page) for page in pages]
        assert seen == len({package["name"] for page in pages for package in page})


def test_a_fine_grained_token_lists_what_it_is_for(harbour: Harbour) -> None:
    harbour.registry.push_image("crew/other", "v1")
    token = harbour.token("read:packages", repositories=("crew/other",))
    assert ["other"] == [package["name"] for package in harbour.as_(token, "GET", CREW).json()]


def test_nobody_is_told_nothing_and_a_token_without_the_scope_is_told_which(harbour: Harbour) -> None:
    publish(harbour, "crew/app")
    for path in (CREW, APP, f"{APP}/versions", "/user/packages?package_type=container"):
        assert 401 == harbour.as_("", "GET", path).status
    refused = harbour.as_(harbour.token("delete:packages"), "GET", CREW)
    assert (403, True) == (refused.status, "read:packages" in refused.body.decode())


def test_an_owner_that_does_not_exist_has_no_list(harbour: Harbour) -> None:
    for path in ("/orgs/nobody/packages", "/users/nobody/packages", "/users/crew/packages", "/orgs/admin/packages"):
        assert 404 == harbour.ask("GET", f"{path}?package_type=container").status
    assert [] == harbour.told("/users/admin/packages?package_type=container")


def test_repositories_of_nobodys_are_listed_for_who_may_read_them(harbour: Harbour) -> None:
    harbour.registry.push_image("ghosts/app", "v1")
    assert ["app"] == names(harbour, "/orgs/ghosts/packages?package_type=container")
    stranger = harbour.person("stranger")
    assert 404 == harbour.as_(stranger, "GET", "/orgs/ghosts/packages?package_type=container").status


def test_names_of_one_segment_belong_to_the_instance(harbour: Harbour) -> None:
    harbour.registry.push_image("greeter", "v1")
    assert ["greeter"] == names(harbour, "/orgs/-/packages?package_type=container")
    shown = harbour.told("/orgs/-/packages/container/greeter")
    assert (None, "http://localhost/orgs/-/packages/container/greeter") == (shown["owner"], shown["url"])
    assert 404 == harbour.ask("GET", "/orgs/-/packages/container/crew%2Fapp").status
    stranger = harbour.person("stranger")
    assert [] == harbour.as_(stranger, "GET", "/orgs/-/packages?package_type=container").json()


def test_ones_own_packages_are_those_under_ones_name(harbour: Harbour) -> None:
    harbour.registry.push_image("admin/tools/gc", "v1")
    assert ["tools/gc"] == names(harbour, "/user/packages?package_type=container")
    (shown,) = harbour.told("/user/packages?package_type=container")
    assert shown == harbour.told("/users/admin/packages/container/tools%2Fgc")
    assert shown["url"] == "http://localhost/users/admin/packages/container/tools%2Fgc"


def test_a_package_that_was_deleted_comes_back_with_all_that_it_was(harbour: Harbour) -> None:
    publish(harbour, "crew/app")
    before = harbour.told(f"{APP}/versions")
    harbour.done("DELETE", APP)
    assert [] == names(harbour, CREW)
    assert (404, 404) == (harbour.ask("GET", APP).status, harbour.ask("GET", f"{APP}/versions").status)
    assert 404 == harbour.registry.request("GET", "/v2/crew/app/manifests/v1").status
    harbour.done("POST", f"{APP}/restore")
    assert before == harbour.told(f"{APP}/versions")
    assert "public" == harbour.told(APP)["visibility"]


def test_referrers_come_back_with_their_package(harbour: Harbour) -> None:
    subject = harbour.registry.push_image("crew/signed", "v1")
    signature = harbour.push_signature("crew/signed", "signature", subject)
    harbour.push_index("crew/signed", str(subject).replace(":", "-"), signature)
    later = harbour.push_signature("crew/signed", "later", subject)
    listed = harbour.registry.request("GET", f"/v2/crew/signed/manifests/{str(subject).replace(':', '-')}").json()
    harbour.done("DELETE", "/orgs/crew/packages/container/signed")
    assert [] == harbour.registry.request("GET", f"/v2/crew/signed/referrers/{subject}").json()["manifests"]
    harbour.done("POST", "/orgs/crew/packages/container/signed/restore")
    again = harbour.registry.request("GET", f"/v2/crew/signed/manifests/{str(subject).replace(':', '-')}").json()
    assert {str(signature), str(later)} == {entry["digest"] for entry in again["manifests"]}
    assert len(listed["manifests"]) == len(again["manifests"])


def test_a_package_that_was_begun_anew_is_private_and_its_past_stays_in_the_trash(harbour: Harbour) -> None:
    publish(harbour, "crew/app")
    harbour.done("DELETE", APP)
    harbour.registry.push_image("crew/app", "new", b"new")
    assert ("private", 1) == (harbour.told(APP)["visibility"], harbour.told(APP)["version_count"])
    refused = harbour.ask("POST", f"{APP}/restore")
    assert (409, "cannot-restore") == (refused.status, refused.json()["wharf"]["code"])
    deleted = harbour.told(f"{APP}/versions?state=deleted")
    harbour.done("POST", f"{APP}/versions/{deleted[0]['id']}/restore")
    assert 2 == harbour.told(APP)["version_count"]


def test_after_thirty_days_nothing_comes_back(harbour: Harbour, clock: HandClock) -> None:
    harbour.done("DELETE", APP)
    clock.move(30 * DAY)
    assert 404 == harbour.ask("POST", f"{APP}/restore").status
    assert 404 == harbour.ask("GET", f"{APP}/versions?state=deleted").status


def test_what_garbage_collection_was_told_to_take_does_not_come_back(harbour: Harbour, clock: HandClock) -> None:
    harbour.done("DELETE", APP)
    terms = Terms(grace=0, upload_age=DAY, keep_deleted=0)

    async def collect() -> None:
        async for _ in GarbageCollection(harbour.registry.content, harbour.registry.metadata, clock, terms).run():
            pass

    asyncio.run(collect())
    assert 404 == harbour.ask("POST", f"{APP}/restore").status


def test_what_never_was_cannot_be_restored_or_deleted(harbour: Harbour) -> None:
    missing = "/orgs/crew/packages/container/missing"
    assert (404, 404) == (harbour.ask("DELETE", missing).status, harbour.ask("POST", f"{missing}/restore").status)


@pytest.mark.parametrize(("role", "status"), [("reader", 403), ("writer", 403), ("maintainer", 204), ("owner", 204)])
def test_maintainers_delete_and_restore(harbour: Harbour, role: str, status: int) -> None:
    somebody = harbour.person("somebody", role)
    assert status == harbour.as_(somebody, "DELETE", APP).status
    if status == 204:
        assert 204 == harbour.as_(somebody, "POST", f"{APP}/restore").status


def test_deleting_wants_a_token_for_it(harbour: Harbour) -> None:
    refused = harbour.as_(harbour.token("write:packages"), "DELETE", APP)
    assert (403, True) == (refused.status, "delete:packages" in refused.json()["message"])
    assert 204 == harbour.as_(harbour.token("delete:packages", "read:packages"), "DELETE", APP).status
    assert 403 == harbour.as_(harbour.token("delete:packages", "read:packages"), "POST", f"{APP}/restore").status
    assert 204 == harbour.as_(harbour.token("write:packages"), "POST", f"{APP}/restore").status


def test_what_was_done_is_noted(harbour: Harbour) -> None:
    harbour.done("DELETE", APP)
    harbour.done("POST", f"{APP}/restore")
    publish(harbour, "crew/app")
    noted = [entry["action"] for entry in harbour.told(f"{OWN}/owners/crew/audit?per_page=100")]
    assert {"package.delete", "package.restore", "package.visibility"} <= set(noted)


def test_an_open_registry_answers_too(tmp_path: Path) -> None:
    with InProcessRegistry(tmp_path) as registry:
        harbour = Harbour(registry)
        registry.push_image("crew/app", "v1")
        assert ["app"] == names(harbour, CREW)
        assert ["app"] == names(harbour, "/users/crew/packages?package_type=container")
        harbour.done("DELETE", APP)
        harbour.done("POST", f"{APP}/restore")
        assert 401 == harbour.ask("GET", "/user/packages?package_type=container").status


def test_answers_are_json_whatever_the_method(harbour: Harbour) -> None:
    assert "application/json; charset=utf-8" == harbour.ask("GET", APP).headers["content-type"]
    assert json.loads(harbour.ask("GET", APP).body)["name"] == "app"
    assert b"" == harbour.ask("HEAD", APP).body
