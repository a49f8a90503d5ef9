"""What is pushed in the tests of durability: small images that name random blobs, each like no other."""

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from wharf.oci.digest import Digest
from wharf.oci.media_types import OCI_CONFIG, OCI_LAYER, OCI_MANIFEST

IMAGE_TYPE = OCI_MANIFEST


@dataclass(frozen=True, slots=True)
class Image:
    config: bytes
    layers: tuple[bytes, ...]
    raw: bytes
    """The manifest."""

    @property
    def digest(self) -> Digest:
        return Digest.of(self.raw)

    @property
    def blobs(self) -> tuple[bytes, ...]:
        return (self.config, *self.layers)


def image_of(*layers: bytes, config: bytes = b"") -> Image:
    config = config or json.dumps({"serial": secrets.token_hex(8)}).encode()
    return Image(config, layers, manifest_naming(config, layers))


def manifest_naming(config: bytes, layers: Sequence[bytes], serial: str = "") -> bytes:
    document = {
        "schemaVersion": 2,
        "mediaType": OCI_MANIFEST,
        "config": _descriptor(OCI_CONFIG, config),
        "layers": [_descriptor(OCI_LAYER, layer) for layer in layers],
        "annotations": {"serial": serial or secrets.token_hex(8)},
    }
    return json.dumps(document).encode()


def _descriptor(media_type: str, content: bytes) -> dict[str, object]:
    return {"mediaType": media_type, "digest": str(Digest.of(content)), "size": len(content)}
