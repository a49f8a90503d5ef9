"""What is pushed: bytes that no compressor shortens and no store has seen, with digests known before the clock starts.

Bodies of one size share a random beginning and differ in their last bytes, so that a new digest costs nothing.
"""

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PIECE = 1 << 20
TAIL = 32
CONFIG_TYPE = "application/vnd.oci.image.config.v1+json"
LAYER_TYPE = "application/vnd.oci.image.layer.v1.tar"
MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json"
INDEX_TYPE = "application/vnd.oci.image.index.v1+json"
LAYER_SIZE = 65_536


@dataclass(frozen=True, slots=True)
class Body:
    """A blob to be sent: a file, so many times, then a tail of its own."""

    file: Path
    times: int
    tail: bytes
    size: int
    digest: str


class BodyMaker:
    """Makes bodies of one size; hashes their common beginning once."""

    def __init__(self, folder: Path, size: int, times: int = 1) -> None:
        self.file = folder / f"random-{size}"
        self.times = times
        self._piece = (size - TAIL) // times
        self._beginning = hashlib.sha256()
        write_random(self.file, self._piece)
        for _ in range(times):
            self._take_in()

    def _take_in(self) -> None:
        with self.file.open("rb") as content:
            while piece := content.read(PIECE):
                self._beginning.update(piece)

    def body(self) -> Body:
        tail = os.urandom(TAIL)
        whole = self._beginning.copy()
        whole.update(tail)
        size = self._piece * self.times + TAIL
        return Body(self.file, self.times, tail, size, f"sha256:{whole.hexdigest()}")


def write_random(file: Path, size: int) -> None:
    with file.open("wb") as out:
        for start in range(0, size, PIECE):
            out.write(os.urandom(min(PIECE, size - start)))
        out.flush()
        os.fsync(out.fileno())


def write_out(body: Body, file: Path) -> Path:
    """A body as one file, for clients that send files; a file of the same beginning only gets its new tail."""
    beginning = body.size - TAIL
    if not file.exists():
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(body.file.read_bytes() * body.times)
    with file.open("r+b") as out:
        out.seek(beginning)
        out.write(body.tail)
        out.flush()
        os.fsync(out.fileno())
    return file


@dataclass(frozen=True, slots=True)
class SmallImage:
    """An image of one small layer, with everything a pusher has to say about it."""

    config: bytes
    config_digest: str
    beginning: bytes
    tail: bytes
    layer_digest: str
    manifest: bytes
    tag: str

    @property
    def layer(self) -> bytes:
        """Joined when it is sent: thousands of images share one beginning in memory."""
        return self.beginning + self.tail


def small_images(count: int) -> Iterator[SmallImage]:
    beginning = os.urandom(LAYER_SIZE - TAIL)
    hashed = hashlib.sha256(beginning)
    for number in range(count):
        tail = os.urandom(TAIL)
        whole = hashed.copy()
        whole.update(tail)
        yield small_image(beginning, tail, f"sha256:{whole.hexdigest()}", f"t{number:06}-{tail[:4].hex()}")


def small_image(beginning: bytes, tail: bytes, layer_digest: str, tag: str) -> SmallImage:
    config = encoded(
        {"architecture": "amd64", "os": "linux", "rootfs": {"type": "layers", "diff_ids": [layer_digest]}, "config": {}}
    )
    manifest = encoded(
        {
            "schemaVersion": 2,
            "mediaType": MANIFEST_TYPE,
            "config": described(CONFIG_TYPE, digest_of(config), len(config)),
            "layers": [described(LAYER_TYPE, layer_digest, len(beginning) + len(tail))],
        }
    )
    return SmallImage(config, digest_of(config), beginning, tail, layer_digest, manifest, tag)


def empty_index(mark: str) -> bytes:
    """A manifest that needs no blob, so that a tag costs one request."""
    return encoded({"schemaVersion": 2, "mediaType": INDEX_TYPE, "manifests": [], "annotations": {"mark": mark}})


def described(media_type: str, digest: str, size: int) -> dict[str, Any]:
    return {"mediaType": media_type, "digest": digest, "size": size}


def digest_of(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def encoded(value: dict[str, Any]) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()
