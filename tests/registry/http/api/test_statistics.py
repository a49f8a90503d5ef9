"""What the API tells of pulls and of room."""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.cases import each
from tests.registry.conftest import HandClock
from wharf.metadata.ledger import Ledger
from wharf.oci.media_types import OCI_INDEX, OCI_MANIFEST
from wharf.oci.reference import RepositoryName
from wharf.testing.registry import InProcessRegistry, basic

OWN = "/api/wharf/v1"
STATS = f"{OWN}/packages/crew%2Fapp/stats"


@pytest.fixture
def registry(tmp_path: Path, clock: HandClock) -> Iterator[InProcessRegistry]:
    with InProcessRegistry(tmp_path, clock=clock, admin_password="a long password", settings={"workers": "1"}) as made:
        made.push_image("crew/app", "v1", b"a layer")
        yield made


def asked(registry: InProcessRegistry, target: str = STATS) -> Any:
    answer = registry.request("GET", target)
    assert answer.status == 200, answer
    return answer.json()


def pull(registry: InProcessRegistry, reference: str, name: str = "crew/app") -> None:
    assert registry.request("GET", f"/v2/{name}/manifests/{reference}").status == 200


def test_a_pull_is_told_at_once(registry: InProcessRegistry) -> None:
    pull(registry, "v1")
    found = asked(registry)
    assert (1, 1) == (found["total"], found["pulls"])
    assert [{"tag": "v1", "pulls": 1}] == found["by_tag"]
    assert [{"account": "admin", "pulls": 1}] == found["by_account"]


def test_a_pull_writes_nothing_itself(registry: InProcessRegistry, tmp_path: Path) -> None:
    pull(registry, "v1")  # who comes for the first time is remembered
    asked(registry)
    with closing(sqlite3.connect(tmp_path / "wharf.db")) as onlooker:
        before = changes(onlooker)
        pull(registry, "v1")
        assert before == changes(onlooker)
        assert 2 == asked(registry)["total"]
        assert before != changes(onlooker)


def changes(onlooker: sqlite3.Connection) -> int:
    """A number that SQLite moves with each change of somebody else's."""
    return int(onlooker.execute("PRAGMA data_version").fetchone()[0])


def test_head_and_what_the_client_has_already_are_no_pulls(registry: InProcessRegistry) -> None:
    digest = registry.request("HEAD", "/v2/crew/app/manifests/v1").headers["docker-content-digest"]
    registry.request("GET", "/v2/crew/app/manifests/v1", headers={"if-none-match": f'"{digest}"'})
    assert 0 == asked(registry)["total"]


def test_versions_are_told_with_their_numbers(registry: InProcessRegistry, clock: HandClock) -> None:
    pull(registry, "v1")
    clock.move(60)
    pull(registry, "v1")
    [version] = asked(registry)["by_version"]
    assert (1, 2, 2, "2023-11-14T22:14:20Z") == (
        version["id"],
        version["pulls"],
        version["total"],
        version["latest"],
    )


def test_an_index_and_its_image_are_one_pull(registry: InProcessRegistry) -> None:
    image = registry.request("GET", "/v2/crew/app/manifests/v1")
    asked(registry)
    part = {"mediaType": OCI_MANIFEST, "digest": image.headers["docker-content-digest"], "size": len(image.body)}
    registry.push_manifest("crew/app", "all", {"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": [part]})
    pull(registry, "all")
    pull(registry, str(part["digest"]))
    assert {"all": 1, "v1": 1} == {row["tag"]: row["pulls"] for row in asked(registry)["by_tag"]}


def test_what_was_pulled_by_a_clock_that_was_ahead_is_todays(registry: InProcessRegistry, clock: HandClock) -> None:
    clock.move(400 * 86_400)
    pull(registry, "v1")
    asked(registry)
    clock.move(-400 * 86_400)
    pull(registry, "v1")
    found = asked(registry)
    assert 2 == found["pulls"] == found["by_day"][-1]["pulls"] == sum(tag["pulls"] for tag in found["by_tag"])


def test_each_day_has_its_number(registry: InProcessRegistry, clock: HandClock) -> None:
    pull(registry, "v1")
    asked(registry)
    clock.move(2 * 86_400)
    pull(registry, "v1")
    found = asked(registry, f"{STATS}?days=3")
    assert [("2023-11-14", 1), ("2023-11-15", 0), ("2023-11-16", 1)] == [
        (row["day"], row["pulls"]) for row in found["by_day"]
    ]
    assert ("2023-11-14", "2023-11-16") == (found["from"], found["to"])


def test_what_is_older_than_the_days_asked_for_is_in_the_total_alone(
    registry: InProcessRegistry, clock: HandClock
) -> None:
    pull(registry, "v1")
    asked(registry)
    clock.move(86_400)
    found = asked(registry, f"{STATS}?days=1")
    assert (1, 0, []) == (found["total"], found["pulls"], found["by_tag"])


def test_one_tag_alone_can_be_asked_for(registry: InProcessRegistry) -> None:
    registry.push_image("crew/app", "v2", b"another layer")
    pull(registry, "v1")
    pull(registry, "v2")
    assert [{"tag": "v2", "pulls": 1}] == asked(registry, f"{STATS}?tag=v2")["by_tag"]


