"""Layers made for a purpose: what stands in them is what a test says, and the configuration tells the truth of it."""

import io
import json
import tarfile
from collections.abc import Mapping

from wharf.oci.descriptor import Descriptor
from wharf.oci.digest import Digest
from wharf.oci.media_types import OCI_CONFIG, OCI_LAYER
from wharf.oci.strict_json import JsonValue
from wharf.testing.random_image import RandomImage, image_manifest

Entry = tuple[tarfile.TarInfo, bytes]


def file(name: str, content: bytes = b"", mode: int = 0o644) -> Entry:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = len(content), mode
    return entry, content


def special(name: str, kind: bytes, target: str = "") -> Entry:
    entry = tarfile.TarInfo(name)
    entry.type, entry.linkname = kind, target
    return entry, b""


def folder(name: str) -> Entry:
    return special(name, tarfile.DIRTYPE)


def tar_of(*entries: Entry) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for entry, content in entries:
            tar.addfile(entry, io.BytesIO(content))
    return buffer.getvalue()


def image_of(*tars: bytes, changes: Mapping[str, JsonValue] | None = None) -> RandomImage:
    """`changes` to the configuration, with which it may lie."""
    config: dict[str, JsonValue] = {
        "os": "linux",
        "architecture": "amd64",
        "rootfs": {"type": "layers", "diff_ids": [str(Digest.of(tar)) for tar in tars]},
        "history": [{"created_by": f"step {number}"} for number in range(len(tars))],
        **(changes or {}),
    }
    raw = json.dumps(config).encode()
    layers = [described(tar, OCI_LAYER) for tar in tars]
    blobs = {each.digest: tar for each, tar in zip(layers, tars, strict=True)} | {Digest.of(raw): raw}
    return RandomImage(image_manifest(described(raw, OCI_CONFIG), layers), blobs)


def described(content: bytes, media_type: str) -> Descriptor:
    return Descriptor(media_type, Digest.of(content), len(content))
