"""A notice: what webhooks are told of a happening. It is put into the outbox in the very change that it tells of.

What is kept are facts; the body that is sent is made of them at delivery (payload.py), the same each time.
"""

import json
import uuid
from collections.abc import Mapping
from typing import Final

from wharf.access.login import Login
from wharf.errors import MalformedLogin
from wharf.metadata.ledger import Ledger
from wharf.metadata.records import AuditEntry, Moment
from wharf.metadata.webhooks import WebhookRecord
from wharf.oci.digest import Digest
from wharf.oci.reference import RepositoryName
from wharf.registry.services.happening_words import is_wanted

PING: Final = "ping"
OF_PACKAGES: Final = {"package.push": "published", "tag.move": "updated"}
"""What GitHub calls them in its event `package`."""


def put_notices(ledger: Ledger, entry: AuditEntry, now: Moment) -> None:
    """Costs one question where nobody listens."""
    listening = [each.id for each in ledger.webhooks.listening(entry.owner) if is_wanted(each.events, entry.action)]
    if not listening:
        return
    facts = json.dumps({**_facts(entry, now), "package": _package(ledger, entry)}, ensure_ascii=False)
    for webhook in listening:
        ledger.outbox.put(webhook, str(uuid.uuid4()), entry.action, facts, now)


def put_ping(ledger: Ledger, webhook: WebhookRecord, entry: AuditEntry, now: Moment) -> None:
    """The first thing that a webhook hears: whoever set it up sees that it works."""
    hook = {"id": webhook.id, "events": list(webhook.events)}
    facts = json.dumps({**_facts(entry, now), "hook": hook}, ensure_ascii=False)
    ledger.outbox.put(webhook.id, str(uuid.uuid4()), PING, facts, now)


def _facts(entry: AuditEntry, now: Moment) -> dict[str, object]:
    """From where somebody came, and with which credential, is for the audit log alone."""
    return {
        "happened_at": now,
        "actor": entry.actor,
        "owner": entry.owner,
        "target": entry.target,
        "details": dict(entry.details),
    }


def _package(ledger: Ledger, entry: AuditEntry) -> Mapping[str, object] | None:
    if entry.action not in OF_PACKAGES:
        return None
    package = ledger.repositories.package(RepositoryName(entry.target))
    told = entry.details.get("digest")
    if package is None or not isinstance(told, str):
        return None
    digest = Digest.parse(told)
    manifest = ledger.manifests.held(package.id, digest)
    return {
        "id": package.id,
        "version": ledger.versions.find(package.id, digest),
        "digest": str(digest),
        "media_type": manifest.media_type if manifest else "",
        "size": len(manifest.body) if manifest else 0,
        "tag": _first_tag(entry),
        "created_at": package.created_at,
        "is_public": package.is_public,
        "owner": _account(ledger, entry.owner),
        "sender": _account(ledger, entry.actor),
    }


def _account(ledger: Ledger, login: str) -> Mapping[str, object] | None:
    """None for what is nobody's account: at an open registry, and where the owner is the registry itself."""
    try:
        account = ledger.accounts.find(Login(login))
    except MalformedLogin:
        return None
    return None if account is None else {"id": account.id, "kind": account.kind.value}


def _first_tag(entry: AuditEntry) -> str:
    told = entry.details.get("tag") or entry.details.get("tags") or ""
    return str(told).partition(" ")[0]
