"""What can go wrong on the way of an image, as one tree.

Every error carries its facts as attributes and can speak to a person: `diagnostics()` gives the cause, the
evidence for it and the next step. Rooms raise these and nothing else; the server turns them into wire errors in
one table (registry/http/errors.py), the command line into text and an exit code.

    WharfError
    ├── Malformed                what was given cannot be read
    │   ├── MalformedDigest
    │   ├── MalformedName
    │   ├── MalformedTag
    │   ├── MalformedReference
    │   ├── MalformedPlatform
    │   ├── MalformedJson
    │   ├── MalformedManifest
    │   │   └── Schema1Refused
    │   ├── MalformedConfig
    │   ├── MalformedQuery
    │   └── MalformedHeader
    ├── NotThere                 what was asked for is not here
    │   ├── RepositoryUnknown
    │   ├── ManifestUnknown
    │   ├── BlobUnknown
    │   ├── UploadUnknown
    │   └── NoSuchAddress
    ├── Untrue                   what arrived is not what was announced
    │   ├── DigestMismatch
    │   ├── SizeMismatch
    │   ├── ChunkOutOfOrder
    │   ├── RangeNotSatisfiable
    │   ├── ClientStopped
    │   └── PartsMissing
    ├── Refused                  it could be done, and may not
    │   ├── NotAuthenticated
    │   ├── Denied
    │   ├── TooLarge
    │   ├── TooMany
    │   ├── TooBusy
    │   ├── NotSupported
    │   └── StillInUse
    ├── StoreProblem             the place where bytes lie does not do its part
    │   ├── StoreFull
    │   ├── StoreBusy
    │   └── StoreTooNew
    └── Misconfigured            wharf was told something that cannot be
        ├── SettingRefused
        └── AddressTaken
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

_EVIDENCE_LIMIT = 200


@dataclass(frozen=True, slots=True)
class Diagnostics:
    """What an error says to a person."""

    cause: str
    evidence: tuple[str, ...] = ()
    next_step: str = ""


def shown(text: str) -> str:
    """Text from outside, made safe to print and bounded in length."""
    start = text[:_EVIDENCE_LIMIT]
    printable = start if start.isprintable() else start.encode("unicode_escape").decode("ascii")
    return printable if len(text) <= _EVIDENCE_LIMIT else printable + "…"


class WharfError(Exception):
    """The root. `code` is stable and stands in the documentation."""

    code: ClassVar[str] = "wharf"

    def __init__(self, cause: str, *, evidence: Sequence[str] = (), next_step: str = "") -> None:
        super().__init__(cause)
        self._diagnostics = Diagnostics(cause, tuple(evidence), next_step)

    def diagnostics(self) -> Diagnostics:
        return self._diagnostics


# --- what was given cannot be read -------------------------------------------------------------------------------


class Malformed(WharfError):
    """Text or bytes that do not follow their grammar; `where` points into them."""

    code = "malformed"

    def __init__(self, text: str, reason: str, *, where: str = "", next_step: str = "") -> None:
        self.text = text
        self.reason = reason
        self.where = where
        evidence = [f"given: {shown(text)}"] if text else []
        evidence += [f"at: {where}"] if where else []
        super().__init__(reason, evidence=evidence, next_step=next_step)


class MalformedDigest(Malformed):
    code = "malformed-digest"


class MalformedName(Malformed):
    code = "malformed-name"


class MalformedTag(Malformed):
    code = "malformed-tag"


class MalformedReference(Malformed):
    code = "malformed-reference"


class MalformedPlatform(Malformed):
    code = "malformed-platform"


class MalformedJson(Malformed):
    code = "malformed-json"


class MalformedManifest(Malformed):
    code = "malformed-manifest"


class Schema1Refused(MalformedManifest):
    """Docker's image manifest of 2014, which Docker itself no longer reads."""

    code = "schema1-refused"

    def __init__(self, media_type: str) -> None:
        super().__init__(
            media_type,
            "Docker schema 1 manifests are not accepted",
            next_step="push with Docker 1.10 or newer, or convert: skopeo copy --format v2s2 SOURCE TARGET",
        )


class MalformedConfig(Malformed):
    code = "malformed-config"


class MalformedQuery(Malformed):
    code = "malformed-query"


