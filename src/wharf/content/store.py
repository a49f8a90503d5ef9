"""A store of bytes: what every place that keeps blobs can do, in three small parts.

A blob is written once and never changed. Each stored copy has a `Location` of its own, so that deleting one copy can
never take away another that was pushed in the same moment; which copy serves a digest is known to the metadata.
An upload is a blob on its way in. It survives restarts, and belongs to one repository.
"""

import re
import secrets
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Protocol, Self

from wharf.errors import UploadUnknown
from wharf.oci.digest import Algorithm, Digest
from wharf.oci.reference import RepositoryName
from wharf.protocol.ranges import ByteRange


class Durability(Enum):
    """FULL: what was acknowledged survives power loss. RELAXED: it survives a crash of wharf, not of the machine."""

    FULL = "full"
    RELAXED = "relaxed"


@dataclass(frozen=True, slots=True)
class Location:
    """Where one copy of a blob lies; opaque to all but its store."""

    text: str


_UPLOAD_ID = re.compile(r"([0-9a-f]{32})(-sha512)?")


@dataclass(frozen=True, slots=True)
class UploadId:
    """The name of an upload: unguessable, one path segment, and telling which digest it is counted in."""

    token: str
    algorithm: Algorithm

    @classmethod
    def fresh(cls, algorithm: Algorithm) -> Self:
        return cls(secrets.token_hex(16), algorithm)

    @classmethod
    def parse(cls, text: str) -> Self:
        match = _UPLOAD_ID.fullmatch(text) if len(text) <= 40 else None
        if match is None:
            raise UploadUnknown(text)
        return cls(match[1], Algorithm.SHA512 if match[2] else Algorithm.SHA256)

    def __str__(self) -> str:
        return self.token if self.algorithm is Algorithm.SHA256 else f"{self.token}-{self.algorithm}"


@dataclass(frozen=True, slots=True)
class StoredCopy:
    """A copy as it is found when the store is walked."""

    location: Location
    size: int
    written_at: float


@dataclass(frozen=True, slots=True)
class OpenUpload:
    """An upload as it is found when the store is walked."""

    name: str
    size: int
    touched_at: float


class Upload(Protocol):
    """One upload, held by one request at a time. Leave it by commit, pause or cancel."""

    @property
    def received(self) -> int: ...

    async def write(self, chunk: bytes) -> None: ...

    async def commit(self, digest: Digest) -> Location:
        """Make the bytes a blob, durably. Raises DigestMismatch, and then the upload is gone.

        Until the upload is left, by pause or cancel, nobody else can claim the copy: that is the time to make it known.
        """

    async def pause(self) -> None:
        """Keep what came, for a later request. As harmless as cancel."""

    async def cancel(self) -> None:
        """Forget it. Harmless after commit or pause, so it can stand in a `finally`."""


class Uploads(Protocol):
    async def begin(self, name: RepositoryName, algorithm: Algorithm) -> UploadId: ...

    async def open(self, upload: UploadId, name: RepositoryName) -> Upload:
        """Raises UploadUnknown, or StoreBusy while another request holds it."""

    async def received(self, upload: UploadId, name: RepositoryName) -> int: ...


class BlobReader(Protocol):
    def size(self, location: Location) -> int | None:
        """How many bytes lie there; None where the copy is gone."""

    def file(self, location: Location) -> Path | None:
        """A file that the kernel can send by itself, where the store has such a thing."""

    def read(self, location: Location, window: ByteRange) -> AsyncIterator[bytes]: ...


class Claim(Protocol):
    """A stored copy in one hand, so that nobody makes it known while it is looked at once more."""

    def remove(self) -> None: ...

    def release(self) -> None: ...


class BlobKeeper(Protocol):
    """What garbage collection needs: walk and remove. Removing what is gone is not an error."""

    def copies(self) -> Iterator[StoredCopy]: ...

    def uploads(self) -> Iterator[OpenUpload]: ...

    def remove(self, location: Location) -> None: ...

    def claim(self, location: Location) -> Claim | None:
        """None while the push that wrote the copy holds it, or when it is gone."""

    def abandon(self, upload: OpenUpload) -> bool:
        """Remove an upload unless a request holds it or went on with it since it was found; True where it went."""


class ContentStore(Uploads, BlobReader, BlobKeeper, Protocol):
    """What the server needs of a store while it serves."""

    def close(self) -> None: ...
