"""Things to ship in tests: blobs with readers that can be opened anywhere, and small true images."""

import io
import json
import secrets
from collections.abc import Sequence

from wharf.images.reading import BlobReader
from wharf.images.sink import Cargo, Origin
from wharf.oci.descriptor import Descriptor
from wharf.oci.digest import Digest
from wharf.oci.manifest import Manifest, parse_manifest
from wharf.oci.media_types import OCI_CONFIG, OCI_INDEX, OCI_LAYER_GZIP, OCI_MANIFEST


def unwatched(_count: int) -> None:
    pass


def cargo_of(content: bytes, descriptor: Descriptor | None = None, origin: Origin | None = None) -> Cargo:
    """What `content` is, or what the descriptor pretends that it is."""

    async def opened(offset: int) -> BlobReader:
        reader = io.BytesIO(content)
        reader.seek(offset)
        return reader

    return Cargo(descriptor or described(content), opened, origin)


def described(content: bytes, media_type: str = OCI_LAYER_GZIP) -> Descriptor:
    return Descriptor(media_type, Digest.of(content), len(content))


def config() -> bytes:
    return json.dumps({"architecture": "amd64", "os": "linux", "author": secrets.token_hex(8)}).encode()


def image(config: bytes, layers: Sequence[bytes], **more: object) -> Manifest:
    document = {
        "schemaVersion": 2,
        "mediaType": OCI_MANIFEST,
        "config": described(config, OCI_CONFIG).to_json(),
        "layers": [described(layer).to_json() for layer in layers],
        **more,
    }
    return parse_manifest(json.dumps(document).encode(), OCI_MANIFEST)


def index(children: Sequence[Manifest]) -> Manifest:
    entries = [Descriptor(each.media_type, each.digest(), len(each.raw)).to_json() for each in children]
    return parse_manifest(
        json.dumps({"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": entries}).encode(), OCI_INDEX
    )


def read(reader: BlobReader) -> bytes:
    """All of it, and the reader closed. It blocks: in a worker thread where an event loop runs."""
    found, buffer = bytearray(), memoryview(bytearray(100_000))
    try:
        while count := reader.readinto(buffer) or 0:
            found += buffer[:count]
    finally:
        reader.close()
    return bytes(found)
