"""The folder of an OCI image layout: its files, opened with care, and its index, changed by one writer at a time."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Final

from wharf.errors import Malformed, MalformedArchive, TooLarge, Untrue
from wharf.images.disk import (
    FileReader,
    make_folders,
    open_regular,
    refuse_links,
    regular_size,
    remove_empty,
    sync_folder,
    write_whole,
)
from wharf.images.layout_index import LayoutIndex
from wharf.images.layout_view import DEEPEST, INDEX, MARK, VERSION, LayoutView, blob_name
from wharf.images.lock import alone_in
from wharf.images.verified import read_whole
from wharf.oci.descriptor import Descriptor
from wharf.oci.digest import Algorithm, Digest
from wharf.oci.manifest import Manifest

_ITS_OWN: Final = frozenset({MARK, INDEX, "blobs"})


class LayoutFolder:
    def __init__(self, path: Path) -> None:
        self.path = path
        self._made: list[Path] = []
        self.view = LayoutView(self, f"oci:{path}")

    def open(self, name: str) -> FileReader | None:
        self._refuse_links_on_the_way(name)
        return open_regular(self.path / name)

    def holds(self, digest: Digest, size: int) -> bool:
        """A blob of another size is none: it is written again."""
        name = blob_name(digest)
        self._refuse_links_on_the_way(name)
        return regular_size(self.path / name) == size

    def content_of(self, digest: Digest, size: int) -> bytes | None:
        reader = self.open(blob_name(digest)) if self.holds(digest, size) else None
        return None if reader is None else read_whole(reader, size, "blob")

    def prepare(self) -> None:
        """A place for blobs. A folder that holds other things is not made into a layout."""
        self._refuse_foreign()
        for algorithm in Algorithm:
            self._refuse_links_on_the_way(f"blobs/{algorithm}/")
        self._made += make_folders(self.path / "blobs" / Algorithm.SHA256)

    def place_of(self, digest: Digest) -> Path:
        path = self.path / blob_name(digest)
        self._made += make_folders(path.parent)
        return path

    def change_index(self, change: Callable[[LayoutIndex], LayoutIndex]) -> None:
        """Readers see the index before or after; other writers wait."""
        for algorithm in Algorithm:
            sync_folder(self.path / "blobs" / algorithm)
        with alone_in(self.path):
            before = self.view.index()
            if before is None:
                before = LayoutIndex.empty()
                mark = json.dumps({"imageLayoutVersion": VERSION}, separators=(",", ":"))
                write_whole(self.path / MARK, mark.encode())
            after = change(before)
            if after != before or not (self.path / INDEX).exists():
                write_whole(self.path / INDEX, after.to_bytes())

    def is_whole(self, manifest: Manifest, deepest: int = DEEPEST) -> bool:
        """Whether all of its blobs and children are here, with theirs, as far as sizes tell."""
        if not all(self.holds(blob.digest, blob.size) for blob in manifest.required_blobs):
            return False
        return all(self._is_whole_child(child, deepest) for child in set(manifest.children))

    def _is_whole_child(self, child: Descriptor, deepest: int) -> bool:
        if not deepest or not self.holds(child.digest, child.size):
            return False
        try:
            return self.is_whole(self.view.load(child), deepest - 1)
        except (Malformed, Untrue, TooLarge):
            return False

    def clear_away(self) -> None:
        """Take back the folders that were made for nothing."""
        remove_empty(self._made)

    def _refuse_links_on_the_way(self, name: str) -> None:
        folder = self.path
        for part in name.split("/")[:-1]:
            folder /= part
            refuse_links(folder)

    def _refuse_foreign(self) -> None:
        if not self.path.exists():
            return
        if not self.path.is_dir():
            raise MalformedArchive(str(self.path), "this is no folder", next_step="name a folder, or one to be made")
        names = {entry.name for entry in self.path.iterdir() if not entry.name.startswith(".wharf-")}
        if MARK not in names and names - _ITS_OWN:
            raise MalformedArchive(
                str(self.path),
                "this folder holds other things and no image layout",
                where=min(names - _ITS_OWN),
                next_step="name a layout, an empty folder, or one to be made",
            )
