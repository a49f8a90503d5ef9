"""What a push is remembered by: the version that came, and each tag that pointed elsewhere before.

A push that changes nothing, because all of it was here, leaves no note.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from wharf.metadata.ledger import Ledger
from wharf.metadata.records import Moment, RepositoryId
from wharf.oci.digest import Digest
from wharf.oci.reference import RepositoryName, Tag
from wharf.registry.services.access import Caller
from wharf.registry.services.happenings import in_repository, note


@dataclass(frozen=True, slots=True)
class Before:
    """How things were before a push: whether the version was here, and where its tags pointed."""

    was_here: bool
    tags: Mapping[Tag, Digest | None]

    @classmethod
    def seen(cls, ledger: Ledger, repository: RepositoryId, digest: Digest, tags: tuple[Tag, ...]) -> Self:
        pointed = {tag: ledger.tags.find(repository, tag) for tag in tags}
        return cls(digest in pointed.values() or ledger.manifests.is_held(repository, digest), pointed)


def note_push(
    ledger: Ledger, caller: Caller, name: RepositoryName, digest: Digest, before: Before, now: Moment
) -> None:
    changed = [tag for tag, previous in before.tags.items() if previous != digest]
    if before.was_here and not changed:
        return
    tags = " ".join(map(str, before.tags))
    note(ledger, caller, in_repository("package.push", name, digest=str(digest), tags=tags), now)
    for tag in changed:
        if (previous := before.tags[tag]) is not None:
            moved = in_repository("tag.move", name, tag=str(tag), digest=str(digest), previous=str(previous))
            note(ledger, caller, moved, now)
