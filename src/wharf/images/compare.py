"""How two images differ: in what they say of themselves, in their layers, their files, and their packages."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from itertools import takewhile

from wharf.errors import NotSupported, WharfError
from wharf.images.choose import image_for, is_runnable, read_config
from wharf.images.field_changes import FieldChange, changed_fields
from wharf.images.file_tree import FileTree
from wharf.images.layer_files import Kind, LayerFile
from wharf.images.packages import Package, is_record, packages_in
from wharf.images.source import ImageSource
from wharf.images.unpacking import Hashed, read_files
from wharf.oci.config import ImageConfig
from wharf.oci.descriptor import Descriptor
from wharf.oci.digest import Algorithm, Digest
from wharf.oci.manifest import ImageManifest
from wharf.oci.media_types import is_layer, is_nondistributable
from wharf.oci.platform import Platform
from wharf.oci.reference import Tag
from wharf.oci.strict_json import parse_object

_SEEN_ELSEWHERE = ("config.digest", "config.size", "layers")
_CONFIG_SEEN_ELSEWHERE = ("rootfs", "history")


class Change(Enum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two images: where it is, what it is called, and which one of an index is meant."""

    source: ImageSource
    which: Tag | Digest | None
    called: str = "the image"
    platform: Platform | None = None


@dataclass(frozen=True, slots=True)
class FileChange:
    path: str
    change: Change
    before: LayerFile | None
    after: LayerFile | None

    @property
    def growth(self) -> int:
        return (self.after.size if self.after else 0) - (self.before.size if self.before else 0)


