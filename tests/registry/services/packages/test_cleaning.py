"""Rules of retention followed at a registry: whole images go and come back, and what is kept stays whole."""

import asyncio
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest

from tests.registry.conftest import HandClock
from wharf.metadata.ledger import Ledger
from wharf.metadata.records import Moment, RepositoryId, RuleKind
from wharf.oci.digest import Digest
from wharf.oci.media_types import OCI_INDEX, OCI_MANIFEST
from wharf.oci.reference import RepositoryName, Tag
from wharf.registry.services.access import Gate, OpenToAll
from wharf.registry.services.fallback import fallback_tag
from wharf.registry.services.packages.cleaning import Cleaning
from wharf.testing.registry import Answer, InProcessRegistry

T = TypeVar("T")
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


class Meddling:
    """A store where somebody changes something whenever much has just been looked at."""

    def __init__(self, registry: InProcessRegistry, meddle: Callable[[Ledger, RepositoryId], object]) -> None:
        self._metadata = registry.metadata
        self._meddle = meddle
        self.judged = 0
        self.read, self.write = self._metadata.read, self._metadata.write
        self.access, self.close = self._metadata.access, self._metadata.close

    async def survey(self, question: Callable[[Ledger], T]) -> T:
        def change(ledger: Ledger) -> None:
            repository = ledger.repositories.find(RepositoryName(APP))
            assert repository is not None
            self._meddle(ledger, repository)

        answer = await self._metadata.survey(question)
        self.judged += 1
        await self.write(change)
        return answer


def cleaned(
    registry: InProcessRegistry, clock: HandClock, meddle: Callable[[Ledger, RepositoryId], object]
) -> tuple[int, int]:
    """How many went, and how often all was looked at."""

    async def story() -> tuple[int, int]:
        store = Meddling(registry, meddle)
        cleaning = Cleaning(store, Gate(OpenToAll()), clock, at_once=1)
        return sum([judged.going async for judged in cleaning.run_everywhere()]), store.judged

    return asyncio.run(story())


def aged(registry: InProcessRegistry, clock: HandClock, **terms: object) -> Digest:
    """Three images that will go by these terms; the first of them."""
    first, *_ = [registry.push_image(APP, tag, tag.encode()) for tag in ("one", "two", "three")]
    clock.move(DAY)
    keep(registry, **terms)
    return first


def test_all_steps_are_made_of_one_look_where_nobody_changes_anything(
    registry: InProcessRegistry, clock: HandClock
) -> None:
    aged(registry, clock, keep_tags=["none"])
    assert (3, 1) == cleaned(registry, clock, lambda _ledger, _repository: None)


def test_what_is_tagged_meanwhile_stays(registry: InProcessRegistry, clock: HandClock) -> None:
    first = aged(registry, clock, keep_tags=["kept"])
    tags = iter(["kept"])

    def tag_it(ledger: Ledger, repository: RepositoryId) -> None:
        for tag in tags:
            ledger.tags.move(repository, Tag(tag), first, "ada", Moment(clock.now))

    assert (2, 2) == cleaned(registry, clock, tag_it)
    assert [True] == there(registry, [first])


def test_what_is_pulled_meanwhile_stays(registry: InProcessRegistry, clock: HandClock) -> None:
    registry.push_image(APP, "zero", b"zero")
    send(registry, "GET", f"/v2/{APP}/manifests/zero")
    send(registry, "GET", "/api/wharf/v1/packages/crew%2Fapp/stats")  # they are counted from now on
    clock.move(2 * DAY)
    first = aged(registry, clock, keep_pulled_within=10 * DAY)
    clock.move(20 * DAY)
    pulls = iter([1])

    def pull(ledger: Ledger, repository: RepositoryId) -> None:
        for times in pulls:
            ledger.pulls.add(repository, first, "one", "ada", Moment(clock.now), times)

    assert (3, 2) == cleaned(registry, clock, pull)
    assert [True] == there(registry, [first])


def test_a_rule_that_comes_meanwhile_counts(registry: InProcessRegistry, clock: HandClock) -> None:
    aged(registry, clock, keep_tags=["none"])
    rules = iter(['{"keep_newest": 3}'])

    def rule(ledger: Ledger, _repository: RepositoryId) -> None:
        for terms in rules:
            ledger.rules.add("crew", RuleKind.RETENTION, terms, "ada", Moment(clock.now))

    assert (0, 2) == cleaned(registry, clock, rule)


def test_where_something_changes_all_the_time_it_is_done_all_the_same(
    registry: InProcessRegistry, clock: HandClock
) -> None:
    first = aged(registry, clock, keep_tags=["none"])
    numbers = iter(range(1000))

    def tag_it(ledger: Ledger, repository: RepositoryId) -> None:
        if ledger.manifests.is_held(repository, first):
            ledger.tags.move(repository, Tag(f"v{next(numbers)}"), first, "ada", Moment(clock.now))

    assert 3 == cleaned(registry, clock, tag_it)[0]
