"""A push from beginning to end: an image is made from nothing and brought into a registry, with HTTP and little else.

    python -m examples.push_sample http://127.0.0.1:5000/sample/greeter:latest

A registry with accounts is shown `admin` and the password in WHARF_ADMIN_PASSWORD, where there is one.

The image is for two processors, so it is an index of two manifests, each with a configuration and one layer. What is
there already is not sent again, so pushing it twice changes nothing.
"""

import base64
import http.client
import io
import json
import os
import sys
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from examples.greeter import ARCHITECTURES, greeter
from wharf.oci.descriptor import Descriptor
from wharf.oci.digest import Digest
from wharf.oci.media_types import OCI_CONFIG, OCI_INDEX, OCI_LAYER, OCI_MANIFEST
from wharf.oci.platform import Platform

LINE = b"This image came from a wharf.\n"
PATIENCE_SECONDS = 30


class PushFailed(RuntimeError):
    """The registry answered otherwise than a push needs; the message holds what it said."""


@dataclass(frozen=True, slots=True)
class Repository:
    """One repository of one registry, over one connection."""

    connection: http.client.HTTPConnection
    name: str
    authorization: str = field(default="", repr=False)

    def push_blob(self, content: bytes, media_type: str) -> Descriptor:
        """Ask whether it is there; if not, begin an upload and finish it where the registry says."""
        digest = Digest.of(content)
        if self._ask("HEAD", f"/v2/{self.name}/blobs/{digest}")[0] != 200:
            _, headers = self._send("POST", f"/v2/{self.name}/blobs/uploads/", 202)
            place = headers["Location"]
            self._send("PUT", f"{place}{'&' if '?' in place else '?'}digest={digest}", 201, content)
        return Descriptor(media_type, digest, len(content))

    def push_manifest(self, document: Mapping[str, object], tag: str = "") -> Descriptor:
        """A manifest without a tag is pushed under its digest."""
        content = _encoded(document)
        digest, media_type = Digest.of(content), str(document["mediaType"])
        self._send("PUT", f"/v2/{self.name}/manifests/{tag or digest}", 201, content, media_type)
        return Descriptor(media_type, digest, len(content))

    def _send(
        self, method: str, path: str, expected: int, body: bytes = b"", media_type: str = "application/octet-stream"
    ) -> tuple[int, http.client.HTTPMessage]:
        status, headers, said = self._ask(method, path, body, media_type)
        if status != expected:
            raise PushFailed(f"{method} {path} was answered with {status}: {said.decode(errors='replace')}")
        return status, headers

    def _ask(
        self, method: str, path: str, body: bytes = b"", media_type: str = "application/octet-stream"
    ) -> tuple[int, http.client.HTTPMessage, bytes]:
        shown = {"Authorization": self.authorization} if self.authorization else {}
        self.connection.request(method, path, body or None, {"Content-Type": media_type, **shown})
        answer = self.connection.getresponse()
        return answer.status, answer.headers, answer.read()


def push_image(repository: Repository, tag: str) -> Descriptor:
    """What an index names must be there before it: blobs first, then the manifests, then the index."""
    children = [_push_for(repository, Platform("linux", architecture)) for architecture in ARCHITECTURES]
    return repository.push_manifest({"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": children}, tag)


def _push_for(repository: Repository, platform: Platform) -> dict[str, object]:
    layer = repository.push_blob(_tar("greeter", greeter(platform.architecture, LINE)), OCI_LAYER)
    described: dict[str, object] = {
        **platform.to_json(),
        "config": {"Entrypoint": ["/greeter"]},
        "rootfs": {"type": "layers", "diff_ids": [str(layer.digest)]},
    }
    config = repository.push_blob(_encoded(described), OCI_CONFIG)
    manifest = {
        "schemaVersion": 2,
        "mediaType": OCI_MANIFEST,
        "config": config.to_json(),
        "layers": [layer.to_json()],
    }
    return {**repository.push_manifest(manifest).to_json(), "platform": platform.to_json()}


def _tar(name: str, content: bytes) -> bytes:
    """One program, not compressed; nothing of this machine goes in, so that the digest is the same everywhere."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode = len(content), 0o755
        archive.addfile(entry, io.BytesIO(content))
    return packed.getvalue()


def _encoded(document: Mapping[str, object]) -> bytes:
    return json.dumps(document, separators=(",", ":")).encode()


def authorization_of(password: str) -> str:
    """Name and password as HTTP shows them; nothing without a password."""
    return f"Basic {base64.b64encode(f'admin:{password}'.encode()).decode()}" if password else ""


def main(target: str, password: str = "") -> None:
    address = urlsplit(target)
    name, _, tag = address.path.strip("/").rpartition(":")
    connection = http.client.HTTPConnection(address.netloc, timeout=PATIENCE_SECONDS)
    try:
        pushed = push_image(Repository(connection, name, authorization_of(password)), tag)
    finally:
        connection.close()
    print(f"pushed {address.netloc}/{name}:{tag}@{pushed.digest}")


if __name__ == "__main__":
    main(sys.argv[1], os.environ.get("WHARF_ADMIN_PASSWORD", ""))