@dataclass(frozen=True, slots=True)
class PackageChange:
    """Several versions of one package can be there at once, as on multiarch systems."""

    kind: str
    name: str
    change: Change
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Layers:
    shared: tuple[Descriptor, ...]
    removed: tuple[Descriptor, ...]
    added: tuple[Descriptor, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """From the left image to the right. Without a look into the layers, files and packages are None."""

    left: Digest
    right: Digest
    manifest: tuple[FieldChange, ...]
    config: tuple[FieldChange, ...]
    layers: Layers
    files: tuple[FileChange, ...] | None
    packages: tuple[PackageChange, ...] | None

    @property
    def is_none(self) -> bool:
        return self.left == self.right


@dataclass(frozen=True, slots=True)
class _Opened:
    side: Side
    digest: Digest
    manifest: ImageManifest
    config: ImageConfig | None


async def compare(left: Side, right: Side, *, looks_into_layers: bool = True) -> Difference:
    """Layers that both have at their bottom are read once; the rest of each is read from its own source."""
    before, after = await _open(left), await _open(right)
    has_files = looks_into_layers and before.config is not None and after.config is not None
    trees = await _trees(before, after) if has_files else None
    return Difference(
        left=before.digest,
        right=after.digest,
        manifest=changed_fields(parse_object(before.manifest.raw), parse_object(after.manifest.raw), _SEEN_ELSEWHERE),
        config=_config_changes(before.config, after.config),
        layers=changed_layers(before.manifest.layers, after.manifest.layers),
        files=None if trees is None else tuple(changed_files(*trees)),
        packages=None if trees is None else changed_packages(*(_packages(tree) for tree in trees)),
    )


@contextmanager
def _at(side: Side) -> Iterator[None]:
    """Of two images, the one that is at fault is named."""
    try:
        yield
    except WharfError as error:
        error.seen_at(f"while reading {side.called}")
        raise


async def _open(side: Side) -> _Opened:
    with _at(side):
        return await _opened(side)


async def _opened(side: Side) -> _Opened:
    root = await side.source.manifest(side.which)
    chosen = await image_for(side.source, root, side.platform, side.called)
    if chosen is None:
        digest = root.digest(side.which.algorithm if isinstance(side.which, Digest) else Algorithm.SHA256)
    else:
        digest = chosen.descriptor.digest
        root = chosen.manifest or await side.source.manifest(digest)
    if not isinstance(root, ImageManifest):
        raise NotSupported("a comparison of indexes", ["two images of one platform each"])
    config = await read_config(side.source, root) if is_runnable(root) else None
    return _Opened(side, digest, root, config)


def _config_changes(before: ImageConfig | None, after: ImageConfig | None) -> tuple[FieldChange, ...]:
    left, right = (parse_object(config.raw) if config else {} for config in (before, after))
    return changed_fields(left, right, _CONFIG_SEEN_ELSEWHERE)


def changed_layers(before: Sequence[Descriptor], after: Sequence[Descriptor]) -> Layers:
    left, right = ({layer.digest for layer in layers} for layers in (before, after))
    return Layers(
        shared=tuple(layer for layer in before if layer.digest in right),
        removed=tuple(layer for layer in before if layer.digest not in right),
        added=tuple(layer for layer in after if layer.digest not in left),
    )


# --- files -----------------------------------------------------------------------------------------------------------


async def _trees(before: _Opened, after: _Opened) -> tuple[FileTree, FileTree]:
    pairs = zip(before.manifest.layers, after.manifest.layers, strict=False)
    shared = sum(1 for _ in takewhile(lambda pair: pair[0].digest == pair[1].digest, pairs))
    if shared == len(before.manifest.layers) == len(after.manifest.layers):
        return FileTree(), FileTree()  # the same layers make the same files, whatever they are
    left = FileTree()
    await _lay(left, before.side, before.manifest.layers[:shared])
    right = left.copied()
    await _lay(left, before.side, before.manifest.layers[shared:])
    await _lay(right, after.side, after.manifest.layers[shared:])
    return left, right


async def _lay(tree: FileTree, side: Side, layers: Iterable[Descriptor]) -> None:
    def lay(files: Iterator[LayerFile], _: Hashed) -> None:
        tree.lay(files)

    for layer in layers:
        if is_layer(layer.media_type) and not is_nondistributable(layer.media_type):
            with _at(side):
                await read_files(side.source, layer, is_record, lay)


def changed_files(before: FileTree, after: FileTree) -> Iterator[FileChange]:
    for path, old, new in before.beside(after):
        if old is None:
            yield FileChange(path, Change.ADDED, None, new)
        elif new is None:
            yield FileChange(path, Change.REMOVED, old, None)
        elif old is not new and _differ(old, new):
            yield FileChange(path, Change.CHANGED, old, new)


def _differ(old: LayerFile, new: LayerFile) -> bool:
    """When a file was written is not what it is."""
    if (old.kind, old.mode, old.owner, old.target) != (new.kind, new.mode, new.owner, new.target):
        return True
    return old.kind is not Kind.FOLDER and (old.size, old.digest) != (new.size, new.digest)


# --- packages --------------------------------------------------------------------------------------------------------


def _packages(tree: FileTree) -> tuple[Package, ...]:
    return tuple(
        package
        for path, file in tree.files()
        if file.content is not None
        for package in packages_in(path, file.content)
    )


def changed_packages(before: Iterable[Package], after: Iterable[Package]) -> tuple[PackageChange, ...]:
    left, right = _versions(before), _versions(after)
    return tuple(
        PackageChange(kind, name, _change(name_before, name_after), name_before, name_after)
        for kind, name in sorted({*left, *right})
        if (name_before := left.get((kind, name), ())) != (name_after := right.get((kind, name), ()))
    )


def _versions(packages: Iterable[Package]) -> Mapping[tuple[str, str], tuple[str, ...]]:
    found: dict[tuple[str, str], set[str]] = {}
    for package in packages:
        found.setdefault((package.kind, package.name), set()).add(package.version)
    return {key: tuple(sorted(versions)) for key, versions in found.items()}


def _change(before: tuple[str, ...], after: tuple[str, ...]) -> Change:
    if not before:
        return Change.ADDED
    return Change.CHANGED if after else Change.REMOVED
