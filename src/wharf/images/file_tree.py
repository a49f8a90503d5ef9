"""The file system that layers make when they are laid upon one another."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, Self

from wharf.images.layer_files import Kind, LayerFile, normal_path

_WHITEOUT: Final = ".wh."
_OPAQUE: Final = ".wh..wh..opq"
_INTERNAL: Final = ".wh..wh."


@dataclass(slots=True)
class _Node:
    """A file, or a folder with what lies in it. `layer`: which one put it there last."""

    file: LayerFile | None = None
    layer: int = -1
    inside: dict[str, "_Node"] = field(default_factory=lambda: _NOTHING_INSIDE)

    def enter(self, name: str, layer: int = -1) -> "_Node":
        """What is called so in it, made if it is not there."""
        node = self.inside.get(name)
        if node is None:
            if self.inside is _NOTHING_INSIDE:
                self.inside = {}
            node = self.inside[name] = _Node(layer=layer)
        return node


_NOTHING_INSIDE: Final[dict[str, _Node]] = {}
"""One for all files, which are many; it stays empty."""


class FileTree:
    """Layers are laid with `lay`, from the lowest to the highest."""

    def __init__(self, root: _Node | None = None, layers: int = 0) -> None:
        self._root = root or _Node()
        self._layers = layers

    def lay(self, files: Iterable[LayerFile]) -> None:
        """A deletion takes away what lower layers put there, wherever in its own layer it stands."""
        self._layers += 1
        for file in files:
            folder, _, name = file.path.rpartition("/")
            if name == _OPAQUE:
                self._empty(folder)
            elif any(part.startswith(_INTERNAL) for part in file.path.split("/")):
                continue
            elif name.startswith(_WHITEOUT):
                self._remove(folder, name.removeprefix(_WHITEOUT))
            elif file.path:
                self._put(file)

    def files(self) -> Iterator[tuple[str, LayerFile]]:
        """With their paths, sorted as folders list them; a hard link is the file it leads to."""
        return self._walk(self._root, "")

    def beside(self, other: "FileTree") -> Iterator[tuple[str, LayerFile | None, LayerFile | None]]:
        """Each path that is in one of the two, and what is there in this one and in the other."""
        return _pairs(self._root, other._root, "")  # noqa: SLF001 - two of one kind

    def copied(self) -> Self:
        """Another tree, which can be built on by itself."""
        return type(self)(_copied(self._root), self._layers)

    # --- how it changes ----------------------------------------------------------------------------------------------

    def _put(self, file: LayerFile) -> None:
        *folders, name = file.path.split("/")
        node = self._root
        for folder in folders:
            node = node.enter(folder, self._layers)
        standing = node.enter(name)
        if file.kind is not Kind.FOLDER:
            standing.inside = _NOTHING_INSIDE
        standing.file, standing.layer = self._linked(file), self._layers

    def _linked(self, file: LayerFile) -> LayerFile:
        """A hard link has the content of its target; where that is not there, it stays a link."""
        if file.kind is not Kind.HARD:
            return file
        target = self._find(normal_path(file.target))
        if target is None or target.file is None or target.file.kind is not Kind.FILE:
            return file
        found = target.file
        return LayerFile(file.name, Kind.FILE, found.size, found.mode, found.owner, "", found.digest, found.content)

    def _remove(self, folder: str, name: str) -> None:
        node = self._find(folder)
        if node is not None and name in node.inside and not self._keep_new(node.inside[name]):
            del node.inside[name]

    def _empty(self, folder: str) -> None:
        node = self._find(folder)
        if node is not None:
            node.inside = {name: inner for name, inner in node.inside.items() if self._keep_new(inner)}

    def _keep_new(self, node: _Node) -> bool:
        """Take from it what lower layers put there; whether anything is left."""
        if node.inside:
            node.inside = {name: inner for name, inner in node.inside.items() if self._keep_new(inner)}
        return node.layer == self._layers or bool(node.inside)

    def _find(self, path: str) -> _Node | None:
        node: _Node | None = self._root
        for part in path.split("/") if path else ():
            node = None if node is None else node.inside.get(part)
        return node

    def _walk(self, node: _Node, path: str) -> Iterator[tuple[str, LayerFile]]:
        for name in sorted(node.inside):
            inner = node.inside[name]
            below = f"{path}/{name}" if path else name
            if inner.file is not None:
                yield below, inner.file
            yield from self._walk(inner, below)


def _copied(node: _Node) -> _Node:
    inside = {name: _copied(inner) for name, inner in node.inside.items()} if node.inside else _NOTHING_INSIDE
    return _Node(node.file, node.layer, inside)


def _pairs(left: _Node, right: _Node, path: str) -> Iterator[tuple[str, LayerFile | None, LayerFile | None]]:
    for name in sorted(left.inside.keys() | right.inside.keys()):
        old, new = left.inside.get(name, _NO_NODE), right.inside.get(name, _NO_NODE)
        below = f"{path}/{name}" if path else name
        if old.file is not None or new.file is not None:
            yield below, old.file, new.file
        yield from _pairs(old, new, below)


_NO_NODE: Final = _Node()
