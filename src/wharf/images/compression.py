"""How the bytes of a layer are compressed, as its media type says it and as its first bytes show it."""

from enum import Enum
from typing import Final

_GZIP_MAGIC: Final = b"\x1f\x8b"
_ZSTD_MAGIC: Final = b"\x28\xb5\x2f\xfd"
SKIPPABLE: Final = frozenset(bytes([kind, 0x2A, 0x4D, 0x18]) for kind in range(0x50, 0x60))
"""How frames of zstd begin that hold something else."""


class Compression(Enum):
    NONE = "none"
    GZIP = "gzip"
    ZSTD = "zstd"


class LayerForm(Enum):
    """How uncompressed layers are to lie in the sink. What is compressed already is never touched."""

    AS_USUAL = "as usual"
    KEEP = "keep"
    GZIP = "gzip"
    ZSTD = "zstd"

    def compression(self, *, is_usually_packed: bool) -> Compression:
        match self:
            case LayerForm.ZSTD:
                return Compression.ZSTD
            case LayerForm.GZIP:
                return Compression.GZIP
            case LayerForm.KEEP:
                return Compression.NONE
            case LayerForm.AS_USUAL:
                return Compression.GZIP if is_usually_packed else Compression.NONE


def announced(media_type: str) -> Compression | None:
    """`+gzip`, `.tar.gzip`, `+zstd`; None for a media type that says nothing of it."""
    kinds = (Compression.GZIP, Compression.ZSTD)
    return next((kind for kind in kinds if media_type.endswith((f"+{kind.value}", f".{kind.value}"))), None)


def sniffed(head: bytes) -> Compression:
    """From the first four bytes."""
    if head.startswith(_GZIP_MAGIC):
        return Compression.GZIP
    return Compression.ZSTD if head == _ZSTD_MAGIC or head in SKIPPABLE else Compression.NONE
