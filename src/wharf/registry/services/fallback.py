"""The fallback tag: how clients that know no referrers API find what speaks about a manifest.

Such a client keeps an index under the tag `sha256-<hex>` of the subject and edits it itself. Other clients push
referrers without touching that tag. Where the tag exists, we keep it true: it lists every referrer that is here, and
none that is gone.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from typing import Final

from wharf.errors import Malformed
from wharf.metadata.ledger import Ledger
from wharf.metadata.records import Moment, NewManifest, ReferrerRecord, RepositoryId
from wharf.oci.descriptor import Descriptor
from wharf.oci.digest import Algorithm, Digest
from wharf.oci.manifest import ImageIndex, parse_manifest
from wharf.oci.media_types import OCI_INDEX
from wharf.oci.reference import Tag
from wharf.registry.services.referrers import walked, weight

FALLBACK_TAGS: Final = ("sha256-", "sha256.")
"""Those that tell their subject whole stand between these two."""
_TAG_HEX = 64
_MOST_REFERRERS = 1000
_HEAVIEST_LIST = 3 << 20


def fallback_tag(subject: Digest) -> Tag:
    return Tag(f"{subject.algorithm}-{subject.hex[:_TAG_HEX]}")


def subject_of_fallback_tag(tag: Tag) -> Digest | None:
    """The subject, where the tag says all of it: a sha512 tag is cut short and names none."""
    algorithm, _, hex_digits = str(tag).partition("-")
    if algorithm != Algorithm.SHA256:
        return None
    try:
        return Digest.parse(f"{algorithm}:{hex_digits}")
    except Malformed:
        return None


def referrer_descriptor(referrer: ReferrerRecord) -> dict[str, object]:
    descriptor: dict[str, object] = {
        "mediaType": referrer.media_type,
        "digest": str(referrer.digest),
        "size": referrer.size,
    }
    if referrer.artifact_type is not None:
        descriptor["artifactType"] = referrer.artifact_type
    if referrer.annotations:
        descriptor["annotations"] = dict(referrer.annotations)
    return descriptor


def referrers_index(descriptors: Iterable[dict[str, object]]) -> bytes:
    document = {"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": list(descriptors)}
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def reconcile_fallback(ledger: Ledger, repository: RepositoryId, subject: Digest, actor: str, now: Moment) -> None:
    """Where the subject has a fallback tag, make it list what is here."""
    tag = fallback_tag(subject)
    listed = _listed(ledger, repository, tag)
    if listed is None:
        return
    known = islice(walked(ledger, repository, subject), _MOST_REFERRERS)
    wanted = {referrer.digest: referrer_descriptor(referrer) for referrer in _lightened(known)}
    for entry in listed:  # what old clients listed without a subject in the manifest, as long as it is here
        if entry.digest not in wanted and ledger.manifests.held(repository, entry.digest):
            wanted[entry.digest] = dict(entry.to_json())
    if {entry.digest for entry in listed} != wanted.keys():
        index = _as_new_manifest(referrers_index(wanted.values()), tuple(wanted))
        ledger.manifests.put(repository, index, now)
        ledger.tags.move(repository, tag, index.digest, actor, now)


def _lightened(referrers: Iterable[ReferrerRecord]) -> Iterator[ReferrerRecord]:
    """The list is a manifest itself and may not outgrow one: who comes too late in it comes without annotations."""
    room = _HEAVIEST_LIST
    for referrer in referrers:
        room -= weight(referrer)
        yield referrer if room > 0 else replace(referrer, annotations={})


def _listed(ledger: Ledger, repository: RepositoryId, tag: Tag) -> tuple[Descriptor, ...] | None:
    digest = ledger.tags.find(repository, tag)
    found = ledger.manifests.held(repository, digest) if digest else None
    index = parse_manifest(found.body, found.media_type) if found else None
    return index.children if isinstance(index, ImageIndex) else None


def _as_new_manifest(body: bytes, parts: tuple[Digest, ...]) -> NewManifest:
    return NewManifest(
        digest=Digest.of(body),
        media_type=OCI_INDEX,
        body=body,
        artifact_type=None,
        subject=None,
        annotations={},
        parts=parts,
    )
