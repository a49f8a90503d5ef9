"""A happening: something was changed, by somebody. It is noted in the very change that it tells of, or not at all."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from wharf.metadata.ledger import Ledger
from wharf.metadata.records import AuditEntry, Moment
from wharf.oci.reference import RepositoryName
from wharf.registry.services.access import Caller
from wharf.registry.services.notices import put_notices


@dataclass(frozen=True, slots=True)
class Happening:
    """`action` is one of docs/audit.md's words, like `package.push`; `owner` is whom it concerns, empty for all."""

    action: str
    target: str
    owner: str = ""
    details: Mapping[str, str | int | bool | None] = field(default_factory=dict, hash=False)


def in_repository(action: str, name: RepositoryName, **details: str | int | bool | None) -> Happening:
    return Happening(action, str(name), name.owner or "", details)


def note(ledger: Ledger, caller: Caller, happening: Happening, now: Moment) -> None:
    """In the audit log, and to the webhooks that want to hear of it."""
    entry = entry_of(caller, happening)
    ledger.audit.add(entry, now)
    put_notices(ledger, entry, now)


def entry_of(caller: Caller, happening: Happening) -> AuditEntry:
    return AuditEntry(
        actor=caller.actor,
        credential=caller.credential,
        address=caller.address,
        action=happening.action,
        owner=happening.owner,
        target=happening.target,
        details=happening.details,
    )
