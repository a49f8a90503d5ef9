"""What a registry should hold after some requests, as the simplest thing that can be right: sets and dictionaries."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from wharf.oci.digest import Digest
from wharf.oci.media_types import OCI_INDEX, OCI_MANIFEST

Entry = dict[str, object]


@dataclass(frozen=True, slots=True)
class Document:
    """A manifest as it was pushed, and what a registry reads in it."""

    raw: bytes
    digest: Digest
    media_type: str
    parts: tuple[str, ...]
    subject: str | None
    artifact_type: str | None
    annotations: Mapping[str, str]

    @classmethod
    def of(cls, raw: bytes, digest: Digest) -> "Document":
        read = json.loads(raw)
        is_image = read["mediaType"] == OCI_MANIFEST
        named = [read["config"], *read["layers"]] if is_image else read["manifests"]
        return cls(
            raw=raw,
            digest=digest,
            media_type=read["mediaType"],
            parts=tuple(part["digest"] for part in named),
            subject=read["subject"]["digest"] if "subject" in read else None,
            artifact_type=read.get("artifactType") or (read["config"]["mediaType"] if is_image else None),
            annotations=read.get("annotations", {}),
        )

    def as_referrer(self) -> Entry:
        entry: Entry = {"mediaType": self.media_type, "digest": str(self.digest), "size": len(self.raw)}
        if self.artifact_type:
            entry["artifactType"] = self.artifact_type
        if self.annotations:
            entry["annotations"] = dict(self.annotations)
        return entry

    @property
    def required(self) -> tuple[str, ...]:
        """Blobs that must be there first; an index may name what is not."""
        return self.parts if self.media_type == OCI_MANIFEST else ()


@dataclass(slots=True)
class Repository:
    """One repository; `known` from its first blob or manifest on."""

    known: bool = False
    blobs: dict[str, bytes] = field(default_factory=dict)
    documents: dict[str, Document] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)

    def hold(self, digest: Digest, data: bytes) -> None:
        self.known = True
        self.blobs[str(digest)] = data

    def put(self, document: Document, tags: tuple[str, ...]) -> None:
        self.known = True
        self.documents[str(document.digest)] = document
        self.tags |= dict.fromkeys(tags, str(document.digest))

    def remove(self, digest: str) -> None:
        del self.documents[digest]
        self.tags = {tag: target for tag, target in self.tags.items() if target != digest}

    def needs(self, digest: str) -> bool:
        return any(digest in document.parts for document in self.documents.values())

    def lacks(self, document: Document) -> bool:
        return any(part not in self.blobs for part in document.required)

    def referrers(self, subject: str, artifact_type: str | None = None) -> list[Entry]:
        return [
            document.as_referrer()
            for digest, document in sorted(self.documents.items())
            if document.subject == subject and artifact_type in {None, document.artifact_type}
        ]


def index_of(entries: Sequence[Entry], **members: object) -> bytes:
    return json.dumps({"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": list(entries), **members}).encode()


def image_of(layers: Sequence[Entry], **members: object) -> bytes:
    """The first of the layers is the configuration: to a registry they are alike."""
    parts = {"config": layers[0], "layers": list(layers[1:])}
    return json.dumps({"schemaVersion": 2, "mediaType": OCI_MANIFEST, **parts, **members}).encode()
