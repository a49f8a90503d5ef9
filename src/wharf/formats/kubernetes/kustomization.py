"""A kustomization: which manifests it takes, and what it makes of their images."""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from wharf.formats.compose.place import Place
from wharf.formats.span import Span
from wharf.formats.text import Text
from wharf.formats.yaml.parse import parse_yaml
from wharf.formats.yaml.tree import List, Map, Node, Scalar

NAMES: Final = ("kustomization.yaml", "kustomization.yml", "Kustomization")
_begins_with_host = re.compile(r"(?:git@|[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[a-z]{2,}[/:])").match
_RESOURCES: Final = ("resources", "bases")
_PATCHES: Final = ("patches", "patchesStrategicMerge", "patchesJson6902")
_MAKING_MORE: Final = (
    "helmCharts",
    "helmChartInflationGenerator",
    "generators",
    "transformers",
    "replacements",
    "configurations",
    "vars",
    "crds",
    "imageTags",
)


@dataclass(frozen=True)
class Resource:
    """A file, a folder with a kustomization of its own, or an address."""

    written: Text
    span: Span
    path: str | None
    """Relative to the root of the repository; None where it is remote or leads out of it."""


@dataclass(frozen=True)
class ImageChange:
    """One entry of `images`. What it does not say stays as it is."""

    name: Text
    span: Span
    """Of the name."""
    new_name: Text | None = None
    new_tag: Scalar | None = None
    digest: Text | None = None


@dataclass(frozen=True)
class Patch:
    """A part of an object that is laid over it: in a file, or here."""

    path: str | None
    inline: Text | None
    span: Span


@dataclass(frozen=True)
class Kustomization:
    file: str
    folder: str
    node: Map
    resources: tuple[Resource, ...] = ()
    components: tuple[Resource, ...] = ()
    images: tuple[ImageChange, ...] = ()
    patches: tuple[Patch, ...] = ()
    namespace: Text | None = None
    makes_more: bool = False
    """It has charts, transformers or generators whose objects are not known from the files."""
    is_component: bool = False


def parse_kustomization(text: Text, file: str) -> Kustomization | None:
    """None, if it says nothing."""
    node = next(iter(parse_yaml(text)), None)
    if not isinstance(node, Map):
        return None
    folder = posixpath.dirname(file)
    kind = node.text("kind")
    return Kustomization(
        file,
        folder,
        node,
        tuple(each for key in _RESOURCES for each in _resources(node.get(key), folder)),
        tuple(_resources(node.get("components"), folder)),
        tuple(_images(node.list("images"))),
        tuple(each for key in _PATCHES for each in _patches(node.get(key), folder)),
        node.text("namespace"),
        any(key in node for key in _MAKING_MORE),
        kind is not None and kind.flat == "Component",
    )


def _resources(node: Node | None, folder: str) -> Iterator[Resource]:
    for each in node if isinstance(node, List) else ():
        if isinstance(each, Scalar) and each.text:
            yield Resource(each.text, each.span, _path(each.text, folder))


def _path(written: Text, folder: str) -> str | None:
    """Addresses of other repositories have a host first, if no scheme."""
    is_address = bool(_begins_with_host(written.flat)) or any(part in written.flat for part in ("?ref=", "//", ".git"))
    return None if is_address else Place(written, folder).path


def _images(node: List | None) -> Iterator[ImageChange]:
    for each in node or ():
        if isinstance(each, Map) and (name := each.scalar("name")):
            new_tag = each.scalar("newTag")
            yield ImageChange(name.text, name.span, each.text("newName"), new_tag, each.text("digest"))


def _patches(node: Node | None, folder: str) -> Iterator[Patch]:
    for each in node if isinstance(node, List) else ():
        if isinstance(each, Scalar):
            inline = "\n" in each.text.flat
            yield Patch(None if inline else _path(each.text, folder), each.text if inline else None, each.span)
        elif isinstance(each, Map):
            path = each.text("path")
            yield Patch(_path(path, folder) if path else None, each.text("patch"), each.span)
