"""A registry that holds what a test puts on it, right or wrong: manifests by any name, blobs, and nothing checked.

Its answers can be given by a server of their own, or stand behind a door that wants tokens.
"""

import gzip
import hashlib
import io
import json
import tarfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from tests.client.raw_server import Talk
from wharf.oci.media_types import OCI_CONFIG, OCI_INDEX, OCI_LAYER_GZIP, OCI_MANIFEST

Reply = tuple[int, dict[str, str], bytes]
_JSON: Final = {"Content-Type": "application/json", "Docker-Distribution-Api-Version": "registry/2.0"}


class Document(NamedTuple):
    """A manifest as it is sent."""

    media_type: str
    body: bytes

    @property
    def digest(self) -> str:
        return digest_of(self.body)


class Entry(NamedTuple):
    """A file of a layer."""

    content: bytes
    mode: int = 0o755


@dataclass
class Shelf:
    """`only`: the media types that an Accept must name, else there is no such manifest."""

    manifests: dict[str, dict[str, Document]] = field(default_factory=dict)
    blobs: dict[str, bytes] = field(default_factory=dict)
    only: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    def put(self, repository: str, tag: str, document: Document) -> Document:
        held = self.manifests.setdefault(repository, {})
        held[document.digest] = document
        if tag:
            held[tag] = document
        return document

    def keep(self, content: bytes) -> str:
        self.blobs[digest_of(content)] = content
        return digest_of(content)

    def image(
        self,
        repository: str,
        tag: str,
        *,
        platform: str = "linux/amd64",
        files: Mapping[str, Entry] | None = None,
        entrypoint: Sequence[str] = (),
    ) -> Document:
        """Whole, for one platform; with no tag it is there by its digest alone."""
        layer = gzip.compress(_tar(files or {"words": Entry(b"words")}), mtime=0)
        system, architecture = platform.split("/")[:2]
        document = {"os": system, "architecture": architecture, "config": {"Entrypoint": list(entrypoint)}}
        config = json.dumps({**document, "rootfs": {"type": "layers", "diff_ids": []}}).encode()
        parts = {
            "config": _descriptor(OCI_CONFIG, config, self.keep(config)),
            "layers": [_descriptor(OCI_LAYER_GZIP, layer, self.keep(layer))],
        }
        return self.put(repository, tag, _document(OCI_MANIFEST, parts))

    def index(self, repository: str, tag: str, children: Sequence[tuple[str, Document]]) -> Document:
        """Of platforms; the platform `attestation` is a statement about another one."""
        entries = [_child(platform, child) for platform, child in children]
        return self.put(repository, tag, _document(OCI_INDEX, {"manifests": entries}))

    # --- what it answers -------------------------------------------------------------------------------------------

    def answer(self, method: str, target: str) -> Reply:
        """For a door that lets in whoever has a token."""
        path = urlsplit(target).path.removeprefix("/v2/")
        if not path:
            return 200, {**_JSON, **self.headers}, b"{}"
        if path == "_catalog":
            return 200, dict(_JSON), json.dumps({"repositories": list(self.manifests)}).encode()
        for part in ("/tags/list", "/manifests/", "/blobs/"):
            name, found, rest = path.partition(part)
            if found:
                return self._part(part, name, rest)
        return 404, dict(_JSON), b"{}"

    def _part(self, part: str, name: str, rest: str) -> Reply:
        if part == "/blobs/":
            content = self.blobs.get(rest)
            return (200, {}, content) if content is not None else _error("BLOB_UNKNOWN")
        held = self.manifests.get(name)
        if held is None:
            return _error("NAME_UNKNOWN")
        if part == "/tags/list":
            tags = [tag for tag in held if ":" not in tag]
            return 200, dict(_JSON), json.dumps({"name": name, "tags": tags}).encode()
        document = held.get(rest)
        if document is None:
            return _error("MANIFEST_UNKNOWN")
        return 200, {"Content-Type": document.media_type, "Docker-Content-Digest": document.digest}, document.body

    def behave(self, talk: Talk) -> None:
        """For a server of its own, which is open to all."""
        accept = talk.request.headers.get("accept", "")
        status, headers, body = self.answer(talk.request.method, talk.request.target)
        if self.only and "/manifests/" in talk.request.target and self.only not in accept:
            status, headers, body = _error("MANIFEST_UNKNOWN")
        talk.say(status, body, **{name.replace("-", "_"): value for name, value in headers.items()})


def digest_of(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def _error(code: str) -> Reply:
    return 404, dict(_JSON), json.dumps({"errors": [{"code": code, "message": "it is not known"}]}).encode()


def _document(media_type: str, parts: Mapping[str, object]) -> Document:
    return Document(media_type, json.dumps({"schemaVersion": 2, "mediaType": media_type, **parts}).encode())


def _descriptor(media_type: str, content: bytes, digest: str) -> dict[str, object]:
    return {"mediaType": media_type, "digest": digest, "size": len(content)}


def _child(platform: str, child: Document) -> dict[str, object]:
    entry = _descriptor(child.media_type, child.body, child.digest)
    if platform == "attestation":
        marks = {"vnd.docker.reference.type": "attestation-manifest"}
        return {**entry, "annotations": marks, "platform": {"os": "unknown", "architecture": "unknown"}}
    system, architecture, *variant = platform.split("/")
    return {
        **entry,
        "platform": {"os": system, "architecture": architecture, **({"variant": variant[0]} if variant else {})},
    }


def _tar(files: Mapping[str, Entry]) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        for name, entry in files.items():
            header = tarfile.TarInfo(name)
            header.size, header.mode = len(entry.content), entry.mode
            tar.addfile(header, io.BytesIO(entry.content))
    return packed.getvalue()
