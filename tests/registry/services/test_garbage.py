"""What garbage collection takes, and above all what it leaves."""

import asyncio
import json

import pytest

from tests.registry.conftest import HandClock
from wharf.oci.digest import Digest
from wharf.oci.media_types import OCI_INDEX
from wharf.oci.reference import RepositoryName
from wharf.registry.services.garbage import GarbageCollection, Reclaimed, Terms
from wharf.testing.registry import InProcessRegistry

NAME = RepositoryName("team/app")
HOUR = 3600.0
DAY = 24 * HOUR


def collect(
    registry: InProcessRegistry, clock: HandClock, untagged_age: float | None = None, grace: float = DAY
) -> list[Reclaimed]:
    terms = Terms(grace=grace, upload_age=DAY, untagged_age=untagged_age)
    collection = GarbageCollection(registry.content, registry.metadata, clock, terms)

    async def run() -> list[Reclaimed]:
        return [reclaimed async for reclaimed in collection.run()]

    return asyncio.run(run())


def kinds(found: list[Reclaimed]) -> list[str]:
    return [reclaimed.kind for reclaimed in found]


def has_blob(registry: InProcessRegistry, name: str, digest: Digest) -> bool:
    return registry.request("GET", f"/v2/{name}/blobs/{digest}").status == 200


def test_a_blob_that_no_manifest_names_goes_after_its_grace(registry: InProcessRegistry, clock: HandClock) -> None:
    digest = registry.push_blob("team/app", b"left behind")
    clock.move(DAY - 1)
    assert collect(registry, clock) == []
    clock.move(2)
    found = collect(registry, clock)
    assert kinds(found) == ["hold", "blob"]
    assert found[0].why == "no manifest of team/app names it; last asked for 1 day ago"
    assert found[1].size == len(b"left behind")
    assert not has_blob(registry, "team/app", digest)
    assert list(registry.content.copies()) == []


def test_who_was_told_that_a_blob_is_here_may_rely_on_it(registry: InProcessRegistry, clock: HandClock) -> None:
    digest = registry.push_blob("team/app", b"pushed long ago")
    clock.move(DAY - 60)
    assert registry.request("HEAD", f"/v2/team/app/blobs/{digest}").status == 200
    clock.move(DAY - 60)
    assert collect(registry, clock) == []
    assert has_blob(registry, "team/app", digest)


def test_who_was_told_so_may_also_rely_on_it_where_a_collection_has_a_shorter_grace(
    registry: InProcessRegistry, clock: HandClock
) -> None:
    digest = registry.push_blob("team/app", b"pushed a while ago")
    clock.move(2 * HOUR)
    assert registry.request("HEAD", f"/v2/team/app/blobs/{digest}").status == 200
    clock.move(HOUR - 120)
    assert collect(registry, clock, grace=HOUR) == []
    clock.move(180)
    assert kinds(collect(registry, clock, grace=HOUR)) == ["hold", "blob"]


def test_a_mounted_blob_is_leased_too(registry: InProcessRegistry, clock: HandClock) -> None:
    digest = registry.push_blob("team/app", b"shared")
    clock.move(DAY - 60)
    assert registry.request("POST", f"/v2/team/new/blobs/uploads/?mount={digest}&from=team/app").status == 201
    clock.move(HOUR)
    collect(registry, clock)
    assert not has_blob(registry, "team/app", digest)
    assert has_blob(registry, "team/new", digest)


def test_what_an_image_needs_stays_for_ever(registry: InProcessRegistry, clock: HandClock) -> None:
    registry.push_image("team/app", "latest", b"a layer")
    clock.move(1000 * DAY)
    assert collect(registry, clock) == []
    assert has_blob(registry, "team/app", Digest.of(b"a layer"))


def test_untagged_manifests_stay_unless_an_age_was_set(registry: InProcessRegistry, clock: HandClock) -> None:
    registry.push_image("team/app", "latest", b"old")
    registry.push_image("team/app", "latest", b"new")
    clock.move(1000 * DAY)
    assert collect(registry, clock) == []
    assert kinds(collect(registry, clock, untagged_age=DAY)) == ["manifest", "hold", "blob"]
    assert not has_blob(registry, "team/app", Digest.of(b"old"))
    assert has_blob(registry, "team/app", Digest.of(b"new"))


