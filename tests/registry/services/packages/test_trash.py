"""What moves aside when it is deleted, and how it comes back."""

import asyncio

import pytest

from tests.registry.conftest import HandClock
from wharf.errors import CannotRestore
from wharf.metadata.ledger import Ledger
from wharf.metadata.records import DeletedManifest, Moment, RepositoryId, VersionId
from wharf.oci.digest import Digest
from wharf.oci.media_types import OCI_INDEX
from wharf.oci.reference import RepositoryName, Tag
from wharf.registry.services.garbage import GarbageCollection, Terms
from wharf.registry.services.packages.trash import bring_back
from wharf.testing.registry import InProcessRegistry

NAME = RepositoryName("team/app")
DAY = 86_400.0


def status(registry: InProcessRegistry, reference: str | Digest) -> int:
    return registry.request("GET", f"/v2/{NAME}/manifests/{reference}").status


def delete(registry: InProcessRegistry, digest: Digest) -> None:
    assert 202 == registry.request("DELETE", f"/v2/{NAME}/manifests/{digest}").status


def repository(ledger: Ledger) -> RepositoryId:
    found = ledger.repositories.find(NAME)
    assert found is not None
    return found


def in_trash(registry: InProcessRegistry, digest: Digest) -> DeletedManifest | None:
    return asyncio.run(registry.metadata.read(lambda ledger: ledger.trash.find(repository(ledger), digest)))


def restore(registry: InProcessRegistry, digest: Digest, clock: HandClock) -> list[Digest]:
    def change(ledger: Ledger) -> list[Digest]:
        gone = ledger.trash.find(repository(ledger), digest)
        assert gone is not None
        return [one.digest for one in bring_back(ledger, [gone], "somebody", Moment(clock.now))]

    return asyncio.run(registry.metadata.write(change))


def number(registry: InProcessRegistry, digest: Digest) -> VersionId | None:
    return asyncio.run(registry.metadata.read(lambda ledger: ledger.versions.find(repository(ledger), digest)))


def collect(registry: InProcessRegistry, clock: HandClock, keep_deleted: float) -> list[str]:
    terms = Terms(grace=0, upload_age=DAY, untagged_age=0, keep_deleted=keep_deleted)

    async def run() -> list[str]:
        collection = GarbageCollection(registry.content, registry.metadata, clock, terms)
        return [reclaimed.kind async for reclaimed in collection.run()]

    return asyncio.run(run())


def push_index(registry: InProcessRegistry, tag: str, *children: Digest) -> Digest:
    entries = [
        {"mediaType": "application/vnd.oci.image.manifest.v1+json", "digest": str(child), "size": 1}
        for child in children
    ]
    return registry.push_manifest(str(NAME), tag, {"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": entries})


def test_a_manifest_comes_back_with_its_tags_and_its_number(registry: InProcessRegistry, clock: HandClock) -> None:
    digest = registry.push_image(str(NAME), "v1")
    before = number(registry, digest)
    delete(registry, digest)
    assert 404 == status(registry, "v1")
    restore(registry, digest, clock)
    assert (200, before) == (status(registry, "v1"), number(registry, digest))
    assert in_trash(registry, digest) is None


def test_a_tag_that_points_elsewhere_by_then_stays_there(registry: InProcessRegistry, clock: HandClock) -> None:
    old = registry.push_image(str(NAME), "v1", b"old")
    delete(registry, old)
    registry.push_image(str(NAME), "v1", b"new")
    restore(registry, old, clock)
    assert str(old) != registry.request("GET", f"/v2/{NAME}/manifests/v1").headers["docker-content-digest"]
    assert 200 == status(registry, old)


def test_what_is_pushed_again_is_no_longer_in_the_trash(registry: InProcessRegistry) -> None:
    digest = registry.push_image(str(NAME), "v1")
    delete(registry, digest)
    registry.push_image(str(NAME), "v2")
    assert in_trash(registry, digest) is None


def test_an_index_comes_back_with_its_parts(registry: InProcessRegistry, clock: HandClock) -> None:
    child = registry.push_image(str(NAME), "child")
    index = push_index(registry, "v1", child)
    delete(registry, index)
    clock.move(1)
    delete(registry, child)
    assert [index, child] == restore(registry, index, clock)
    assert 200 == status(registry, child)


def test_what_spoke_about_it_and_went_with_it_comes_back_too(registry: InProcessRegistry, clock: HandClock) -> None:
    subject = registry.push_image(str(NAME), "v1")
    size = len(registry.request("GET", f"/v2/{NAME}/manifests/v1").body)
    signature = {
        **registry.image(str(NAME), b"signature"),
        "subject": {"mediaType": "application/vnd.oci.image.manifest.v1+json", "digest": str(subject), "size": size},
    }
    speaking = registry.push_manifest(str(NAME), "signature", signature)
    delete(registry, subject)
    delete(registry, speaking)
    assert [subject, speaking] == restore(registry, subject, clock)


def test_what_lost_a_blob_cannot_come_back(registry: InProcessRegistry, clock: HandClock) -> None:
    digest = registry.push_image(str(NAME), "v1", b"layer")
    delete(registry, digest)
    assert 202 == registry.request("DELETE", f"/v2/{NAME}/blobs/{Digest.of(b'layer')}").status
    with pytest.raises(CannotRestore):
        restore(registry, digest, clock)
    assert 404 == status(registry, digest)


def test_garbage_collection_keeps_what_can_come_back(registry: InProcessRegistry, clock: HandClock) -> None:
    child = registry.push_image(str(NAME), "child")
    index = push_index(registry, "v1", child)
    registry.request("DELETE", f"/v2/{NAME}/manifests/child")
    delete(registry, index)
    clock.move(29 * DAY)
    assert [] == collect(registry, clock, 30 * DAY)
    restore(registry, index, clock)
    assert (200, 200) == (status(registry, "v1"), status(registry, child))


def test_garbage_collection_takes_what_cannot(registry: InProcessRegistry, clock: HandClock) -> None:
    digest = registry.push_image(str(NAME), "v1")
    delete(registry, digest)
    clock.move(30 * DAY)
    assert ["deleted", "hold", "hold", "blob", "blob"] == collect(registry, clock, 30 * DAY)
    assert (None, None) == (in_trash(registry, digest), number(registry, digest))


def test_its_tags_are_remembered(registry: InProcessRegistry) -> None:
    digest = registry.push_image(str(NAME), "v1")
    registry.push_image(str(NAME), "latest")
    delete(registry, digest)
    gone = in_trash(registry, digest)
    assert gone is not None
    assert ((Tag("latest"), Tag("v1")), "anonymous") == (gone.tags, gone.deleted_by)
