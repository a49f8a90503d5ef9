"""The body that receivers read: wharf's own members always, and GitHub's where GitHub has an event for it."""

import asyncio
import hashlib
import hmac
import json
from pathlib import Path
from typing import Any

from tests.registry.conftest import HandClock
from tests.registry.http.api.harbour import PASSWORD, Harbour
from wharf.metadata.outbox import DeliveryId, DeliveryRecord, DeliveryState, DueDelivery
from wharf.metadata.records import Moment
from wharf.metadata.webhooks import NewWebhook, WebhookId
from wharf.oci.digest import Digest
from wharf.registry.http.api.operation import OWN
from wharf.registry.services.webhooks.payload import body_of, headers_of, signature
from wharf.testing.registry import InProcessRegistry

BASE = "https://registry.example"


PACKAGES_OWN = {
    *("id", "name", "namespace", "description", "ecosystem", "package_type", "html_url", "created_at", "updated_at"),
    *("owner", "package_version", "registry"),
}
VERSIONS_OWN = {
    *("id", "version", "summary", "name", "description", "html_url", "metadata", "package_files"),
    "installation_command",
}
"""What GitHub's description of its event `package` requires."""


def waiting(registry: InProcessRegistry, clock: HandClock) -> list[DueDelivery]:
    return asyncio.run(registry.metadata.read(lambda ledger: ledger.outbox.due(clock(), 10)))


def hooked(registry: InProcessRegistry, clock: HandClock, *events: str) -> None:
    new = NewWebhook("crew", "https://ci.example/", "a secret", events, reaches_here=False, created_by="admin")
    asyncio.run(registry.metadata.write(lambda ledger: ledger.webhooks.add(new, clock())))


def pushed(registry: InProcessRegistry, clock: HandClock) -> tuple[Digest, dict[str, Any], dict[str, str]]:
    hooked(registry, clock, "package.push")
    digest = registry.push_image("crew/app", "1.0")
    (due,) = waiting(registry, clock)
    body = body_of(due.delivery, BASE)
    return digest, json.loads(body), headers_of(due.delivery, body, "a secret")


def test_a_push_reads_as_githubs_event_package(registry: InProcessRegistry, clock: HandClock) -> None:
    digest, document, headers = pushed(registry, clock)
    assert ("package", "published") == (headers["X-GitHub-Event"], document["action"])
    assert headers["X-Wharf-Webhook"] == headers["X-GitHub-Hook-ID"]
    package = document["package"]
    assert ("app", "crew", "CONTAINER") == (package["name"], package["namespace"], package["package_type"])
    version = package["package_version"]
    assert str(digest) == version["version"]
    assert {"name": "1.0", "digest": str(digest)} == version["container_metadata"]["tag"]
    assert "docker pull registry.example/crew/app:1.0" == version["installation_command"]


def test_a_push_tells_of_the_repository_as_receivers_of_githubs_ask_for_it(
    registry: InProcessRegistry, clock: HandClock
) -> None:
    _, document, _ = pushed(registry, clock)
    repository = document["repository"]
    assert ("app", "crew/app", True) == (repository["name"], repository["full_name"], repository["private"])
    assert document["package"]["id"] == repository["id"]
    assert f"{BASE}/crew/app" == repository["html_url"]


def test_a_push_has_all_that_github_requires_of_its_event(registry: InProcessRegistry, clock: HandClock) -> None:
    _, document, _ = pushed(registry, clock)
    assert {"action", "package", "repository", "sender"} <= document.keys()
    assert set() == PACKAGES_OWN - document["package"].keys()
    assert set() == VERSIONS_OWN - document["package"]["package_version"].keys()


