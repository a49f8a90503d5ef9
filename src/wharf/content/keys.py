"""The tree of files below the data folder, drawn once; every path is made here and nowhere else.

DATA/
├── wharf.db                                what is known of the bytes (room metadata)
├── write.lock                              one writer of wharf.db at a time
├── access.number                           whether what anybody may do has changed (room metadata)
├── gc.lock                                 one garbage collection at a time
├── outbox.lock                             one sender to webhooks at a time
├── reserve                                 room for taking away on a disk that is full
├── blobs/
│   └── sha256/ab/abcdef….0011223344556677  one copy of a blob: its digest, then the copy's own name
└── uploads/
    └── 0123….89abcdef01234567              one upload: its id, then a mark of the repository it belongs to
"""

import hashlib
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from wharf.content.store import Location, UploadId
from wharf.oci.digest import Algorithm, Digest
from wharf.oci.reference import RepositoryName


@dataclass(frozen=True, slots=True)
class Tree:
    """The paths below one data folder."""

    data: Path

    @property
    def blobs(self) -> Path:
        return self.data / "blobs"

    @property
    def uploads(self) -> Path:
        return self.data / "uploads"

    def shards(self) -> Iterator[Path]:
        """The folders that blobs lie in: one for each beginning of a digest."""
        return (self.blobs / algorithm / f"{start:02x}" for algorithm in Algorithm for start in range(256))

    def blob(self, location: Location) -> Path:
        return self.blobs / location.text

    def upload(self, upload: UploadId, name: RepositoryName) -> Path:
        return self.uploads / f"{upload}.{_mark(name)}"


def fresh_location(digest: Digest) -> Location:
    """A name for a new copy that no other copy will ever have."""
    return Location(f"{digest.algorithm}/{digest.hex[:2]}/{digest.hex}.{secrets.token_hex(8)}")


def _mark(name: RepositoryName) -> str:
    """Binds an upload to its repository: an id alone does not open it elsewhere."""
    return hashlib.sha256(str(name).encode()).hexdigest()[:16]
