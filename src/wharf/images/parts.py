"""The parts of an image: all manifests that its name leads to, what they need, and the order in which they are put.

No manifest leads to itself, since it would have to hold its own digest. But a hostile one can lead far and wide, so
depth, number and bytes have bounds.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from wharf.errors import ImageBroken, ImageNotThere, ManifestUnknown, SizeMismatch, TooLarge, TooMany
from wharf.images.choose import DEEPEST_INDEX, MOST_MANIFESTS
from wharf.images.source import ImageSource
from wharf.images.together import together
from wharf.oci.descriptor import Descriptor
from wharf.oci.digest import Digest
from wharf.oci.manifest import ImageManifest, Manifest
from wharf.oci.media_types import is_nondistributable

MOST_BYTES: Final = 64 * 1024 * 1024
AT_ONCE: Final = 8


@dataclass(frozen=True, slots=True)
class Parts:
    """`manifests`: those that were read, the root among them; `present`: children that the sink has, with all below;
    `missing`: children that the source itself lacks."""

    root: Digest
    manifests: Mapping[Digest, Manifest] = field(repr=False)
    present: frozenset[Digest] = frozenset()
    missing: frozenset[Digest] = frozenset()

    @property
    def top(self) -> Manifest:
        return self.manifests[self.root]

    def in_order(self) -> list[list[Digest]]:
        """Steps that follow one another: what is in a step names only what is in those before it."""
        heights: dict[Digest, int] = {}
        self._measure(self.root, heights)
        steps: list[list[Digest]] = [[] for _ in range(max(heights.values()) + 1)]
        for digest, height in heights.items():
            steps[height].append(digest)
        return steps

    def blobs(self) -> tuple[Descriptor, ...]:
        """What the manifests need, each blob once."""
        return unique_blobs(blob for manifest in self.manifests.values() for blob in manifest.required_blobs)

    def from_elsewhere(self) -> tuple[Descriptor, ...]:
        """Layers whose licence keeps them out of registries; clients fetch them from the addresses they carry."""
        return tuple(
            layer
            for manifest in self.manifests.values()
            if isinstance(manifest, ImageManifest)
            for layer in manifest.layers
            if is_nondistributable(layer.media_type)
        )

    def _measure(self, digest: Digest, heights: dict[Digest, int]) -> int:
        """As deep as the walk was, which had a bound."""
        if digest not in heights:
            below = (child.digest for child in self.manifests[digest].children if child.digest in self.manifests)
            heights[digest] = max((self._measure(child, heights) + 1 for child in below), default=0)
        return heights[digest]


def unique_blobs(blobs: Iterable[Descriptor]) -> tuple[Descriptor, ...]:
    found: dict[Digest, Descriptor] = {}
    for blob in blobs:
        first = found.setdefault(blob.digest, blob)
        if first.size != blob.size:
            flaw = f"the blob {blob.digest} has {first.size} bytes in one place and {blob.size} in another"
            raise ImageBroken("the image", [flaw])
    return tuple(found.values())


async def read_parts(
    source: ImageSource, root: Manifest, digest: Digest, is_settled: Callable[[Descriptor], Awaitable[bool]]
) -> Parts:
    """Read what the root leads to, level by level, but not what `is_settled` says is where it shall be."""
    manifests: dict[Digest, Manifest] = {digest: root}
    settled: set[Digest] = set()
    missing: set[Digest] = set()
    level = _unseen(root.children, manifests)
    depth = 0
    while level:
        depth += 1
        _refuse_excess(depth, len(manifests) + len(level))
        open_ones = await _not_settled(level, is_settled)
        _refuse_bulk(sum(len(each.raw) for each in manifests.values()) + sum(entry.size for entry in open_ones))
        settled.update(entry.digest for entry in level if entry not in open_ones)
        found = await together((partial(_read, source, entry) for entry in open_ones), AT_ONCE)
        read = {entry.digest: each for entry, each in zip(open_ones, found, strict=True) if each is not None}
        missing.update(entry.digest for entry in open_ones if entry.digest not in read)
        manifests |= read
        children = (child for manifest in read.values() for child in manifest.children)
        level = [entry for entry in _unseen(children, manifests) if entry.digest not in settled | missing]
    return Parts(digest, manifests, frozenset(settled), frozenset(missing))


def _unseen(entries: Iterable[Descriptor], seen: Mapping[Digest, Manifest]) -> list[Descriptor]:
    return list({entry.digest: entry for entry in entries if entry.digest not in seen}.values())


async def _not_settled(
    entries: list[Descriptor], is_settled: Callable[[Descriptor], Awaitable[bool]]
) -> list[Descriptor]:
    answers = await together((partial(is_settled, entry) for entry in entries), AT_ONCE)
    return [entry for entry, answer in zip(entries, answers, strict=True) if not answer]


async def _read(source: ImageSource, entry: Descriptor) -> Manifest | None:
    try:
        manifest = await source.manifest(entry.digest)
    except (ManifestUnknown, ImageNotThere):
        return None
    if len(manifest.raw) != entry.size:
        raise SizeMismatch(entry.size, len(manifest.raw)).seen_at(f"while reading the manifest {entry.digest}")
    return manifest


def _refuse_excess(depth: int, count: int) -> None:
    if depth > DEEPEST_INDEX:
        raise TooMany("indexes within one another", DEEPEST_INDEX)
    if count > MOST_MANIFESTS:
        raise TooMany("manifests in one image", MOST_MANIFESTS)


def _refuse_bulk(size: int) -> None:
    """Judged by what is announced, before any of it is read into memory."""
    if size > MOST_BYTES:
        raise TooLarge("manifests of one image together", MOST_BYTES)
