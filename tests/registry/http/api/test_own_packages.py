"""What GitHub's API of packages lacks."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cases import each
from tests.registry.conftest import HandClock
from tests.registry.http.api.harbour import PASSWORD, Harbour
from wharf.registry.http.api.operation import OWN
from wharf.testing.registry import InProcessRegistry

APP = f"{OWN}/packages/crew%2Fapp"


@pytest.fixture
def harbour(tmp_path: Path, clock: HandClock) -> Iterator[Harbour]:
    with InProcessRegistry(tmp_path, clock=clock, admin_password=PASSWORD) as registry:
        harbour = Harbour(registry)
        harbour.done("POST", f"{OWN}/orgs", {"login": "crew"})
        registry.push_image("crew/app", "v1", b"one")
        yield harbour


def test_a_package_is_shown_with_its_whole_name(harbour: Harbour) -> None:
    shown = harbour.told(APP)
    assert ("crew/app", "crew", "app", "private", 1, 1) == tuple(
        shown[field] for field in ("name", "owner", "package", "visibility", "version_count", "tag_count")
    )


def test_a_name_of_one_segment_has_no_owner(harbour: Harbour) -> None:
    harbour.registry.push_image("greeter", "v1")
    shown = harbour.told(f"{OWN}/packages/greeter")
    assert ("greeter", None, "greeter") == (shown["name"], shown["owner"], shown["package"])


def test_what_is_made_public_is_pulled_and_shown_to_anybody_until_it_is_made_private(harbour: Harbour) -> None:
    for visibility, status in (("public", 200), ("private", 401)):
        answer = harbour.ask("PATCH", APP, {"visibility": visibility})
        assert (200, visibility) == (answer.status, answer.json()["visibility"])
        assert [status, status] == [harbour.as_("", "GET", path).status for path in (APP, "/v2/crew/app/manifests/v1")]


def test_who_set_the_visibility_to_what_it_was_changed_nothing(harbour: Harbour) -> None:
    before = harbour.told(f"{OWN}/owners/crew/audit?per_page=100")
    harbour.done("PATCH", APP, {"visibility": "private"})
    assert before == harbour.told(f"{OWN}/owners/crew/audit?per_page=100")


@pytest.mark.parametrize(("role", "status"), [("reader", 403), ("writer", 403), ("maintainer", 200), (None, 404)])
def test_maintainers_set_the_visibility(harbour: Harbour, role: str | None, status: int) -> None:
    somebody = harbour.person("somebody", role)
    assert status == harbour.as_(somebody, "PATCH", APP, {"visibility": "public"}).status


@each("body", [{}, {"visibility": "internal"}, {"visibility": 1}])
def test_only_public_and_private_are_visibilities(harbour: Harbour, body: object) -> None:
    assert 422 == harbour.ask("PATCH", APP, body).status


def test_what_is_not_there_has_no_visibility(harbour: Harbour) -> None:
    for name in ("crew%2Fmissing", "CREW%2FApp", "%2F", "crew%2F"):
        assert 404 == harbour.ask("PATCH", f"{OWN}/packages/{name}", {"visibility": "public"}).status


def test_a_tag_tells_where_it_pointed(harbour: Harbour) -> None:
    first = harbour.told(f"{APP}/tags/v1/history")[0]["digest"]
    second = str(harbour.registry.push_image("crew/app", "v1", b"two"))
    harbour.registry.request("DELETE", "/v2/crew/app/manifests/v1")
    events = harbour.told(f"{APP}/tags/v1/history")
    assert [(None, second), (second, first), (first, None)] == [
        (event["digest"], event["previous"]) for event in events
    ]
    assert {"admin"} == {event["actor"] for event in events}
    assert events[2:] == harbour.told(f"{APP}/tags/v1/history?per_page=2&page=2")


def test_a_tag_that_never_was_has_no_history(harbour: Harbour) -> None:
    assert 404 == harbour.ask("GET", f"{APP}/tags/v9/history").status


def test_who_moved_a_tag_is_told_to_those_who_may_push(harbour: Harbour) -> None:
    harbour.done("PATCH", APP, {"visibility": "public"})
    reader, writer = harbour.person("reader", "reader"), harbour.person("writer", "writer")
    told = [harbour.as_(who, "GET", f"{APP}/tags/v1/history").json()[0]["actor"] for who in ("", reader, writer)]
    assert [None, None, "admin"] == told


def test_referrers_are_listed_by_page_and_by_type(harbour: Harbour) -> None:
    subject = harbour.registry.push_image("crew/app", "v2", b"two")
    pushed = {str(harbour.push_signature("crew/app", tag, subject)) for tag in ("s1",)}
    found = harbour.told(f"{APP}/referrers/{subject}")
    assert pushed == {referrer["digest"] for referrer in found}
    (kind,) = {referrer["artifact_type"] for referrer in found}
    assert found == harbour.told(f"{APP}/referrers/{subject}?artifact_type={kind}")
    assert [] == harbour.told(f"{APP}/referrers/{subject}?artifact_type=tea")
    assert [] == harbour.told(f"{APP}/referrers/{subject}?page=2")
    assert 422 == harbour.ask("GET", f"{APP}/referrers/latest").status
