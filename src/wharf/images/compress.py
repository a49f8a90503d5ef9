"""Layers in the forms in which they travel: plain, gzip, zstd."""

from enum import Enum


class Compression(Enum):
    NONE = "none"
    GZIP = "gzip"
    ZSTD = "zstd"
