"""An image of several layers as a layout on disk, for tools that carry images from place to place."""

import gzip
import hashlib
import io
import json
import os
import tarfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.payloads import CONFIG_TYPE, LAYER_TYPE, MANIFEST_TYPE, described, digest_of, encoded

GZIPPED_LAYER_TYPE = f"{LAYER_TYPE}+gzip"
TAG = "v1"
FOLDERS = ("/usr/lib", "/usr/share", "/usr/bin")


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer as it is stored, and the digest of the tar in it."""

    content: bytes
    media_type: str
    diff_id: str


def random_layers(count: int, size: int) -> Iterator[Layer]:
    """Gzipped, and nothing that gzip could shorten: what travels is what is stored."""
    for number in range(count):
        tar = tar_of(f"layer-{number}", os.urandom(size))
        yield Layer(gzip.compress(tar, 0), GZIPPED_LAYER_TYPE, digest_of(tar))


def layer_of_files(size: int) -> Layer:
    """Uncompressed, and as compressible as programs and their texts are: files of this machine."""
    tar = tar_of("files", bytes(machine_files(size)))
    return Layer(tar, LAYER_TYPE, digest_of(tar))


def machine_files(size: int) -> bytearray:
    gathered = bytearray()
    while len(gathered) < size:
        before = len(gathered)
        for path in files_below(FOLDERS):
            gathered += path.read_bytes()[: size - len(gathered)]
            if len(gathered) >= size:
                break
        assert len(gathered) > before, "there are no files on this machine"
    return gathered


def files_below(folders: Sequence[str]) -> Iterator[Path]:
    for folder in folders:
        for path in sorted(Path(folder).rglob("*")):
            if path.is_file() and not path.is_symlink():
                yield path


def tar_of(name: str, content: bytes) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        entry = tarfile.TarInfo(name)
        entry.size = len(content)
        archive.addfile(entry, io.BytesIO(content))
    return buffer.getvalue()


def write_layout(folder: Path, layers: Iterator[Layer]) -> None:
    """One image, under one tag."""
    blobs = folder / "blobs" / "sha256"
    blobs.mkdir(parents=True)
    written, diff_ids = [], []
    for layer in layers:
        written.append(described(layer.media_type, put(blobs, layer.content), len(layer.content)))
        diff_ids.append(layer.diff_id)
    rootfs = {"type": "layers", "diff_ids": diff_ids}
    config = encoded({"architecture": "amd64", "os": "linux", "config": {}, "rootfs": rootfs})
    manifest = encoded(
        {
            "schemaVersion": 2,
            "mediaType": MANIFEST_TYPE,
            "config": described(CONFIG_TYPE, put(blobs, config), len(config)),
            "layers": written,
        }
    )
    entry = described(MANIFEST_TYPE, put(blobs, manifest), len(manifest))
    entry["annotations"] = {"org.opencontainers.image.ref.name": TAG}
    (folder / "index.json").write_text(json.dumps({"schemaVersion": 2, "manifests": [entry]}))
    (folder / "oci-layout").write_text('{"imageLayoutVersion": "1.0.0"}')


def put(blobs: Path, content: bytes) -> str:
    encoded_digest = hashlib.sha256(content).hexdigest()
    (blobs / encoded_digest).write_bytes(content)
    return f"sha256:{encoded_digest}"
