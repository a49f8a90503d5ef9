"""What is known, as frozen rows: no more than the tables hold, in types that cannot be wrong."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NewType

from wharf.oci.digest import Digest
from wharf.oci.reference import RepositoryName, Tag

RepositoryId = NewType("RepositoryId", int)
Moment = NewType("Moment", int)
"""Milliseconds since 1970."""


@dataclass(frozen=True, slots=True)
class BlobRecord:
    """A blob as one repository holds it. `location` is the content store's own word for where the bytes lie."""

    repository: RepositoryId
    digest: Digest
    size: int
    location: str
    touched_at: Moment


@dataclass(frozen=True, slots=True)
class ManifestRecord:
    """A manifest as it is served."""

    digest: Digest
    media_type: str
    body: bytes


@dataclass(frozen=True, slots=True)
class NewManifest:
    """A manifest as it is pushed: its bytes, and what we must be able to ask about it later."""

    digest: Digest
    media_type: str
    body: bytes
    artifact_type: str | None
    subject: Digest | None
    annotations: Mapping[str, str]
    parts: tuple[Digest, ...]


@dataclass(frozen=True, slots=True)
class ReferrerRecord:
    """A manifest that speaks about another one."""

    digest: Digest
    media_type: str
    size: int
    artifact_type: str | None
    annotations: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class TagRecord:
    name: Tag
    digest: Digest
    moved_at: Moment


@dataclass(frozen=True, slots=True)
class TagEvent:
    """A tag was set, moved, or (no digest) taken away."""

    tag: Tag
    digest: Digest | None
    previous: Digest | None
    actor: str
    happened_at: Moment


@dataclass(frozen=True, slots=True)
class UnnamedBlob:
    """A blob that its repository holds and no manifest there names."""

    repository: RepositoryId
    name: RepositoryName
    digest: Digest
    size: int
    touched_at: Moment


@dataclass(frozen=True, slots=True)
class UnheldBlob:
    """A blob that no repository holds any more."""

    digest: Digest
    size: int
    location: str


@dataclass(frozen=True, slots=True)
class UntaggedManifest:
    """A manifest that no tag, no index and no living subject keeps."""

    repository: RepositoryId
    name: RepositoryName
    digest: Digest
    size: int
    pushed_at: Moment
