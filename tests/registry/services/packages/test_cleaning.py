"""Rules of retention followed at a registry: whole images go and come back, and what is kept stays whole."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.registry.conftest import HandClock
from wharf.metadata.ledger import Ledger
from wharf.oci.digest import Digest
from wharf.oci.media_types import OCI_INDEX, OCI_MANIFEST
from wharf.registry.services.access import Gate, OpenToAll
from wharf.registry.services.fallback import fallback_tag
from wharf.registry.services.packages.cleaning import Cleaning
from wharf.testing.registry import Answer, InProcessRegistry

DAY = 86_400
APP = "crew/app"
VERSIONS = "/api/v3/orgs/crew/packages/container/app/versions"


@pytest.fixture
def registry(tmp_path: Path, clock: HandClock) -> Iterator[InProcessRegistry]:
    with InProcessRegistry(tmp_path, clock=clock, admin_password="correct horse battery") as made:
        assert 201 == send(made, "POST", "/api/wharf/v1/orgs", {"login": "crew"}).status
        yield made


def send(registry: InProcessRegistry, method: str, path: str, body: object = None) -> Answer:
    raw = b"" if body is None else json.dumps(body).encode()
    return registry.request(method, path, raw, {"content-type": "application/json"})


def push_release(registry: InProcessRegistry, tag: str) -> list[Digest]:
    """An index, its two images, what speaks about it, and the list of that which old clients keep."""
    parts = [registry.push_image(APP, f"sha256:{_digest(registry, tag, part)}", _layer(tag, part)) for part in "ab"]
    index = registry.push_manifest(APP, tag, {"schemaVersion": 2, "mediaType": OCI_INDEX, **_listing(parts)})
    document = registry.image(APP, b"a signature")
    signature = {**document, "subject": _descriptor(index, OCI_INDEX)}
    raw = json.dumps(signature).encode()
    signed = registry.push_manifest(APP, str(Digest.of(raw)), signature)
    listing = {"schemaVersion": 2, "mediaType": OCI_INDEX, **_listing([signed])}
    listed = registry.push_manifest(APP, str(fallback_tag(index)), listing)
    return [index, *parts, signed, listed]


def _layer(tag: str, part: str) -> bytes:
    return f"{tag} {part}".encode()


def _digest(registry: InProcessRegistry, tag: str, part: str) -> str:
    return Digest.of(json.dumps(registry.image(APP, _layer(tag, part))).encode()).hex


def _listing(digests: list[Digest]) -> dict[str, object]:
    return {"manifests": [_descriptor(digest, OCI_MANIFEST) for digest in digests]}


def _descriptor(digest: Digest, media_type: str) -> dict[str, object]:
    return {"mediaType": media_type, "digest": str(digest), "size": 100}


def keep(registry: InProcessRegistry, **terms: object) -> None:
    path = "/api/wharf/v1/owners/crew/rules"
    assert 201 == send(registry, "POST", path, {"kind": "retention", **terms}).status


def run(registry: InProcessRegistry) -> Any:
    return send(registry, "POST", "/api/wharf/v1/owners/crew/retention").json()


def there(registry: InProcessRegistry, digests: list[Digest]) -> list[bool]:
    return [200 == send(registry, "GET", f"/v2/{APP}/manifests/{digest}").status for digest in digests]


def test_an_image_goes_with_all_that_belongs_to_it_and_another_stays_whole(
    registry: InProcessRegistry, clock: HandClock
) -> None:
    old = push_release(registry, "1.0")
    clock.move(DAY)
    new = push_release(registry, "1.1")
    clock.move(DAY)
    keep(registry, keep_newest=1)
    assert 5 == run(registry)["going"]
    assert [False] * 5 == there(registry, old)
    assert [True] * 5 == there(registry, new)
    assert 0 == run(registry)["going"]


def test_what_went_comes_back_with_its_tags(registry: InProcessRegistry, clock: HandClock) -> None:
    old = push_release(registry, "1.0")
    clock.move(DAY)
    keep(registry, keep_tags=["none"])
    assert 5 == run(registry)["going"]
    deleted = send(registry, "GET", f"{VERSIONS}?state=deleted").json()
    index = next(version["id"] for version in deleted if version["name"] == str(old[0]))
    assert 204 == send(registry, "POST", f"{VERSIONS}/{index}/restore").status
    assert [True] * 3 == there(registry, old[:3])
    assert 200 == send(registry, "GET", f"/v2/{APP}/manifests/1.0").status


def test_what_is_pulled_is_kept(registry: InProcessRegistry, clock: HandClock) -> None:
    registry.push_image(APP, "used")
    registry.push_image(APP, "unused", b"another")
    for _ in range(2):
        send(registry, "GET", f"/v2/{APP}/manifests/used")
        send(registry, "GET", "/api/wharf/v1/packages/crew%2Fapp/stats")  # pulls are noted before somebody is told
        clock.move(20 * DAY)
    keep(registry, keep_pulled_within=30 * DAY)
    run(registry)
    assert ["used"] == send(registry, "GET", f"/v2/{APP}/tags/list").json()["tags"]


def test_each_deletion_and_the_run_are_noted(registry: InProcessRegistry, clock: HandClock) -> None:
    registry.push_image(APP, "old")
    clock.move(DAY)
    keep(registry, keep_tags=["none"])
    run(registry)
    entries = asyncio.run(_audited(registry))
    assert [("version.delete", APP, "old"), ("retention.run", "crew", None)] == entries[-2:]


async def _audited(registry: InProcessRegistry) -> list[tuple[str, str, object]]:
    def question(ledger: Ledger) -> list[tuple[str, str, object]]:
        found = [record.entry for record in ledger.audit.page(None, 0, 100)]
        return [(entry.action, entry.target, entry.details.get("tags")) for entry in found]

    return await registry.metadata.read(question)


def test_the_registry_follows_everybody_s_rules_by_itself(registry: InProcessRegistry, clock: HandClock) -> None:
    registry.push_image(APP, "old")
    registry.push_image("free/app", "old")
    clock.move(DAY)
    keep(registry, keep_tags=["none"])

    async def story() -> list[tuple[str, int]]:
        cleaning = Cleaning(registry.metadata, Gate(OpenToAll()), clock)
        return [(str(judged.name), judged.going) async for judged in cleaning.run_everywhere()]

    assert [(APP, 1)] == asyncio.run(story())
    assert [] == asyncio.run(story())
    entries = [entry for entry in asyncio.run(_audited(registry)) if entry[0] == "retention.run"]
    assert [("retention.run", "crew", None)] == entries


def test_much_that_goes_goes_in_steps(registry: InProcessRegistry, clock: HandClock) -> None:
    for number in range(3):
        push_release(registry, f"1.{number}")
        clock.move(DAY)
    keep(registry, keep_newest=1)

    async def story() -> list[int]:
        cleaning = Cleaning(registry.metadata, Gate(OpenToAll()), clock, at_once=1)
        return [judged.going async for judged in cleaning.run_everywhere()]

    assert [10] == asyncio.run(story())
    assert 5 == send(registry, "POST", "/api/wharf/v1/owners/crew/retention", {"dry_run": True}).json()["staying"]


def test_what_was_deleted_comes_back_only_where_there_is_room(registry: InProcessRegistry) -> None:
    digest = registry.push_image(APP, "v1", b"y" * 600)
    send(registry, "DELETE", f"/v2/{APP}/manifests/{digest}")
    version = send(registry, "GET", f"{VERSIONS}?state=deleted").json()[0]["id"]
    send(registry, "PUT", "/api/wharf/v1/owners/crew/quota", {"bytes": 500})
    assert 403 == send(registry, "POST", f"{VERSIONS}/{version}/restore").status
    send(registry, "PUT", "/api/wharf/v1/owners/crew/quota", {"bytes": 5000})
    assert 204 == send(registry, "POST", f"{VERSIONS}/{version}/restore").status
    assert send(registry, "GET", "/api/wharf/v1/owners/crew/quota").json()["used"] > 600


def test_an_immutable_tag_keeps_a_package_from_being_deleted(registry: InProcessRegistry) -> None:
    registry.push_image(APP, "v1")
    send(registry, "POST", "/api/wharf/v1/owners/crew/rules", {"kind": "immutable"})
    assert 409 == send(registry, "DELETE", "/api/v3/orgs/crew/packages/container/app").status
    assert 200 == send(registry, "GET", f"/v2/{APP}/manifests/v1").status