class MalformedHeader(Malformed):
    code = "malformed-header"


# --- what was asked for is not here ------------------------------------------------------------------------------


class NotThere(WharfError):
    code = "not-there"


class RepositoryUnknown(NotThere):
    code = "repository-unknown"

    def __init__(self, name: str, nearest: Sequence[str] = ()) -> None:
        self.name = name
        self.nearest = tuple(nearest)
        super().__init__(
            f"no repository {shown(name)}" + (f"; the nearest is {nearest[0]}" if nearest else ""),
            evidence=[f"nearest: {', '.join(nearest)}"] if nearest else [],
            next_step=f"did you mean {nearest[0]}?" if nearest else "push an image to it first, or look at the name",
        )


class ManifestUnknown(NotThere):
    code = "manifest-unknown"

    def __init__(self, name: str, reference: str, nearest: Sequence[str] = (), age: str = "") -> None:
        """`nearest`: tags that may have been meant, best first; `age`: how long ago the first of them was pushed."""
        self.name = name
        self.reference = reference
        self.nearest = tuple(nearest)
        kind = "manifest" if ":" in reference else "tag"
        hint = f"; the nearest is {nearest[0]}, pushed {age}" if nearest else ""
        super().__init__(
            f"no {kind} {shown(reference)} in {shown(name)}{hint}",
            evidence=[f"nearest: {', '.join(nearest)}"] if nearest else [],
            next_step=f"ask for one of: {', '.join(nearest)}" if nearest else "look at the repository's tags",
        )


class BlobUnknown(NotThere):
    code = "blob-unknown"

    def __init__(self, name: str, digest: str) -> None:
        self.name = name
        self.digest = digest
        super().__init__(f"no blob {shown(digest)} in {shown(name)}", next_step="push it, or mount it from where it is")


class UploadUnknown(NotThere):
    code = "upload-unknown"

    def __init__(self, upload: str) -> None:
        self.upload = upload
        super().__init__(
            f"no upload {shown(upload)}",
            evidence=["it was finished, cancelled or has expired, or belongs to another repository"],
            next_step="start a new upload with POST",
        )


class NoSuchAddress(NotThere):
    code = "no-such-address"

    def __init__(self, path: str) -> None:
        super().__init__(
            "no such address in this registry",
            evidence=[f"asked for: {shown(path)}"],
            next_step="look at the name (lower case, no empty parts) and at what follows it: /manifests/, /blobs/, …",
        )


# --- what arrived is not what was announced ----------------------------------------------------------------------


class Untrue(WharfError):
    code = "untrue"


class DigestMismatch(Untrue):
    code = "digest-mismatch"

    def __init__(self, announced: str, computed: str) -> None:
        self.announced = announced
        self.computed = computed
        super().__init__(
            "the content does not have the announced digest",
            evidence=[f"announced: {announced}", f"computed: {computed}"],
            next_step="send it again; if it happens again, the sender computes over other bytes than it sends",
        )


class SizeMismatch(Untrue):
    code = "size-mismatch"

    def __init__(self, announced: int, received: int) -> None:
        self.announced = announced
        self.received = received
        super().__init__(
            "the content does not have the announced length",
            evidence=[f"announced: {announced} bytes", f"received: {received} bytes"],
            next_step="send it again from where it stopped",
        )


class ChunkOutOfOrder(Untrue):
    code = "chunk-out-of-order"

    def __init__(self, expected: int, given: int) -> None:
        self.expected = expected
        self.given = given
        super().__init__(
            "this chunk does not follow the bytes that were received",
            evidence=[f"received so far: {expected} bytes", f"chunk starts at: {given}"],
            next_step=f"ask for the status of the upload and go on at byte {expected}",
        )


class RangeNotSatisfiable(Untrue):
    code = "range-not-satisfiable"

    def __init__(self, header: str, size: int) -> None:
        self.size = size
        super().__init__(
            "the range lies outside the content",
            evidence=[f"asked for: {shown(header)}", f"size: {size} bytes"],
            next_step="ask for a range within the size",
        )


class ClientStopped(Untrue):
    """The peer hung up or fell silent; what it had sent is kept for a resumed upload."""

    code = "client-stopped"

    def __init__(self, received: int, why: str) -> None:
        self.received = received
        super().__init__(
            f"the request body ended early: {why}",
            evidence=[f"received: {received} bytes"],
            next_step="ask for the status of the upload and go on from there",
        )


