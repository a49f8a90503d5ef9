"""What is shipped in these tests: blobs and manifests as bytes, with the digests a registry must know them by.

Written with the standard library alone and on purpose without the package's own code: the yardstick must not be cut
from the wood it measures. Contents are random, so that nothing is in the registry before a test brings it there.
"""

import base64
import gzip
import hashlib
import io
import json
import secrets
import tarfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tests.conformance.wire import Json

ALGORITHMS = ("sha256", "sha512")

OCTETS = "application/octet-stream"
IMAGE = "application/vnd.oci.image.manifest.v1+json"
INDEX = "application/vnd.oci.image.index.v1+json"
CONFIG = "application/vnd.oci.image.config.v1+json"
EMPTY = "application/vnd.oci.empty.v1+json"
TAR = "application/vnd.oci.image.layer.v1.tar"
TAR_GZIP = "application/vnd.oci.image.layer.v1.tar+gzip"
ELSEWHERE_TAR = "application/vnd.oci.image.layer.nondistributable.v1.tar"
ELSEWHERE_TAR_GZIP = "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip"
BILL_OF_LADING = "application/vnd.wharf.test.bill-of-lading.v1+json"
SEAL = "application/vnd.wharf.test.seal.v1"

AMD64: Mapping[str, Json] = {"architecture": "amd64", "os": "linux"}
ARM64: Mapping[str, Json] = {"architecture": "arm64", "os": "linux"}

Descriptor = dict[str, Json]


@dataclass(frozen=True, slots=True)
class Blob:
    content: bytes = field(repr=False)
    algorithm: str = "sha256"
    media_type: str = OCTETS

    @property
    def digest(self) -> str:
        return digest_of(self.content, self.algorithm)

    def descriptor(self, *, with_data: bool = False) -> Descriptor:
        data: Descriptor = {"data": base64.b64encode(self.content).decode()} if with_data else {}
        return {"mediaType": self.media_type, "digest": self.digest, "size": len(self.content), **data}


@dataclass(frozen=True, slots=True)
class Manifest:
    """A manifest as pushed, and what the referrers list has to say of it."""

    raw: bytes = field(repr=False)
    media_type: str
    algorithm: str = "sha256"
    subject: str | None = None
    listed_type: str | None = None
    annotations: Mapping[str, str] = field(default_factory=dict)
    tags: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        return digest_of(self.raw, self.algorithm)

    def descriptor(self, platform: Mapping[str, Json] | None = None) -> Descriptor:
        where: Descriptor = {"platform": dict(platform)} if platform else {}
        return {"mediaType": self.media_type, "digest": self.digest, "size": len(self.raw), **where}

    def listed(self) -> Descriptor:
        """The entry for this manifest in the referrers list of its subject."""
        kind: Descriptor = {"artifactType": self.listed_type} if self.listed_type else {}
        notes: Descriptor = {"annotations": dict(self.annotations)} if self.annotations else {}
        return {**self.descriptor(), **kind, **notes}


@dataclass(frozen=True, slots=True)
class Details:
    """What a manifest may say beside its contents."""

    artifact_type: str | None = None
    subject: Manifest | Blob | None = None
    annotations: Mapping[str, str] = field(default_factory=dict)
    extra: Mapping[str, Json] = field(default_factory=dict)
    tags: tuple[str, ...] = ()


PLAIN = Details()


def digest_of(content: bytes, algorithm: str) -> str:
    return f"{algorithm}:{hashlib.new(algorithm, content).hexdigest()}"


def random_blob(size: int, algorithm: str = "sha256", media_type: str = OCTETS) -> Blob:
    return Blob(secrets.token_bytes(size), algorithm, media_type)


def empty_object(algorithm: str) -> Blob:
    """The well-known two bytes that artifacts carry where an image has its config."""
    return Blob(b"{}", algorithm, EMPTY)


def layer(algorithm: str, media_type: str = TAR_GZIP) -> Blob:
    packed = _tar("./cargo.txt", f"crate {secrets.token_hex(16)}\n".encode())
    return Blob(gzip.compress(packed) if media_type == TAR_GZIP else packed, algorithm, media_type)


def config(
    algorithm: str,
    layers: Sequence[Blob],
    platform: Mapping[str, Json] = AMD64,
    extra: Mapping[str, Json] | None = None,
) -> Blob:
    diff_ids: list[Json] = [digest_of(unpacked(each), algorithm) for each in layers]
    told: Descriptor = {"author": "conformance", "rootfs": {"type": "layers", "diff_ids": diff_ids}}
    unique: Descriptor = {"created_by": secrets.token_hex(8)}
    return Blob(encoded({**told, **platform, **unique, **(extra or {})}), algorithm, CONFIG)


def unpacked(packed: Blob) -> bytes:
    return gzip.decompress(packed.content) if packed.media_type == TAR_GZIP else packed.content


def image_manifest(
    algorithm: str, config_descriptor: Descriptor, layers: Sequence[Descriptor], details: Details = PLAIN
) -> Manifest:
    """An image manifest; listed under its artifact type, or under its config's type where it has none."""
    content: Descriptor = {"config": config_descriptor, "layers": list(layers)}
    return _manifest(IMAGE, algorithm, content, details, details.artifact_type or str(config_descriptor["mediaType"]))


def index_manifest(algorithm: str, children: Sequence[Descriptor], details: Details = PLAIN) -> Manifest:
    """An index; listed under its artifact type or under none."""
    return _manifest(INDEX, algorithm, {"manifests": list(children)}, details, details.artifact_type)


def encoded(value: Mapping[str, Json]) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def random_annotations() -> dict[str, str]:
    return {"org.wharf.test.greeting": "hello conformance", f"org.wharf.test.{secrets.token_hex(4)}": "unique"}


def random_field() -> Mapping[str, Json]:
    """A field that no specification knows."""
    return {f"org.wharf.test.{secrets.token_hex(8)}": secrets.token_hex(8)}


def _manifest(
    media_type: str, algorithm: str, content: Descriptor, details: Details, listed_type: str | None
) -> Manifest:
    subject = details.subject
    raw = encoded(
        {
            "schemaVersion": 2,
            "mediaType": media_type,
            **({"artifactType": details.artifact_type} if details.artifact_type else {}),
            **content,
            **({"subject": subject.descriptor()} if subject else {}),
            **({"annotations": dict(details.annotations)} if details.annotations else {}),
            **details.extra,
        }
    )
    named = subject.digest if subject else None
    return Manifest(raw, media_type, algorithm, named, listed_type, details.annotations, details.tags)


def _tar(name: str, content: bytes) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        entry = tarfile.TarInfo(name)
        entry.size = len(content)
        archive.addfile(entry, io.BytesIO(content))
    return packed.getvalue()
