"""What is known, as frozen rows: no more than the tables hold, in types that cannot be wrong."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import NewType

from wharf.access.limits import NO_LIMITS, Limits
from wharf.access.login import Login
from wharf.access.permission import Permission
from wharf.access.role import Role
from wharf.access.secret_text import SecretKind, SecretText
from wharf.oci.digest import Digest
from wharf.oci.reference import RepositoryName, Tag

RepositoryId = NewType("RepositoryId", int)
Moment = NewType("Moment", int)
"""Milliseconds since 1970."""
AccountId = NewType("AccountId", int)
TokenId = NewType("TokenId", int)
VersionId = NewType("VersionId", int)
RuleId = NewType("RuleId", int)


@dataclass(frozen=True, slots=True)
class BlobRecord:
    """A blob as one repository holds it. `location` is the content store's own word for where the bytes lie.

    `is_named`: a manifest of the repository needs it; else it is on its way in, or what needed it was deleted.
    """

    repository: RepositoryId
    digest: Digest
    size: int
    location: str
    touched_at: Moment
    is_named: bool


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


class AccountKind(Enum):
    USER = "user"
    ORGANISATION = "organisation"
    SERVICE = "service"


@dataclass(frozen=True, slots=True)
class AccountRecord:
    """`password` is argon2's own text of it; services and organisations have none."""

    id: AccountId
    login: Login
    kind: AccountKind
    display: str
    password: str | None = field(repr=False)
    is_administrator: bool
    created_at: Moment
    password_changed_at: Moment | None
    disabled_at: Moment | None

    @property
    def is_active(self) -> bool:
        return self.disabled_at is None

    @property
    def can_hold_tokens(self) -> bool:
        return self.kind is not AccountKind.ORGANISATION


@dataclass(frozen=True, slots=True)
class NewAccount:
    login: Login
    kind: AccountKind
    display: str = ""
    password: str | None = field(default=None, repr=False)
    is_administrator: bool = False
    organisation: AccountId | None = None


@dataclass(frozen=True, slots=True)
class MemberRecord:
    account: AccountRecord
    role: Role


@dataclass(frozen=True, slots=True)
class NewToken:
    """`origin`: the identity that a CI token was given for; `parent`: the token that a refresh token stands for."""

    account: AccountId
    secret: SecretText
    label: str
    permissions: frozenset[Permission]
    expires_at: Moment
    limits: Limits = NO_LIMITS
    origin: str = ""
    parent: TokenId | None = None


@dataclass(frozen=True, slots=True)
class TokenRecord:
    id: TokenId
    account: AccountId
    kind: SecretKind
    label: str
    hint: str
    permissions: frozenset[Permission]
    limits: Limits
    origin: str
    parent: TokenId | None
    created_at: Moment
    expires_at: Moment
    revoked_at: Moment | None
    last_used_at: Moment | None
    last_used_from: str | None

    def is_good_at(self, now: Moment) -> bool:
        return self.revoked_at is None and now < self.expires_at


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """`owner`: the account that it concerns, empty for the registry as a whole; `target`: what was changed."""

    actor: str
    credential: str
    address: str
    action: str
    owner: str
    target: str
    details: Mapping[str, str | int | bool | None] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class AuditRecord:
    id: int
    happened_at: Moment
    entry: AuditEntry


@dataclass(frozen=True, slots=True)
class ListedRepository:
    """A repository as a list tells of it."""

    name: RepositoryName
    is_public: bool


@dataclass(frozen=True, slots=True)
class PackageRecord:
    """A repository as a package."""

    id: RepositoryId
    name: RepositoryName
    is_public: bool
    created_at: Moment
    updated_at: Moment
    deleted_at: Moment | None


@dataclass(frozen=True, slots=True)
class SigningKeyRecord:
    """`secret` is the private half, as 32 bytes of Ed25519."""

    id: str
    secret: bytes = field(repr=False)
    created_at: Moment
    retired_at: Moment | None


class RuleKind(Enum):
    IMMUTABLE = "immutable"
    RETENTION = "retention"


@dataclass(frozen=True, slots=True)
class RuleRecord:
    """`terms` is the text of a JSON object; `owner` is empty for a rule of the registry as a whole."""

    id: RuleId
    owner: str
    kind: RuleKind
    terms: str
    created_at: Moment
    created_by: str


@dataclass(frozen=True, slots=True)
class QuotaRecord:
    """`used` is never less than what is used; where it is doubtful, it may be more."""

    owner: str
    most: int
    used: int
    is_doubtful: bool


@dataclass(frozen=True, slots=True)
class HeldVersion:
    """A manifest with all that speaks for keeping it: its tags, when it was pulled, and what belongs to it."""

    digest: Digest
    pushed_at: Moment
    subject: Digest | None = None
    pulled_at: Moment | None = None
    tags: tuple[Tag, ...] = ()
    children: tuple[Digest, ...] = ()


@dataclass(frozen=True, slots=True)
class DeletedManifest:
    """A manifest in the trash. `tags` pointed to it; those that went together have the same `deletion`."""

    repository: RepositoryId
    name: RepositoryName
    digest: Digest
    media_type: str
    size: int
    subject: Digest | None
    tags: tuple[Tag, ...]
    deleted_at: Moment
    deleted_by: str
    deletion: str
    reason: str


@dataclass(frozen=True, slots=True)
class VersionRecord:
    """A manifest as a version of a package; `deleted_at` where it is in the trash."""

    id: VersionId
    digest: Digest
    created_at: Moment
    updated_at: Moment
    deleted_at: Moment | None = None


@dataclass(frozen=True, slots=True)
class NewIdentityRule:
    """Which identity tokens are believed. `subject` and the values of `claims` are patterns; `life` is in seconds."""

    label: str
    issuer: str
    audience: str
    subject: str
    claims: Mapping[str, str] = field(hash=False)
    permissions: frozenset[Permission]
    limits: Limits
    life: int


@dataclass(frozen=True, slots=True)
class IdentityRuleRecord(NewIdentityRule):
    id: int
    account: AccountId
    login: Login
    created_at: Moment