class PartsMissing(Untrue):
    """A manifest names blobs or manifests that its repository does not hold."""

    code = "parts-missing"

    def __init__(self, name: str, digests: Sequence[str]) -> None:
        self.name = name
        self.digests = tuple(digests)
        super().__init__(
            f"the manifest names {len(digests)} part(s) that {shown(name)} does not hold",
            evidence=[f"missing: {digest}" for digest in digests],
            next_step="push the missing parts into this repository first, then the manifest",
        )


# --- it could be done, and may not -------------------------------------------------------------------------------


class Refused(WharfError):
    code = "refused"


class NotAuthenticated(Refused):
    code = "not-authenticated"

    def __init__(self, action: str, name: str) -> None:
        self.action = action
        self.name = name
        super().__init__("authentication required", next_step="log in to this registry")


class Denied(Refused):
    code = "denied"

    def __init__(self, action: str, name: str) -> None:
        self.action = action
        self.name = name
        super().__init__(f"{action} is not allowed on {shown(name)}", next_step="ask an owner for this right")


class TooLarge(Refused):
    code = "too-large"

    def __init__(self, what: str, limit: int) -> None:
        self.what = what
        self.limit = limit
        super().__init__(f"the {what} is larger than {limit} bytes", next_step=f"send a {what} within the limit")


class TooMany(Refused):
    code = "too-many"

    def __init__(self, what: str, limit: int) -> None:
        self.what = what
        self.limit = limit
        super().__init__(f"more than {limit} {what} at once", next_step=f"send at most {limit} {what}")


class TooBusy(Refused):
    """For the moment there is no room for one more."""

    code = "too-busy"

    def __init__(self, what: str) -> None:
        super().__init__(f"too many {what}", next_step="try again in a moment")


class NotSupported(Refused):
    code = "not-supported"

    def __init__(self, method: str, allowed: Sequence[str]) -> None:
        self.allowed = tuple(allowed)
        super().__init__(f"{shown(method)} cannot be done here", next_step=f"possible here: {', '.join(allowed)}")


class StillInUse(Refused):
    """A blob that a live manifest names cannot be taken away from under it."""

    code = "still-in-use"

    def __init__(self, digest: str, users: Sequence[str]) -> None:
        self.digest = digest
        self.users = tuple(users)
        super().__init__(
            f"{digest} is still in use",
            evidence=[f"named by: {user}" for user in users],
            next_step="delete the manifests that name it first",
        )


# --- the place where bytes lie -----------------------------------------------------------------------------------


class StoreProblem(WharfError):
    code = "store-problem"


class StoreFull(StoreProblem):
    code = "store-full"

    def __init__(self, place: str) -> None:
        super().__init__(
            "the registry's disk is full",
            evidence=[f"while writing to: {place}"],
            next_step="free space or run `wharf admin gc`; reading still works",
        )


class StoreBusy(StoreProblem):
    code = "store-busy"

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} is held by another process", next_step="try again when the other one has finished")


class StoreTooNew(StoreProblem):
    code = "store-too-new"

    def __init__(self, found: int, known: int) -> None:
        self.found = found
        self.known = known
        super().__init__(
            "this store was written by a newer wharf",
            evidence=[f"schema of the store: {found}", f"newest schema known here: {known}"],
            next_step="install the newer wharf again; an older one would damage the store",
        )


# --- wharf was told something that cannot be ---------------------------------------------------------------------


class Misconfigured(WharfError):
    code = "misconfigured"


class SettingRefused(Misconfigured):
    code = "setting-refused"

    def __init__(self, name: str, value: str, place: str, reason: str, next_step: str = "") -> None:
        self.name = name
        self.place = place
        super().__init__(
            f"setting {name}: {reason}",
            evidence=[f"value: {shown(value)}", f"from: {place}"],
            next_step=next_step or f"correct {name} there",
        )


class AddressTaken(Misconfigured):
    code = "address-taken"

    def __init__(self, address: str) -> None:
        super().__init__(
            f"{address} is in use by another program",
            next_step="stop the other program, or choose another address with --listen",
        )
