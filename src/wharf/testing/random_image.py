"""Images that a seed makes: whole, valid, small, and the same bytes for the same seed.

The layers are real tar files with folders, links, owners and a deletion; the configuration tells the truth about them.
"""

import gzip
import io
import json
import random
import tarfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from wharf.images.compress import Compression
from wharf.images.sink import Cargo, ImageSink
from wharf.oci import media_types
from wharf.oci.descriptor import Descriptor
from wharf.oci.digest import Algorithm, Digest
from wharf.oci.manifest import ImageIndex, ImageManifest, Manifest, parse_manifest
from wharf.oci.platform import Platform
from wharf.oci.reference import Tag
from wharf.oci.strict_json import JsonValue

LINUX_AMD64 = Platform("linux", "amd64")
LINUX_ARM64 = Platform("linux", "arm64", "v8")
CREATED = "2024-02-29T12:00:00Z"
_MODIFIED = 1_700_000_000


@dataclass(frozen=True, slots=True)
class Dialect:
    """The media types of one family."""

    manifest: str
    index: str
    config: str
    layers: Mapping[Compression, str] = field(hash=False)


OCI = Dialect(
    media_types.OCI_MANIFEST,
    media_types.OCI_INDEX,
    media_types.OCI_CONFIG,
    MappingProxyType(
        {
            Compression.NONE: media_types.OCI_LAYER,
            Compression.GZIP: media_types.OCI_LAYER_GZIP,
            Compression.ZSTD: media_types.OCI_LAYER_ZSTD,
        }
    ),
)
DOCKER = Dialect(
    media_types.DOCKER_MANIFEST,
    media_types.DOCKER_MANIFEST_LIST,
    media_types.DOCKER_CONFIG,
    MappingProxyType(
        {
            Compression.NONE: media_types.DOCKER_LAYER,
            Compression.GZIP: media_types.DOCKER_LAYER_GZIP,
            Compression.ZSTD: media_types.DOCKER_LAYER_ZSTD,
        }
    ),
)


@dataclass(frozen=True, slots=True)
class RandomImage:
    """A manifest or index with all that it names: `blobs` of this manifest alone, `children` with theirs."""

    manifest: Manifest
    blobs: Mapping[Digest, bytes] = field(repr=False, hash=False)
    children: tuple["RandomImage", ...] = ()
    platform: Platform | None = None
    algorithm: Algorithm = Algorithm.SHA256

    @property
    def digest(self) -> Digest:
        return self.manifest.digest(self.algorithm)

    @property
    def descriptor(self) -> Descriptor:
        raw = self.manifest.raw
        return Descriptor(self.manifest.media_type, self.digest, len(raw), platform=self.platform)

    @property
    def image(self) -> ImageManifest:
        """The manifest, where it is known to be that of one platform."""
        assert isinstance(self.manifest, ImageManifest)
        return self.manifest

    def walk(self) -> Iterator["RandomImage"]:
        """Children first, as they must be delivered; the image itself last."""
        for child in self.children:
            yield from child.walk()
        yield self

    def cargo(self, descriptor: Descriptor) -> Cargo:
        return cargo_of(descriptor, self.blobs[descriptor.digest])


def cargo_of(descriptor: Descriptor, content: bytes) -> Cargo:
    """Bytes in memory, for delivery; the descriptor may lie about them."""

    async def opened(offset: int) -> io.BytesIO:
        reader = io.BytesIO(content)
        reader.seek(offset)
        return reader

    return Cargo(descriptor, opened)


async def put_image(image: RandomImage, sink: ImageSink, *tags: Tag) -> None:
    """Deliver it in the right order, without closing the sink."""
    for part in image.walk():
        for descriptor in part.manifest.required_blobs:
            await sink.put_blob(part.cargo(descriptor), _nobody_counts)
        await sink.put_manifest(part.manifest, tags if part is image else ())


def random_image(
    seed: int,
    *,
    layers: int = 3,
    layer_size: int = 20_000,
    dialect: Dialect = OCI,
    compression: Compression = Compression.GZIP,
    platform: Platform = LINUX_AMD64,
    algorithm: Algorithm = Algorithm.SHA256,
    files: Mapping[str, bytes] = MappingProxyType({}),
) -> RandomImage:
    """An image for one platform. `files` are put into the first layer as they are."""
    source = random.Random(f"{seed} {platform}")  # noqa: S311 - it is to be foreseen
    tars = [_random_tar(source, number, layer_size, files if number == 0 else {}) for number in range(layers)]
    packed = [_packed(tar, compression) for tar in tars]
    layer_type = dialect.layers[compression]
    descriptors = [_descriptor_of(content, layer_type, algorithm) for content in packed]
    config = _config_of(source, tars, platform)
    config_descriptor = _descriptor_of(config, dialect.config, algorithm)
    blobs = {each.digest: content for each, content in zip(descriptors, packed, strict=True)}
    blobs[config_descriptor.digest] = config
    manifest = image_manifest(config_descriptor, descriptors, dialect)
    return RandomImage(manifest, MappingProxyType(blobs), platform=platform, algorithm=algorithm)


def random_index(
    seed: int,
    platforms: Sequence[Platform] = (LINUX_AMD64, LINUX_ARM64),
    *,
    layers: int = 2,
    dialect: Dialect = OCI,
    algorithm: Algorithm = Algorithm.SHA256,
) -> RandomImage:
    """An image for several platforms."""
    children = tuple(
        random_image(seed, layers=layers, dialect=dialect, platform=platform, algorithm=algorithm)
        for platform in platforms
    )
    return index_of(children, dialect)


