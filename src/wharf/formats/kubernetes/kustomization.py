"""A kustomization: which manifests it takes, and what it makes of their images."""

from dataclasses import dataclass

from wharf.formats.span import Span
from wharf.formats.text import Text
from wharf.formats.yaml.tree import Map, Scalar


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
    tag_suffix: Text | None = None


@dataclass(frozen=True)
class Kustomization:
    file: str
    folder: str
    node: Map
    resources: tuple[Resource, ...] = ()
    """With bases and components."""
    images: tuple[ImageChange, ...] = ()
    namespace: Text | None = None
    makes_more: bool = False
    """It has charts, transformers or generators whose objects are not known from the files."""
    is_component: bool = False
