"""The files that git keeps of a repository, as its index lists them: also such as are ignored, and were added anyway.

Only names are read. An index that is not understood lists nothing: then the ignore files alone decide.
"""

from collections.abc import Iterator
from typing import Final

_MAGIC: Final = b"DIRC"
_HEAD: Final = 12
_FIXED: Final = 62
"""Bytes of an entry before its name, where the digests are SHA-1."""
_EXTENDED: Final = 0x4000
_MOST: Final = 500_000


def tracked_in(index: bytes) -> frozenset[str]:
    version, count = int.from_bytes(index[4:8]), int.from_bytes(index[8:_HEAD])
    if not index.startswith(_MAGIC) or version not in {2, 3, 4} or count > _MOST:
        return frozenset()
    names = list(_names(index, version, count))
    return frozenset(name.decode("utf-8", "replace") for name in names) if len(names) == count else frozenset()


def _names(index: bytes, version: int, count: int) -> Iterator[bytes]:
    at, name = _HEAD, b""
    for _ in range(count):
        start = at
        flags = int.from_bytes(index[at + _FIXED - 2 : at + _FIXED])
        at += _FIXED + (2 if flags & _EXTENDED else 0)
        kept = len(name)
        if version == 4:
            dropped, at = _varied(index, at)
            kept -= dropped
        end = index.find(b"\0", at)
        if end < 0 or kept < 0:
            return
        name = (name[:kept] if version == 4 else b"") + index[at:end]
        at = end + 1 if version == 4 else start + (end - start + 8) // 8 * 8
        yield name


def _varied(index: bytes, at: int) -> tuple[int, int]:
    """A number of seven bits to the byte, in which each further byte counts one more."""
    value = 0
    for at_byte in range(at, min(at + 5, len(index))):
        byte = index[at_byte]
        value = (value << 7) + (byte & 0x7F)
        if not byte & 0x80:
            return value, at_byte + 1
        value += 1
    return value, len(index)
