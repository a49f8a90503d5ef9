"""Taking a manifest away so that it can come back, and bringing it back.

What is deleted moves aside with its tags. It comes back with the manifests that it names and that are aside too, with
what spoke about it and went in the same moment, and with those of its tags that point nowhere else by then.
"""

from collections import deque
from collections.abc import Iterator, Sequence

from wharf.errors import CannotRestore
from wharf.metadata.ledger import Ledger
from wharf.metadata.records import DeletedManifest, Moment, RepositoryId
from wharf.oci.digest import Digest
from wharf.oci.manifest import parse_manifest
from wharf.registry.services.fallback import FALLBACK_TAGS, reconcile_fallback, subject_of_fallback_tag
from wharf.registry.services.rules.immutable import hold_all_fast, hold_fast
from wharf.registry.services.rules.quota import Deletion, Return, take_room_for_manifest, take_room_for_return


def put(
    ledger: Ledger,
    repository: RepositoryId,
    digest: Digest,
    actor: str,
    now: Moment,
    reason: str,
    deletion: str | None = None,
) -> bool:
    """Delete a manifest, with every tag that points to it; False where it is not there.

    Raises TagImmutable where a rule holds one of those tags. What is deleted in the same moment counts as deleted
    together, unless `deletion` says another word for it.
    """
    name, tags = ledger.repositories.name_of(repository), ledger.tags.of_digest(repository, digest)
    hold_fast(ledger, name, tags)
    ledger.quotas.doubt(name.owner or "")
    ledger.trash.keep(repository, digest, tags, actor, now, deletion or str(now), reason)
    return remove_manifest(ledger, repository, digest, actor, now)


def put_all(ledger: Ledger, repository: RepositoryId, actor: str, now: Moment, reason: str, deletion: str) -> None:
    """Delete all manifests of a repository, with all tags. Raises TagImmutable where a rule holds one of these."""
    name = ledger.repositories.name_of(repository)
    hold_all_fast(ledger, repository, name)
    ledger.quotas.doubt(name.owner or "")
    ledger.trash.keep_all(repository, actor, now, deletion, reason)
    ledger.tags.remove_all(repository, actor, now)
    ledger.manifests.delete_all(repository)


def remove_manifest(ledger: Ledger, repository: RepositoryId, digest: Digest, actor: str, now: Moment) -> bool:
    """A manifest, every tag that points to it, and its place in its subject's fallback tag."""
    subject = ledger.manifests.subject_of(repository, digest)
    for tag in ledger.tags.of_digest(repository, digest):
        ledger.tags.remove(repository, tag, actor, now)
    removed = ledger.manifests.delete(repository, digest)
    if subject is not None:
        reconcile_fallback(ledger, repository, subject, actor, now)
    return removed


def bring_back(ledger: Ledger, gone: Sequence[DeletedManifest], actor: str, now: Moment) -> list[DeletedManifest]:
    """All of one repository's that came back with these, themselves first.

    Raises CannotRestore or QuotaExceeded, and then nothing may have changed.
    """
    returning = list(_together(ledger, gone))
    needed = [(one, _required_blobs(ledger, one)) for one in returning]
    for one, blobs in needed:
        take_room_for_manifest(ledger, one.name, one.digest, one.size, blobs)
        _return(ledger, one, actor, now)
    return returning


def bring_back_all(ledger: Ledger, deletion: Deletion, counted: Return, actor: str, now: Moment) -> None:
    """All that went in this deletion, by which the repository was emptied, and what it names that went before.

    Raises as bring_back does.
    """
    repository, word = deletion.repository, deletion.word
    for one in ledger.trash.lacking(repository, word):
        _required_blobs(ledger, one)
    take_room_for_return(ledger, deletion, counted)
    before = ledger.trash.parts_of_all(repository, word)
    ledger.trash.restore_all(repository, word, actor, now)
    for subject in _with_incomplete_lists(ledger, repository):
        reconcile_fallback(ledger, repository, subject, actor, now)
    bring_back(ledger, before, actor, now)


def _with_incomplete_lists(ledger: Ledger, repository: RepositoryId) -> list[Digest]:
    """Subjects whose list of referrers names what did not come back: it had been purged."""
    tags = ledger.tags.naming_what_is_gone(repository, *FALLBACK_TAGS)
    return [subject for tag in tags if (subject := subject_of_fallback_tag(tag))]


def purge(ledger: Ledger, gone: DeletedManifest) -> bool:
    """For good; its number goes with it. False where it came back, or was deleted once more, since `gone` was read."""
    if ledger.trash.find(gone.repository, gone.digest) != gone:
        return False
    ledger.trash.forget(gone.repository, gone.digest)
    if not ledger.manifests.is_held(gone.repository, gone.digest):
        ledger.versions.drop(gone.repository, gone.digest)
    return True


def _together(ledger: Ledger, first: Sequence[DeletedManifest]) -> Iterator[DeletedManifest]:
    waiting, seen = deque(first), {one.digest for one in first}
    while waiting:
        gone = waiting.popleft()
        yield gone
        near = ledger.trash.parts_of(gone.repository, gone.digest)
        near += ledger.trash.speaking_of(gone.repository, gone.digest, gone.deletion)
        for one in near:
            if one.digest not in seen:
                seen.add(one.digest)
                waiting.append(one)


def _required_blobs(ledger: Ledger, gone: DeletedManifest) -> list[Digest]:
    """Raises CannotRestore: a blob may have been deleted by itself meanwhile."""
    manifest = parse_manifest(ledger.trash.body(gone.repository, gone.digest), gone.media_type)
    blobs = list(dict.fromkeys(part.digest for part in manifest.required_blobs))
    missing = ledger.blobs.missing(gone.repository, blobs)
    if missing:
        raise CannotRestore(f"{gone.name}@{gone.digest}", f"its blob {missing[0]} was deleted")
    return blobs


def _return(ledger: Ledger, gone: DeletedManifest, actor: str, now: Moment) -> None:
    repository, digest = gone.repository, gone.digest
    if ledger.manifests.is_held(repository, digest):
        ledger.trash.forget(repository, digest)
        return
    ledger.trash.restore(repository, digest, now)
    if ledger.versions.find(repository, digest) is not None:
        ledger.versions.pushed(repository, digest, now)
    for tag in gone.tags:
        if ledger.tags.find(repository, tag) is None:
            ledger.tags.move(repository, tag, digest, actor, now)
    if gone.subject is not None:
        reconcile_fallback(ledger, repository, gone.subject, actor, now)
