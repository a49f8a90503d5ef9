"""Images made out of nothing: OCI layout folders that clients can copy from, the same bytes for the same content."""

import gzip
import hashlib
import io
import json
import random
import tarfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.clients.registry_view import (
    OCI_CONFIG,
    OCI_IMAGE,
    OCI_INDEX,
    OCI_LAYER,
    OCI_LAYER_GZIP,
    DescriptorDocument,
    digest_of,
)

# A shell, a cat and a sha256sum without a single library: what an image from nothing needs to be able to run.
BUSYBOX = Path("/bin/busybox")
STORY = "etc/story"
BIG = "var/big"

Files = Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer as it travels, and the digest of the tar inside."""

    descriptor: DescriptorDocument
    diff_id: str


class Layout:
    """One OCI layout folder with one entry, as skopeo names it: `oci:FOLDER`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.blobs = folder / "blobs" / "sha256"
        self.blobs.mkdir(parents=True)
        (folder / "oci-layout").write_text('{"imageLayoutVersion":"1.0.0"}')

    def __str__(self) -> str:
        return f"oci:{self.folder}"

    def add(self, content: bytes, media_type: str) -> DescriptorDocument:
        digest = digest_of(content)
        (self.blobs / digest.removeprefix("sha256:")).write_bytes(content)
        return {"mediaType": media_type, "digest": digest, "size": len(content)}

    def add_json(self, document: Mapping[str, object], media_type: str) -> DescriptorDocument:
        return self.add(json.dumps(document).encode(), media_type)

    def gzipped_layer(self, files: Files) -> Layer:
        tar = tar_of(files)
        return Layer(self.add(gzip.compress(tar, 1, mtime=0), OCI_LAYER_GZIP), digest_of(tar))

    def plain_layer(self, files: Files) -> Layer:
        tar = tar_of(files)
        return Layer(self.add(tar, OCI_LAYER), digest_of(tar))

    def stored_layer(self, size: int) -> Layer:
        """A gzip layer of about this size that does not shrink: one file of noise, deflated at level 0."""
        tar_hash, gzip_hash, length = hashlib.sha256(), hashlib.sha256(), 0
        unnamed = self.blobs / "unnamed"
        with unnamed.open("wb") as target:
            for packed in _deflated(noise_tar(size), tar_hash.update):
                gzip_hash.update(packed)
                length += target.write(packed)
        unnamed.rename(self.blobs / gzip_hash.hexdigest())
        digest = f"sha256:{gzip_hash.hexdigest()}"
        descriptor: DescriptorDocument = {"mediaType": OCI_LAYER_GZIP, "digest": digest, "size": length}
        return Layer(descriptor, f"sha256:{tar_hash.hexdigest()}")

    def image(self, layers: Sequence[Layer], architecture: str = "amd64") -> DescriptorDocument:
        config = {
            "architecture": architecture,
            "os": "linux",
            "config": {"Entrypoint": ["/bin/busybox"], "Cmd": ["cat", f"/{STORY}"]},
            "rootfs": {"type": "layers", "diff_ids": [layer.diff_id for layer in layers]},
        }
        manifest = {
            "schemaVersion": 2,
            "mediaType": OCI_IMAGE,
            "config": self.add_json(config, OCI_CONFIG),
            "layers": [layer.descriptor for layer in layers],
        }
        descriptor = self.add_json(manifest, OCI_IMAGE)
        descriptor["platform"] = {"os": "linux", "architecture": architecture}
        return descriptor

    def index(self, children: Sequence[DescriptorDocument]) -> DescriptorDocument:
        return self.add_json({"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": list(children)}, OCI_INDEX)

    def publish(self, entry: DescriptorDocument) -> str:
        """Make this the layout's one entry, and return its digest."""
        (self.folder / "index.json").write_text(json.dumps({"schemaVersion": 2, "manifests": [entry]}))
        return entry["digest"]


def image_files(story: str) -> dict[str, bytes]:
    """What the small test image holds: a program, and the words by which a test knows it again."""
    return {"bin/busybox": BUSYBOX.read_bytes(), STORY: story.encode()}


def small_image(folder: Path, story: str) -> Layout:
    """A layout with one image for this machine's own architecture."""
    layout = Layout(folder)
    layout.publish(layout.image([layout.gzipped_layer(image_files(story))]))
    return layout


def many_platforms(folder: Path, story: str, architectures: Sequence[str]) -> Layout:
    """A layout with an index; each architecture's story ends with its name."""
    layout = Layout(folder)
    children = [
        layout.image([layout.gzipped_layer(image_files(f"{story} {architecture}"))], architecture)
        for architecture in architectures
    ]
    layout.publish(layout.index(children))
    return layout


def build_context(folder: Path, story: str) -> Path:
    """A folder with a Dockerfile that gives the small test image."""
    for name, content in image_files(story).items():
        (folder / Path(name).name).write_bytes(content)
    (folder / "busybox").chmod(0o755)
    (folder / "Dockerfile").write_text(
        "FROM scratch\n"
        "COPY busybox /bin/busybox\n"
        f"COPY story /{STORY}\n"
        'ENTRYPOINT ["/bin/busybox"]\n'
        f'CMD ["cat", "/{STORY}"]\n'
    )
    return folder


def tar_of(files: Files) -> bytes:
    """A tar with nothing of today in it: no owner, no time."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.GNU_FORMAT) as tar:
        for name, content in files.items():
            tar.addfile(_entry(name, len(content)), io.BytesIO(content))
    return buffer.getvalue()


def noise_tar(size: int) -> Iterator[bytes]:
    """The pieces of a tar with one file of noise."""
    yield _entry(BIG, size).tobuf(tarfile.GNU_FORMAT)
    yield from noise(size)
    yield bytes(-size % tarfile.BLOCKSIZE + 2 * tarfile.BLOCKSIZE)


def _deflated(pieces: Iterable[bytes], see: Callable[[bytes], None]) -> Iterator[bytes]:
    pack = zlib.compressobj(0, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    for piece in pieces:
        see(piece)
        yield pack.compress(piece)
    yield pack.flush()


def noise(size: int) -> Iterator[bytes]:
    """Bytes that no compression makes fewer, the same at every run."""
    source = random.Random(1)
    for start in range(0, size, 1 << 20):
        yield source.randbytes(min(1 << 20, size - start))


def _entry(name: str, size: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size = size
    entry.mode = 0o755
    return entry