def test_children_of_a_live_index_are_no_rubbish(registry: InProcessRegistry, clock: HandClock) -> None:
    image = registry.image("team/app", b"for arm")
    child = registry.push_manifest("team/app", str(_digest_of(image)), image)
    index = {"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": [_entry(child, image)]}
    registry.push_manifest("team/app", "multi", index)
    clock.move(1000 * DAY)
    assert collect(registry, clock, untagged_age=DAY) == []
    registry.request("DELETE", "/v2/team/app/manifests/multi")
    found = collect(registry, clock, untagged_age=DAY)
    assert kinds(found)[:2] == ["manifest", "manifest"]
    assert not has_blob(registry, "team/app", Digest.of(b"for arm"))


def test_what_speaks_about_a_live_image_is_no_rubbish(registry: InProcessRegistry, clock: HandClock) -> None:
    image = registry.image("team/app")
    subject = registry.push_manifest("team/app", "latest", image)
    signature = {**registry.image("team/app", b"signature"), "subject": _entry(subject, image)}
    speaks = registry.push_manifest("team/app", str(_digest_of(signature)), signature)
    clock.move(1000 * DAY)
    assert collect(registry, clock, untagged_age=DAY) == []
    registry.request("DELETE", f"/v2/team/app/manifests/{subject}")
    assert f"team/app@{speaks}" in [found.what for found in collect(registry, clock, untagged_age=DAY)]


def test_a_blob_stays_while_another_repository_holds_it(registry: InProcessRegistry, clock: HandClock) -> None:
    digest = registry.push_blob("team/app", b"layer")
    registry.push_image("team/other", "latest", b"layer")
    clock.move(2 * DAY)
    assert kinds(collect(registry, clock)) == ["hold"]
    assert has_blob(registry, "team/other", digest)


def test_a_deleted_blob_gives_its_space_back_at_once(registry: InProcessRegistry, clock: HandClock) -> None:
    digest = registry.push_blob("team/app", b"unwanted")
    assert registry.request("DELETE", f"/v2/team/app/blobs/{digest}").status == 202
    assert kinds(collect(registry, clock)) == ["blob"]


def test_copies_that_serve_no_blob_go_when_they_are_old(registry: InProcessRegistry, clock: HandClock) -> None:
    """Two pushes of one blob make two copies; the second is removed at once, unless wharf died just then."""

    async def leave_a_copy() -> None:
        upload = await registry.content.open(await registry.content.begin(NAME, Digest.of(b"twin").algorithm), NAME)
        await upload.write(b"twin")
        await upload.commit(Digest.of(b"twin"))
        await upload.pause()

    asyncio.run(leave_a_copy())
    assert collect(registry, clock) == []
    clock.move(DAY + 1)
    assert kinds(collect(registry, clock)) == ["copy"]


def test_an_upload_that_nobody_went_on_with_goes(registry: InProcessRegistry, clock: HandClock) -> None:
    location = registry.request("POST", "/v2/team/app/blobs/uploads/").headers["location"]
    clock.move(DAY + 1)
    assert kinds(collect(registry, clock)) == ["upload"]
    assert registry.request("GET", location).status == 404


@pytest.mark.parametrize("count", [499, 500, 501])
def test_any_number_of_things_is_walked_to_the_end(registry: InProcessRegistry, clock: HandClock, count: int) -> None:
    for number in range(count):
        registry.push_blob("team/app", str(number).encode())
    clock.move(DAY + 1)
    assert len(collect(registry, clock)) == 2 * count


def _digest_of(document: dict[str, object]) -> Digest:
    return Digest.of(json.dumps(document).encode())


def _entry(digest: Digest, document: dict[str, object]) -> dict[str, object]:
    return {"mediaType": document["mediaType"], "digest": str(digest), "size": len(json.dumps(document).encode())}


def test_what_a_collection_took_is_noted_once(registry: InProcessRegistry, clock: HandClock) -> None:
    registry.push_blob("team/app", b"nobody names it")
    clock.move(2 * DAY)
    collect(registry, clock)
    collect(registry, clock)
    (record,) = asyncio.run(registry.metadata.read(lambda ledger: ledger.audit.page(None, 0, 100)))
    assert ("garbage collection", "gc.run") == (record.entry.actor, record.entry.action)


def test_an_untagged_manifest_that_went_is_noted(registry: InProcessRegistry, clock: HandClock) -> None:
    digest = registry.push_image("team/app", "1.0", b"one")
    registry.push_image("team/app", "1.0", b"two")
    clock.move(2 * DAY)
    collect(registry, clock, untagged_age=DAY)
    records = asyncio.run(registry.metadata.read(lambda ledger: ledger.audit.page("team", 0, 100)))
    assert ("version.delete", str(digest)) == (records[-1].entry.action, records[-1].entry.details["digest"])
