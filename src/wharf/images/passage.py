"""A passage: from where to where images travel, so many blobs at once, and who looks on."""

from typing import NamedTuple

from wharf.images.packed_layers import PackedLayers
from wharf.images.progress import Progress
from wharf.images.sink import ImageSink, Origin
from wharf.images.source import ImageSource


class Passage(NamedTuple):
    source: ImageSource
    sink: ImageSink
    progress: Progress
    origin: Origin | None
    jobs: int
    memory: PackedLayers
