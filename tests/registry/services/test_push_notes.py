"""What the log remembers of pushes and deletions."""

import asyncio

from wharf.metadata.records import AuditRecord
from wharf.testing.registry import InProcessRegistry


def noted(registry: InProcessRegistry) -> list[AuditRecord]:
    return asyncio.run(registry.metadata.read(lambda ledger: ledger.audit.page(None, 0, 100)))


def actions(registry: InProcessRegistry) -> list[str]:
    return [record.entry.action for record in noted(registry)]


def test_a_push_is_noted_with_its_digest_and_its_owner(registry: InProcessRegistry) -> None:
    digest = registry.push_image("crew/app", "1.0")
    entry = noted(registry)[-1].entry
    assert ("package.push", "crew", "crew/app") == (entry.action, entry.owner, entry.target)
    assert {"digest": str(digest), "tags": "1.0"} == entry.details


def test_a_push_that_changes_nothing_is_not_noted(registry: InProcessRegistry) -> None:
    registry.push_image("crew/app", "1.0")
    registry.push_image("crew/app", "1.0")
    assert ["package.push"] == actions(registry)


def test_a_tag_that_moves_is_noted_with_where_it_was(registry: InProcessRegistry) -> None:
    before = registry.push_image("crew/app", "1.0", b"one")
    after = registry.push_image("crew/app", "1.0", b"two")
    entry = noted(registry)[-1].entry
    assert "tag.move" == entry.action
    assert {"tag": "1.0", "digest": str(after), "previous": str(before)} == entry.details


def test_another_name_for_what_is_here_is_a_push_and_no_move(registry: InProcessRegistry) -> None:
    registry.push_image("crew/app", "1.0")
    registry.push_image("crew/app", "latest")
    assert ["package.push", "package.push"] == actions(registry)


def test_a_tag_that_is_deleted_is_noted(registry: InProcessRegistry) -> None:
    digest = registry.push_image("crew/app", "1.0")
    registry.request("DELETE", "/v2/crew/app/manifests/1.0")
    entry = noted(registry)[-1].entry
    assert ("tag.delete", {"tag": "1.0", "previous": str(digest)}) == (entry.action, entry.details)


def test_a_version_that_is_deleted_is_noted_with_its_tags(registry: InProcessRegistry) -> None:
    digest = registry.push_image("crew/app", "1.0")
    registry.request("DELETE", f"/v2/crew/app/manifests/{digest}")
    entry = noted(registry)[-1].entry
    assert ("version.delete", {"digest": str(digest), "tags": "1.0"}) == (entry.action, entry.details)


def test_what_was_not_there_and_could_not_be_deleted_is_not_noted(registry: InProcessRegistry) -> None:
    registry.push_image("crew/app", "1.0")
    registry.request("DELETE", "/v2/crew/app/manifests/2.0")
    assert ["package.push"] == actions(registry)