def test_one_version_alone_can_be_asked_for(registry: InProcessRegistry) -> None:
    digest = registry.push_image("crew/app", "v2", b"another layer")
    pull(registry, "v1")
    pull(registry, "v2")
    assert [{"tag": "v2", "pulls": 1}] == asked(registry, f"{STATS}?digest={digest}")["by_tag"]


@each("query", ["days=0", "days=367", "days=many", "tag=%20", "digest=sha256:1"])
def test_what_cannot_be_meant_is_refused(registry: InProcessRegistry, query: str) -> None:
    assert 422 == registry.request("GET", f"{STATS}?{query}").status


def test_a_public_package_tells_strangers_its_pulls_and_not_whose_they_were(registry: InProcessRegistry) -> None:
    make_public(registry)
    pull(registry, "v1")
    with registry.acting(""):
        pull(registry, "v1")
        found = asked(registry)
    assert (2, None) == (found["total"], found["by_account"])
    assert [(None, 1), ("admin", 1)] == [(row["account"], row["pulls"]) for row in asked(registry)["by_account"]]


def test_a_private_package_looks_to_a_stranger_like_none(registry: InProcessRegistry) -> None:
    with registry.acting(basic("nobody", "knows")):
        assert 401 == registry.request("GET", STATS).status
    with registry.acting(""):
        assert 401 == registry.request("GET", STATS).status
        assert 401 == registry.request("GET", f"{OWN}/packages/crew%2Fnone/stats").status


def test_no_package_has_no_statistics(registry: InProcessRegistry) -> None:
    assert 404 == registry.request("GET", f"{OWN}/packages/crew%2Fnone/stats").status
    assert 404 == registry.request("GET", f"{OWN}/packages/-/stats").status


def test_shared_blobs_are_counted_once_and_said_to_be_shared(registry: InProcessRegistry) -> None:
    registry.push_image("crew/other", "v1", b"a layer")
    registry.push_image("crew/other", "v2", b"a layer of its own")
    config, shared, own = len(b"{}"), len(b"a layer"), len(b"a layer of its own")
    whole = asked(registry, f"{OWN}/orgs/crew/stats")["storage"]
    assert (config + shared + own, config + shared, own) == (
        whole["bytes"],
        whole["shared_bytes"],
        whole["own_bytes"],
    )
    assert 2 * (config + shared) + own == whole["separately_bytes"]
    part = asked(registry, f"{OWN}/packages/crew%2Fother/stats")["storage"]
    assert (config + shared + own, config + shared, own) == (part["bytes"], part["shared_bytes"], part["own_bytes"])


def test_what_another_owner_holds_is_not_told(registry: InProcessRegistry) -> None:
    registry.push_image("strangers/app", "v1", b"a layer")
    assert 0 == asked(registry)["storage"]["shared_bytes"]
    assert 0 == asked(registry, f"{OWN}/orgs/crew/stats")["storage"]["shared_bytes"]
    assert asked(registry, f"{OWN}/stats")["storage"]["shared_bytes"] == len(b"{}a layer")


def test_what_only_deleted_versions_need_is_said_to_be_restorable(registry: InProcessRegistry) -> None:
    digest = registry.push_image("crew/app", "v2", b"soon deleted")
    registry.request("DELETE", f"/v2/crew/app/manifests/{digest}")
    assert len(b"soon deleted") == asked(registry)["storage"]["restorable_bytes"]
    assert len(b"soon deleted") == asked(registry, f"{OWN}/orgs/crew/stats")["storage"]["restorable_bytes"]
    assert len(b"soon deleted") == asked(registry, f"{OWN}/stats")["storage"]["restorable_bytes"]
    registry.push_image("crew/other", "v1", b"soon deleted")
    assert 0 == asked(registry, f"{OWN}/orgs/crew/stats")["storage"]["restorable_bytes"]


def test_an_owner_is_told_of_all_packages(registry: InProcessRegistry) -> None:
    registry.push_image("crew/other", "v1", b"another layer")
    registry.push_image("crew-not/app", "v1", b"elsewhere")
    for name in ("crew/app", "crew/other", "crew/other", "crew-not/app"):
        pull(registry, "v1", name)
    found = asked(registry, f"{OWN}/orgs/crew/stats")
    assert [("crew/other", 2), ("crew/app", 1)] == [(row["name"], row["pulls"]) for row in found["by_package"]]
    assert ["crew/other", "crew/app"] == [row["name"] for row in found["largest"]]


def test_the_registry_is_told_of_everything(registry: InProcessRegistry) -> None:
    registry.push_image("alone", "v1", b"of the instance")
    pull(registry, "v1", "alone")
    pull(registry, "v1")
    assert 2 == asked(registry, f"{OWN}/stats")["pulls"]


def test_an_owner_that_is_not_there_has_no_statistics(registry: InProcessRegistry) -> None:
    assert 404 == registry.request("GET", f"{OWN}/orgs/nobody/stats").status


def make_public(registry: InProcessRegistry) -> None:
    def change(ledger: Ledger) -> None:
        repository = ledger.repositories.find(RepositoryName("crew/app"))
        assert repository is not None
        ledger.repositories.set_public(repository, is_public=True)
        ledger.counters.access_changed()

    async def story() -> None:
        await registry.metadata.write(change)

    asyncio.run(story())
