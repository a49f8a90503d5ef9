"""Publishing a manifest: the one step of a push that makes an image exist.

All of it happens in one transaction: the parts are there, the manifest is known, the tags point to it, the history
says so, and the fallback tag of its subject agrees.
"""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from wharf.errors import DigestMismatch, PartsMissing
from wharf.metadata.ledger import Ledger
from wharf.metadata.records import NewManifest, RepositoryId
from wharf.metadata.store import MetadataStore
from wharf.oci.descriptor import Descriptor
from wharf.oci.digest import Digest
from wharf.oci.manifest import ImageManifest, Manifest, parse_manifest
from wharf.oci.reference import RepositoryName, Tag
from wharf.registry.services.access import Action, Caller, Gate
from wharf.registry.services.clock import Clock
from wharf.registry.services.fallback import reconcile_fallback, subject_of_fallback_tag
from wharf.registry.services.identity.standing import require_still
from wharf.registry.services.push_notes import Before, note_push
from wharf.registry.services.rules.immutable import hold_still
from wharf.registry.services.rules.quota import take_room_for_manifest, write_within_quota

_LARGE = 256 << 10


@dataclass(frozen=True, slots=True)
class Submission:
    """A manifest as a client sends it."""

    name: RepositoryName
    reference: Tag | Digest
    tags: tuple[Tag, ...]
    media_type: str | None
    raw: bytes


@dataclass(frozen=True, slots=True)
class Published:
    digest: Digest
    subject: Digest | None
    tags: tuple[Tag, ...]


class Publishing:
    def __init__(self, metadata: MetadataStore, gate: Gate, clock: Clock) -> None:
        self._metadata = metadata
        self._gate = gate
        self._clock = clock

    async def admit(self, caller: Caller, name: RepositoryName) -> None:
        """Asked before the manifest is received: who may not push need not send it, and is not told what is wrong."""
        await self._gate.require(caller, Action.PUSH, name)

    async def publish(self, caller: Caller, submission: Submission) -> Published:
        await self.admit(caller, submission.name)
        manifest = await _read(submission)
        digest = _agreed_digest(submission)
        tags = _tags(submission)
        now = self._clock()
        row = _row(manifest, digest)

        def change(ledger: Ledger) -> None:
            require_still(ledger, caller, Action.PUSH, submission.name)
            repository = ledger.repositories.ensure(submission.name, now)
            _require_parts(ledger, repository, submission.name, manifest)
            hold_still(ledger, repository, submission.name, tags, digest)
            blobs = (part.digest for part in manifest.required_blobs)
            take_room_for_manifest(ledger, submission.name, digest, len(row.body), blobs)
            before = Before.seen(ledger, repository, digest, tags)
            ledger.trash.forget(repository, digest)
            ledger.manifests.put(repository, row, now)
            ledger.versions.pushed(repository, digest, now)
            if ledger.repositories.pushed(repository, now):
                ledger.counters.access_changed()
            for tag in tags:
                ledger.tags.move(repository, tag, digest, caller.actor, now)
            for subject in _spoken_about(row, tags):
                reconcile_fallback(ledger, repository, subject, caller.actor, now)
            note_push(ledger, caller, submission.name, digest, before, now)

        await write_within_quota(self._metadata, submission.name, change)
        return Published(digest, row.subject, tags)


async def _read(submission: Submission) -> Manifest:
    """Megabytes of JSON take a good part of a second; others are served meanwhile."""
    if len(submission.raw) < _LARGE:
        return parse_manifest(submission.raw, submission.media_type)
    return await asyncio.to_thread(parse_manifest, submission.raw, submission.media_type)


def _agreed_digest(submission: Submission) -> Digest:
    if isinstance(submission.reference, Tag):
        return Digest.of(submission.raw)
    computed = Digest.of(submission.raw, submission.reference.algorithm)
    if computed != submission.reference:
        raise DigestMismatch(str(submission.reference), str(computed))
    return computed


def _tags(submission: Submission) -> tuple[Tag, ...]:
    first = (submission.reference,) if isinstance(submission.reference, Tag) else ()
    return tuple(dict.fromkeys((*first, *submission.tags)))


def _row(manifest: Manifest, digest: Digest) -> NewManifest:
    return NewManifest(
        digest=digest,
        media_type=manifest.media_type,
        body=manifest.raw,
        artifact_type=manifest.artifact_type,
        subject=manifest.subject.digest if manifest.subject else None,
        annotations=manifest.annotations,
        parts=tuple(dict.fromkeys(part.digest for part in _named(manifest))),
    )


def _named(manifest: Manifest) -> Iterable[Descriptor]:
    return (manifest.config, *manifest.layers) if isinstance(manifest, ImageManifest) else manifest.manifests


def _require_parts(ledger: Ledger, repository: RepositoryId, name: RepositoryName, manifest: Manifest) -> None:
    """The blobs must be here. An index may be sparse: its children may come later, or never."""
    missing = ledger.blobs.missing(repository, dict.fromkeys(part.digest for part in manifest.required_blobs))
    if missing:
        raise PartsMissing(str(name), [str(digest) for digest in missing])


def _spoken_about(row: NewManifest, tags: Sequence[Tag]) -> set[Digest]:
    subjects = {subject for tag in tags if (subject := subject_of_fallback_tag(tag))}
    return subjects | ({row.subject} if row.subject else set())
