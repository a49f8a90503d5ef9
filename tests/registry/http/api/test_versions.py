"""GitHub's operations on versions of a package."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cases import each
from tests.registry.conftest import HandClock
from tests.registry.http.api.harbour import PASSWORD, Harbour
from wharf.oci.digest import Digest
from wharf.registry.http.api.operation import OWN
from wharf.testing.registry import InProcessRegistry

DAY = 86_400.0
APP = "/orgs/crew/packages/container/app"
VERSIONS = f"{APP}/versions"


@pytest.fixture
def harbour(tmp_path: Path, clock: HandClock) -> Iterator[Harbour]:
    with InProcessRegistry(tmp_path, clock=clock, admin_password=PASSWORD) as registry:
        harbour = Harbour(registry)
        harbour.done("POST", f"{OWN}/orgs", {"login": "crew"})
        yield harbour


def push(harbour: Harbour, *tags: str) -> Digest:
    return [harbour.registry.push_image("crew/app", tag, tags[0].encode()) for tag in tags][-1]


def tags(harbour: Harbour, path: str = VERSIONS) -> list[list[str]]:
    return [version["metadata"]["container"]["tags"] for version in harbour.told(path)]


def version_of(harbour: Harbour, digest: Digest, path: str = VERSIONS) -> Any:
    return next(version for version in harbour.told(path) if version["name"] == str(digest))


def at(version: Any) -> str:
    return f"{VERSIONS}/{version['id']}"


def test_a_version_is_shown_as_github_shows_it(harbour: Harbour) -> None:
    digest = push(harbour, "v1", "latest")
    assert {
        "id": 1,
        "name": str(digest),
        "url": f"http://localhost/api/v3{VERSIONS}/1",
        "package_html_url": "http://localhost/crew/app",
        "created_at": "2023-11-14T22:13:20Z",
        "updated_at": "2023-11-14T22:13:20Z",
        "html_url": f"http://localhost/crew/app@{digest}",
        "metadata": {"package_type": "container", "container": {"tags": ["latest", "v1"]}},
    } == harbour.told(f"/api/v3{VERSIONS}/1")


def test_the_newest_version_comes_first(harbour: Harbour) -> None:
    for tag in ("v1", "v2", "v3"):
        push(harbour, tag)
    assert [["v3"], ["v2"], ["v1"]] == tags(harbour)
    assert [["v1"]] == tags(harbour, f"{VERSIONS}?per_page=2&page=2")
    link = harbour.ask("GET", f"{VERSIONS}?per_page=2&page=2").headers["link"]
    assert f'<http://localhost{VERSIONS}?per_page=2&page=1>; rel="prev"' in link


def test_a_number_stays_with_its_digest(harbour: Harbour) -> None:
    first = version_of(harbour, push(harbour, "v1"))
    second = version_of(harbour, push(harbour, "v2"))
    harbour.done("DELETE", at(first))
    push(harbour, "v1")
    assert [second["id"], first["id"]] == [version["id"] for version in harbour.told(VERSIONS)]


def test_a_deleted_version_is_gone_and_comes_back_with_its_tags(harbour: Harbour, clock: HandClock) -> None:
    old, new = push(harbour, "v1", "stable"), push(harbour, "v2")
    version = version_of(harbour, old)
    harbour.done("DELETE", at(version))
    assert [["v2"]] == tags(harbour)
    assert (404, 404) == (
        harbour.ask("GET", at(version)).status,
        harbour.registry.request("GET", f"/v2/crew/app/manifests/{old}").status,
    )
    (deleted,) = harbour.told(f"{VERSIONS}?state=deleted")
    assert {**version, "deleted_at": "2023-11-14T22:13:20Z"} == deleted
    clock.move(60)
    harbour.done("POST", f"{at(version)}/restore")
    assert [["v2"], ["stable", "v1"]] == tags(harbour)
    assert [] == harbour.told(f"{VERSIONS}?state=deleted")
    assert new != old


def test_what_was_deleted_over_the_registrys_own_protocol_comes_back_too(harbour: Harbour) -> None:
    digest = push(harbour, "v1")
    number = version_of(harbour, digest)["id"]
    assert 202 == harbour.registry.request("DELETE", f"/v2/crew/app/manifests/{digest}").status
    assert 404 == harbour.ask("GET", VERSIONS).status
    assert [number] == [version["id"] for version in harbour.told(f"{VERSIONS}?state=deleted")]
    harbour.done("POST", f"{VERSIONS}/{number}/restore")
    assert [["v1"]] == tags(harbour)


def test_the_last_tagged_version_stays(harbour: Harbour) -> None:
    old, new = push(harbour, "v1"), push(harbour, "v2")
    harbour.registry.request("DELETE", "/v2/crew/app/manifests/v1")
    refused = harbour.ask("DELETE", at(version_of(harbour, new)))
    assert (400, "You cannot delete the last tagged version of a package. You must delete the package instead.") == (
        refused.status,
        refused.json()["message"],
    )
    harbour.done("DELETE", at(version_of(harbour, old)))


def test_the_last_version_stays_without_a_tag_too(harbour: Harbour) -> None:
    digest = push(harbour, "v1")
    harbour.registry.request("DELETE", "/v2/crew/app/manifests/v1")
    refused = harbour.ask("DELETE", at(version_of(harbour, digest)))
    assert (400, "last-version") == (refused.status, refused.json()["wharf"]["code"])


def test_a_part_of_an_image_stays_as_long_as_its_whole(harbour: Harbour) -> None:
    push(harbour, "other")
    child = push(harbour, "child")
    harbour.registry.request("DELETE", "/v2/crew/app/manifests/child")
    index = harbour.push_index("crew/app", "v1", child)
    refused = harbour.ask("DELETE", at(version_of(harbour, child)))
    assert (409, "part-of-image") == (refused.status, refused.json()["wharf"]["code"])
    assert [f"part of: {index}"] == refused.json()["wharf"]["evidence"]
    part, whole = version_of(harbour, child), version_of(harbour, index)
    harbour.done("DELETE", at(whole))
    harbour.done("DELETE", at(part))
    harbour.done("POST", f"{at(whole)}/restore")
    assert {part["id"], whole["id"]} < {version["id"] for version in harbour.told(VERSIONS)}


def test_over_the_registrys_own_protocol_a_part_goes_and_comes_back(harbour: Harbour) -> None:
    child = push(harbour, "child")
    harbour.push_index("crew/app", "v1", child)
    number = version_of(harbour, child)["id"]
    assert 202 == harbour.registry.request("DELETE", f"/v2/crew/app/manifests/{child}").status
    assert [number] == [version["id"] for version in harbour.told(f"{VERSIONS}?state=deleted")]
    harbour.done("POST", f"{VERSIONS}/{number}/restore")
    assert 200 == harbour.registry.request("GET", f"/v2/crew/app/manifests/{child}").status


def test_a_signature_may_be_deleted_though_a_list_of_referrers_names_it(harbour: Harbour) -> None:
    subject = push(harbour, "v1")
    signature = harbour.push_signature("crew/app", "signature", subject)
    harbour.push_index("crew/app", str(subject).replace(":", "-"), signature)
    harbour.push_signature("crew/app", "second", subject)
    harbour.done("DELETE", at(version_of(harbour, signature)))
    listed = harbour.registry.request("GET", f"/v2/crew/app/referrers/{subject}").json()["manifests"]
    assert str(signature) not in {entry["digest"] for entry in listed}


def test_lists_of_referrers_that_the_registry_makes_are_no_versions(harbour: Harbour) -> None:
    subject = push(harbour, "v1")
    first = harbour.push_signature("crew/app", "signature", subject)
    harbour.push_index("crew/app", str(subject).replace(":", "-"), first)
    count = len(harbour.told(VERSIONS))
    harbour.registry.push_manifest(
        "crew/app",
        "second",
        {
            **harbour.registry.image("crew/app", b"another"),
            "subject": {"mediaType": "application/vnd.oci.image.manifest.v1+json", "digest": str(subject), "size": 1},
        },
    )
    assert count + 1 == len(harbour.told(VERSIONS))


def test_after_thirty_days_a_version_does_not_come_back(harbour: Harbour, clock: HandClock) -> None:
    push(harbour, "v1")
    version = version_of(harbour, push(harbour, "v2"))
    harbour.done("DELETE", at(version))
    clock.move(30 * DAY)
    assert [] == harbour.told(f"{VERSIONS}?state=deleted")
    assert 404 == harbour.ask("POST", f"{at(version)}/restore").status


def test_a_version_that_is_there_or_never_was_cannot_be_restored(harbour: Harbour) -> None:
    version = version_of(harbour, push(harbour, "v1"))
    assert 404 == harbour.ask("POST", f"{at(version)}/restore").status
    assert 404 == harbour.ask("POST", f"{VERSIONS}/99/restore").status


@each("number", ["0", "99", "x", "-1", "1.0", "9" * 40])
def test_what_is_no_number_of_a_version_is_not_here(harbour: Harbour, number: str) -> None:
    push(harbour, "v1")
    assert (404, 404) == (
        harbour.ask("GET", f"{VERSIONS}/{number}").status,
        harbour.ask("DELETE", f"{VERSIONS}/{number}").status,
    )


def test_a_version_of_another_package_is_not_here(harbour: Harbour) -> None:
    push(harbour, "v1")
    harbour.registry.push_image("crew/other", "v1")
    other = harbour.told("/orgs/crew/packages/container/other/versions")[0]["id"]
    assert 404 == harbour.ask("GET", f"{VERSIONS}/{other}").status


def test_what_was_deleted_is_told_to_those_who_may_bring_it_back(harbour: Harbour) -> None:
    push(harbour, "v1")
    harbour.done("PATCH", f"{OWN}/packages/crew%2Fapp", {"visibility": "public"})
    writer, maintainer = harbour.person("writer", "writer"), harbour.person("maintainer", "maintainer")
    stranger = harbour.person("stranger")
    deleted = f"{VERSIONS}?state=deleted"
    assert [403, 403, 200] == [harbour.as_(who, "GET", deleted).status for who in (stranger, writer, maintainer)]
    assert 422 == harbour.ask("GET", f"{VERSIONS}?state=sunk").status


def test_a_blob_that_was_deleted_meanwhile_keeps_a_version_from_coming_back(harbour: Harbour) -> None:
    push(harbour, "other")
    version = version_of(harbour, push(harbour, "v1"))
    harbour.done("DELETE", at(version))
    harbour.registry.request("DELETE", f"/v2/crew/app/blobs/{Digest.of(b'v1')}")
    refused = harbour.ask("POST", f"{at(version)}/restore")
    assert (409, "cannot-restore") == (refused.status, refused.json()["wharf"]["code"])


def test_a_version_of_a_deleted_package_brings_the_package_back(harbour: Harbour) -> None:
    old = version_of(harbour, push(harbour, "v1"))
    push(harbour, "v2")
    harbour.done("DELETE", APP)
    harbour.done("POST", f"{at(old)}/restore")
    assert [["v1"]] == tags(harbour)
    assert [["v2"]] == tags(harbour, f"{VERSIONS}?state=deleted")


def test_deleting_a_version_is_noted(harbour: Harbour) -> None:
    push(harbour, "v1")
    version = version_of(harbour, push(harbour, "v2"))
    harbour.done("DELETE", at(version))
    harbour.done("POST", f"{at(version)}/restore")
    noted = [entry["action"] for entry in harbour.told(f"{OWN}/owners/crew/audit?per_page=100")]
    assert {"version.delete", "version.restore"} <= set(noted)