def test_who_pushed_and_whose_it_is_are_told_as_what_they_are(tmp_path: Path, clock: HandClock) -> None:
    with InProcessRegistry(tmp_path, clock=clock, admin_password=PASSWORD) as registry:
        harbour = Harbour(registry)
        harbour.done("POST", f"{OWN}/orgs", {"login": "crew"})
        number = harbour.told(f"{OWN}/orgs/crew")["id"]
        _, document, _ = pushed(registry, clock)
    owner = {
        "login": "crew",
        "id": number,
        "type": "Organization",
        "url": f"{BASE}/orgs/crew",
        "html_url": f"{BASE}/crew",
    }
    assert [owner] * 3 == [document["organization"], document["package"]["owner"], document["repository"]["owner"]]
    assert ("admin", "User") == (document["sender"]["login"], document["sender"]["type"])
    assert document["sender"] == document["package"]["package_version"]["author"]


def test_what_is_nobodys_account_has_no_number(registry: InProcessRegistry, clock: HandClock) -> None:
    _, document, _ = pushed(registry, clock)
    assert {"login": "anonymous", "type": "User"} == document["sender"]
    assert "organization" not in document


def test_what_was_kept_before_owners_were_told_is_still_sent() -> None:
    package = {"id": 1, "version": 2, "digest": "sha256:0", "media_type": "", "size": 0, "tag": "", "created_at": 0}
    facts = {"happened_at": 0, "actor": "mara", "owner": "crew", "target": "crew/app", "details": {}}
    payload = json.dumps({**facts, "package": {**package, "is_public": True}})
    now = Moment(0)
    waiting = DeliveryRecord(
        DeliveryId(1), WebhookId(1), "guid", "package.push", payload, DeliveryState.WAITING, 0, now, now, None, None, ""
    )
    document = json.loads(body_of(waiting, BASE))
    assert ({"login": "crew", "type": "User"}, False) == (
        document["repository"]["owner"],
        document["repository"]["private"],
    )


def test_a_push_has_wharfs_own_members_too(registry: InProcessRegistry, clock: HandClock) -> None:
    digest, document, headers = pushed(registry, clock)
    assert ("package.push", "anonymous") == (document["event"], document["actor"])
    assert ("crew", "crew/app") == (document["owner"], document["target"])
    assert {"digest": str(digest), "tags": "1.0"} == document["details"]
    assert "2023-11-14T22:13:20Z" == document["happened_at"]
    assert document["delivery"] == headers["X-GitHub-Delivery"]


def test_a_tag_that_moves_reads_as_an_update(registry: InProcessRegistry, clock: HandClock) -> None:
    registry.push_image("crew/app", "1.0", b"one")
    hooked(registry, clock, "tag.move")
    after = registry.push_image("crew/app", "1.0", b"two")
    (due,) = waiting(registry, clock)
    document = json.loads(body_of(due.delivery, BASE))
    assert ("updated", str(after)) == (document["action"], document["package"]["package_version"]["version"])


def test_what_github_has_no_event_for_has_no_word_of_github(registry: InProcessRegistry, clock: HandClock) -> None:
    registry.push_image("crew/app", "1.0")
    hooked(registry, clock, "tag")
    registry.request("DELETE", "/v2/crew/app/manifests/1.0")
    (due,) = waiting(registry, clock)
    body = body_of(due.delivery, BASE)
    assert "X-GitHub-Event" not in headers_of(due.delivery, body, "a secret")
    assert {"event", "delivery", "happened_at", "actor", "owner", "target", "details"} == json.loads(body).keys()


def test_a_delivery_has_the_same_body_each_time(registry: InProcessRegistry, clock: HandClock) -> None:
    hooked(registry, clock, "*")
    registry.push_image("crew/app", "1.0")
    (due,) = waiting(registry, clock)
    registry.push_image("crew/app", "1.0", b"something else")
    assert body_of(due.delivery, BASE) == body_of(due.delivery, BASE)


def test_from_where_somebody_came_is_told_to_nobody(registry: InProcessRegistry, clock: HandClock) -> None:
    _, document, _ = pushed(registry, clock)
    assert "127.0.0.1" not in json.dumps(document)


def test_a_signature_is_that_of_the_bytes_that_are_sent() -> None:
    expected = hmac.new(b"a secret", b"{}", hashlib.sha256).hexdigest()
    assert f"sha256={expected}" == signature(b"{}", "a secret")
