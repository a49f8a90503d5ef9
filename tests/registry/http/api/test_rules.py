"""Rules, quotas and retention as the API has them, and what pushes and deletions hear of them."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.cases import each
from tests.registry.conftest import HandClock
from wharf.oci.digest import Digest
from wharf.testing.registry import Answer, InProcessRegistry

DAY = 86_400
CREW = "/api/wharf/v1/owners/crew"
ALL = "/api/wharf/v1/owners/-"


@pytest.fixture
def registry(tmp_path: Path, clock: HandClock) -> Iterator[InProcessRegistry]:
    with InProcessRegistry(tmp_path, clock=clock, admin_password="correct horse battery") as made:
        yield made


def send(registry: InProcessRegistry, method: str, path: str, body: Mapping[str, object] | None = None) -> Answer:
    raw = b"" if body is None else json.dumps(body).encode()
    return registry.request(method, path, raw, {"content-type": "application/json"})


def immutable(registry: InProcessRegistry, *tags: str, at: str = CREW) -> int:
    answer = send(registry, "POST", f"{at}/rules", {"kind": "immutable", "tags": list(tags)})
    assert answer.status == 201, answer
    return int(answer.json()["id"])


def retention(registry: InProcessRegistry, **terms: object) -> None:
    answer = send(registry, "POST", f"{CREW}/rules", {"kind": "retention", **terms})
    assert answer.status == 201, answer


def push_another(registry: InProcessRegistry, tag: str, layer: bytes = b"another") -> Answer:
    return put(registry, tag, registry.image("crew/app", layer))


def put(registry: InProcessRegistry, tag: str, document: Mapping[str, object]) -> Answer:
    kind = {"content-type": str(document["mediaType"])}
    return registry.request("PUT", f"/v2/crew/app/manifests/{tag}", json.dumps(document).encode(), kind)


def push_blob(registry: InProcessRegistry, name: str, data: bytes) -> Answer:
    return registry.request("POST", f"/v2/{name}/blobs/uploads/?digest={Digest.of(data)}", data)


def test_a_rule_is_listed_as_it_was_made(registry: InProcessRegistry) -> None:
    made = send(registry, "POST", f"{CREW}/rules", {"kind": "immutable", "tags": ["v*"]})
    assert [made.json()] == send(registry, "GET", f"{CREW}/rules").json()
    assert made.json() == {
        "id": 1,
        "owner": "crew",
        "kind": "immutable",
        "says": "tags like v* stay where they are",
        "repositories": [],
        "tags": ["v*"],
        "except_tags": [],
        "created_at": "2023-11-14T22:13:20Z",
        "created_by": "admin",
    }


def test_rules_of_one_owner_are_not_another_s(registry: InProcessRegistry) -> None:
    rule = immutable(registry, "v*")
    assert [] == send(registry, "GET", f"{ALL}/rules").json()
    assert 404 == send(registry, "DELETE", f"{ALL}/rules/{rule}").status


def test_long_lists_have_pages(registry: InProcessRegistry) -> None:
    for number in range(3):
        immutable(registry, f"v{number}")
    first = send(registry, "GET", f"{CREW}/rules?per_page=2")
    assert [1, 2] == [rule["id"] for rule in first.json()]
    assert 'rel="next"' in first.headers["link"]


@each(
    "body",
    [
        {},
        {"kind": "other"},
        {"kind": "immutable", "tag": ["v*"]},
        {"kind": "immutable", "keep_newest": 1},
        {"kind": "immutable", "tags": ["v 1"]},
        {"kind": "immutable", "repositories": ["other/app"]},
        {"kind": "retention"},
        {"kind": "retention", "keep_newest": 0},
        {"kind": "retention", "keep_newest": True},
        {"kind": "retention", "keep_newest": 1, "except_tags": ["v1"]},
    ],
)
def test_a_rule_that_cannot_be_meant_is_refused(registry: InProcessRegistry, body: dict[str, object]) -> None:
    assert 422 == send(registry, "POST", f"{CREW}/rules", body).status


def test_an_owner_has_only_so_many_rules(registry: InProcessRegistry) -> None:
    for _ in range(100):
        immutable(registry, "v*")
    assert 422 == send(registry, "POST", f"{CREW}/rules", {"kind": "immutable"}).status


def test_an_immutable_tag_is_not_moved(registry: InProcessRegistry) -> None:
    registry.push_image("crew/app", "v1")
    immutable(registry, "v*")
    refused = push_another(registry, "v1")
    assert (403, "DENIED") == (refused.status, refused.code)
    assert "the tag v1 of crew/app is immutable" in refused.json()["errors"][0]["message"]
    assert ["rule: 1: tags like v* stay where they are"] == refused.json()["errors"][0]["detail"]["evidence"]


def test_the_same_again_is_no_move(registry: InProcessRegistry) -> None:
    immutable(registry, "v*")
    same = registry.image("crew/app", b"the same")
    assert [201, 201] == [put(registry, "v1", same).status for _ in range(2)]


def test_other_tags_move(registry: InProcessRegistry) -> None:
    immutable(registry, "v*")
    registry.push_image("crew/app", "latest")
    assert 201 == push_another(registry, "latest").status


def test_other_owners_tags_move_unless_the_rule_is_the_registry_s(registry: InProcessRegistry) -> None:
    immutable(registry, "v*", at="/api/wharf/v1/owners/other")
    registry.push_image("crew/app", "v1")
    assert 201 == push_another(registry, "v1").status
    immutable(registry, "v*", at=ALL)
    assert 403 == push_another(registry, "v1", b"a third").status


def test_an_immutable_tag_is_not_taken_away(registry: InProcessRegistry) -> None:
    digest = registry.push_image("crew/app", "v1")
    rule = immutable(registry, "v*")
    assert 403 == send(registry, "DELETE", "/v2/crew/app/manifests/v1").status
    assert 403 == send(registry, "DELETE", f"/v2/crew/app/manifests/{digest}").status
    assert 204 == send(registry, "DELETE", f"{CREW}/rules/{rule}").status
    assert 202 == send(registry, "DELETE", "/v2/crew/app/manifests/v1").status


def test_a_quota_tells_what_is_used(registry: InProcessRegistry) -> None:
    assert {"owner": "crew", "bytes": None, "used": 0} == send(registry, "GET", f"{CREW}/quota").json()
    send(registry, "PUT", f"{CREW}/quota", {"bytes": 5000})
    registry.push_image("crew/app", "v1", b"x" * 1000)
    registry.push_image("crew/copy", "v1", b"x" * 1000)
    used = send(registry, "GET", f"{CREW}/quota").json()["used"]
    manifest = int(send(registry, "GET", "/v2/crew/app/manifests/v1").headers["content-length"])
    assert 1000 + len(b"{}") + manifest == used


def test_what_is_too_much_is_refused_with_the_figures(registry: InProcessRegistry) -> None:
    send(registry, "PUT", f"{CREW}/quota", {"bytes": 500})
    refused = push_blob(registry, "crew/app", b"y" * 600)
    assert (403, "DENIED") == (refused.status, refused.code)
    evidence = ["quota: 500 bytes", "used: 0 bytes", "this push: 600 bytes more"]
    assert evidence == refused.json()["errors"][0]["detail"]["evidence"]
    assert [] == list(registry.content.copies())


def test_a_mounted_blob_takes_room_of_whoever_mounts_it(registry: InProcessRegistry) -> None:
    push_blob(registry, "other/app", b"y" * 600)
    send(registry, "PUT", f"{CREW}/quota", {"bytes": 500})
    mount = f"/v2/crew/app/blobs/uploads/?mount={Digest.of(b'y' * 600)}&from=other/app"
    assert 403 == send(registry, "POST", mount).status


def test_what_the_owner_has_already_takes_no_room(registry: InProcessRegistry) -> None:
    push_blob(registry, "crew/app", b"y" * 600)
    send(registry, "PUT", f"{CREW}/quota", {"bytes": 600})
    assert 201 == push_blob(registry, "crew/copy", b"y" * 600).status


def test_a_manifest_takes_room(registry: InProcessRegistry) -> None:
    document = registry.image("crew/app")
    send(registry, "PUT", f"{CREW}/quota", {"bytes": 20})
    answer = put(registry, "v1", document)
    assert (403, "DENIED") == (answer.status, answer.code)


def test_a_deletion_makes_room_and_pushing_it_again_needs_it_again(registry: InProcessRegistry) -> None:
    document = registry.image("crew/app", b"y" * 600)
    digest = registry.push_manifest("crew/app", "v1", document)
    send(registry, "PUT", f"{CREW}/quota", {"bytes": 1300})
    assert 403 == push_blob(registry, "crew/app", b"z" * 900).status
    assert 202 == send(registry, "DELETE", f"/v2/crew/app/manifests/{digest}").status
    assert 201 == push_blob(registry, "crew/app", b"z" * 900).status
    assert 403 == put(registry, "v1", document).status


def test_a_quota_for_the_registry_is_about_everybody(registry: InProcessRegistry) -> None:
    send(registry, "PUT", f"{ALL}/quota", {"bytes": 500})
    assert 201 == push_blob(registry, "crew/app", b"y" * 400).status
    refused = push_blob(registry, "other/app", b"z" * 400)
    assert 403 == refused.status
    assert "this registry has no room left" in refused.json()["errors"][0]["message"]


def test_a_quota_ends(registry: InProcessRegistry) -> None:
    send(registry, "PUT", f"{CREW}/quota", {"bytes": 1})
    assert 204 == send(registry, "DELETE", f"{CREW}/quota").status
    assert 404 == send(registry, "DELETE", f"{CREW}/quota").status
    assert 201 == push_blob(registry, "crew/app", b"y" * 600).status


def test_a_dry_run_says_why_and_does_nothing(registry: InProcessRegistry, clock: HandClock) -> None:
    registry.push_image("crew/app", "old")
    clock.move(40 * DAY)
    push_another(registry, "new")
    retention(registry, keep_younger_than=30 * DAY)
    told = send(registry, "POST", f"{CREW}/retention", {"dry_run": True}).json()
    assert (1, 1, True) == (told["staying"], told["going"], told["complete"])
    assert [
        ("crew/app", ["new"], "it was pushed within the last hour"),
        ("crew/app", ["old"], "no rule keeps it: pushed 40 days ago, never pulled"),
    ] == [(each["repository"], each["tags"], each["why"]) for each in told["decisions"]]
    assert ["new", "old"] == send(registry, "GET", "/v2/crew/app/tags/list").json()["tags"]


def test_a_run_takes_away_what_a_dry_run_said(registry: InProcessRegistry, clock: HandClock) -> None:
    registry.push_image("crew/app", "old")
    registry.push_image("free/app", "old")
    clock.move(40 * DAY)
    retention(registry, keep_younger_than=30 * DAY)
    told = send(registry, "POST", f"{CREW}/retention").json()
    assert (0, 1, ["old"]) == (told["staying"], told["going"], told["decisions"][0]["tags"])
    assert 404 == send(registry, "GET", "/v2/crew/app/manifests/old").status
    assert 200 == send(registry, "GET", "/v2/free/app/manifests/old").status


def test_a_rule_of_the_registry_is_followed_for_everybody(registry: InProcessRegistry, clock: HandClock) -> None:
    registry.push_image("crew/app", "old")
    registry.push_image("alone", "old")
    clock.move(40 * DAY)
    send(registry, "POST", f"{ALL}/rules", {"kind": "retention", "keep_younger_than": 30 * DAY})
    assert 2 == send(registry, "POST", f"{ALL}/retention").json()["going"]
