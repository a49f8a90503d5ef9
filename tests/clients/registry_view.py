"""The registry seen without any client's kindness: what it holds, asked for over plain HTTP.

Digests are computed here from the bytes that came, so that no test believes a header.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NotRequired, TypedDict

import httpx

OCI_IMAGE = "application/vnd.oci.image.manifest.v1+json"
OCI_INDEX = "application/vnd.oci.image.index.v1+json"
OCI_CONFIG = "application/vnd.oci.image.config.v1+json"
OCI_LAYER = "application/vnd.oci.image.layer.v1.tar"
OCI_LAYER_GZIP = "application/vnd.oci.image.layer.v1.tar+gzip"
OCI_LAYER_ZSTD = "application/vnd.oci.image.layer.v1.tar+zstd"
DOCKER_IMAGE = "application/vnd.docker.distribution.manifest.v2+json"
DOCKER_LIST = "application/vnd.docker.distribution.manifest.list.v2+json"
DOCKER_LAYER_GZIP = "application/vnd.docker.image.rootfs.diff.tar.gzip"
ANY_MANIFEST = f"{OCI_IMAGE}, {OCI_INDEX}, {DOCKER_IMAGE}, {DOCKER_LIST}"

PIECE = 1 << 20
PATIENCE = 240.0


class PlatformDocument(TypedDict):
    os: str
    architecture: str


class DescriptorDocument(TypedDict):
    mediaType: str
    digest: str
    size: int
    platform: NotRequired[PlatformDocument]
    annotations: NotRequired[dict[str, str]]


class ManifestDocument(TypedDict, total=False):
    """An image manifest or an index: a test knows which of the two it has pushed."""

    mediaType: str
    config: DescriptorDocument
    layers: list[DescriptorDocument]
    manifests: list[DescriptorDocument]


class TagListDocument(TypedDict):
    tags: list[str]


@dataclass(frozen=True, slots=True)
class Stored:
    """A manifest as the registry gives it out."""

    media_type: str
    raw: bytes = field(repr=False)

    @property
    def digest(self) -> str:
        return digest_of(self.raw)

    @property
    def document(self) -> ManifestDocument:
        document: ManifestDocument = json.loads(self.raw)
        return document

    @property
    def config(self) -> str:
        return self.document["config"]["digest"]

    @property
    def layers(self) -> list[str]:
        return [layer["digest"] for layer in self.document["layers"]]

    @property
    def layer_types(self) -> list[str]:
        return [layer["mediaType"] for layer in self.document["layers"]]

    @property
    def architectures(self) -> dict[str, str]:
        """Architecture to digest, for an index."""
        return {child["platform"]["architecture"]: child["digest"] for child in self.document["manifests"]}


class RegistryView:
    """One registry behind one address such as `http://127.0.0.1:5000`."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.host = url.partition("//")[2]

    def manifest(self, repository: str, reference: str) -> Stored:
        answer = httpx.get(self._manifest_at(repository, reference), headers={"Accept": ANY_MANIFEST}, timeout=PATIENCE)
        assert answer.status_code == 200, f"{answer.status_code} for {repository} {reference}: {answer.text}"
        return Stored(answer.headers["Content-Type"], answer.content)

    def has_manifest(self, repository: str, reference: str) -> bool:
        answer = httpx.head(
            self._manifest_at(repository, reference), headers={"Accept": ANY_MANIFEST}, timeout=PATIENCE
        )
        assert answer.status_code in {200, 404}, f"{answer.status_code} for HEAD of {repository} {reference}"
        return answer.status_code == 200

    def delete_manifest(self, repository: str, reference: str) -> None:
        answer = httpx.delete(self._manifest_at(repository, reference), timeout=PATIENCE)
        assert answer.status_code == 202, f"{answer.status_code}: {answer.text}"

    def tag(self, repository: str, reference: str, names: Iterable[str]) -> None:
        """Give a manifest that is there more names, by the requests that any client would send."""
        held = self.manifest(repository, reference)
        with httpx.Client(headers={"Content-Type": held.media_type}, timeout=PATIENCE) as client:
            for name in names:
                answer = client.put(self._manifest_at(repository, name), content=held.raw)
                assert answer.status_code == 201, f"{answer.status_code}: {answer.text}"

    def tags(self, repository: str) -> list[str]:
        answer = httpx.get(f"{self.url}/v2/{repository}/tags/list", timeout=PATIENCE)
        assert answer.status_code == 200, f"{answer.status_code}: {answer.text}"
        document: TagListDocument = answer.json()
        return document["tags"]

    def digest_of_blob(self, repository: str, digest: str) -> str:
        """What the bytes that the registry sends for this digest really hash to."""
        hasher = hashlib.sha256()
        with httpx.stream("GET", f"{self.url}/v2/{repository}/blobs/{digest}", timeout=PATIENCE) as answer:
            assert answer.status_code == 200
            for piece in answer.iter_raw(PIECE):
                hasher.update(piece)
        return f"sha256:{hasher.hexdigest()}"

    def has_blob(self, repository: str, digest: str) -> bool:
        return httpx.head(f"{self.url}/v2/{repository}/blobs/{digest}", timeout=PATIENCE).status_code == 200

    def _manifest_at(self, repository: str, reference: str) -> str:
        return f"{self.url}/v2/{repository}/manifests/{reference}"


def digest_of(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"