def index_of(children: Sequence[RandomImage], dialect: Dialect = OCI) -> RandomImage:
    entries: list[JsonValue] = [child.descriptor.to_json() for child in children]
    raw = _json({"schemaVersion": 2, "mediaType": dialect.index, "manifests": entries})
    index = parse_manifest(raw, dialect.index)
    assert isinstance(index, ImageIndex)
    algorithm = children[0].algorithm if children else Algorithm.SHA256
    return RandomImage(index, MappingProxyType({}), tuple(children), algorithm=algorithm)


def random_referrer(
    subject: RandomImage, seed: int = 1, *, artifact_type: str = "application/vnd.example.words.v1"
) -> RandomImage:
    """A small artifact that says it is about the subject, as signatures do."""
    words = f"words about {subject.digest}, number {seed}".encode()
    layer = _descriptor_of(words, "text/plain", subject.algorithm)
    empty = _descriptor_of(b"{}", media_types.OCI_EMPTY, subject.algorithm)
    document: dict[str, JsonValue] = {
        "schemaVersion": 2,
        "mediaType": media_types.OCI_MANIFEST,
        "artifactType": artifact_type,
        "config": empty.to_json(),
        "layers": [layer.to_json()],
        "subject": subject.descriptor.to_json(),
        "annotations": {"org.example.number": str(seed)},
    }
    manifest = parse_manifest(_json(document), media_types.OCI_MANIFEST)
    blobs = {layer.digest: words, empty.digest: b"{}"}
    return RandomImage(manifest, MappingProxyType(blobs), algorithm=subject.algorithm)


def image_manifest(config: Descriptor, layers: Iterable[Descriptor], dialect: Dialect = OCI) -> ImageManifest:
    document: dict[str, JsonValue] = {
        "schemaVersion": 2,
        "mediaType": dialect.manifest,
        "config": config.to_json(),
        "layers": [layer.to_json() for layer in layers],
    }
    manifest = parse_manifest(_json(document), dialect.manifest)
    assert isinstance(manifest, ImageManifest)
    return manifest


# --- its parts -------------------------------------------------------------------------------------------------------


def _nobody_counts(size: int) -> None:
    pass


def _json(document: Mapping[str, JsonValue]) -> bytes:
    return json.dumps(document, separators=(",", ":")).encode()


def _descriptor_of(content: bytes, media_type: str, algorithm: Algorithm) -> Descriptor:
    return Descriptor(media_type, Digest.of(content, algorithm), len(content))


def _packed(tar: bytes, compression: Compression) -> bytes:
    match compression:
        case Compression.NONE:
            return tar
        case Compression.GZIP:
            return gzip.compress(tar, 6, mtime=0)
        case Compression.ZSTD:
            import zstandard  # noqa: PLC0415 - start-up time

            return zstandard.ZstdCompressor().compress(tar)


def _config_of(source: random.Random, tars: Sequence[bytes], platform: Platform) -> bytes:
    document: dict[str, JsonValue] = {
        "created": CREATED,
        **platform.to_json(),
        "config": {
            "Env": ["PATH=/usr/bin:/bin", f"NUMBER={source.randrange(10**6)}"],
            "Entrypoint": ["/bin/program"],
            "Cmd": ["--help"],
            "WorkingDir": "/srv",
            "User": "1000",
            "ExposedPorts": {"8080/tcp": {}},
            "Labels": {"org.opencontainers.image.title": "a random image"},
        },
        "rootfs": {"type": "layers", "diff_ids": [str(Digest.of(tar)) for tar in tars]},
        "history": [
            {"created": CREATED, "created_by": f"COPY layer {number} /", "comment": "made by a seed"}
            for number in range(len(tars))
        ],
    }
    return _json(document)


def _random_tar(source: random.Random, number: int, size: int, files: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for entry, content in _entries(source, number, size):
            tar.addfile(entry, io.BytesIO(content))
        for name, content in files.items():
            tar.addfile(_file(name, len(content)), io.BytesIO(content))
    return buffer.getvalue()


def _entries(source: random.Random, number: int, size: int) -> Iterator[tuple[tarfile.TarInfo, bytes]]:
    folder = f"srv/part{number}"
    yield _folder("srv"), b""
    yield _folder(folder), b""
    noise = source.randbytes(size // 2)
    text = b"".join(b"line %d\n" % source.randrange(1000) for _ in range(size // 16))
    yield _file(f"{folder}/noise", len(noise)), noise
    yield _file(f"{folder}/text of {number} – größe", len(text)), text
    yield _file("srv/changed", 1), str(number % 10).encode()
    yield _link(f"{folder}/symbolic", "text", tarfile.SYMTYPE), b""
    yield _link(f"{folder}/hard", f"{folder}/noise", tarfile.LNKTYPE), b""
    if number:
        yield _file(f"srv/part{number - 1}/.wh.noise", 0), b""


def _file(name: str, size: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode, entry.mtime, entry.uid, entry.gid = size, 0o644, _MODIFIED, 1000, 1000
    return entry


def _folder(name: str) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.type, entry.mode, entry.mtime = tarfile.DIRTYPE, 0o755, _MODIFIED
    return entry


def _link(name: str, target: str, kind: bytes) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.type, entry.linkname, entry.mode, entry.mtime = kind, target, 0o777, _MODIFIED
    return entry
